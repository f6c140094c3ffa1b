import { suggestion } from '../../base/suggest.ts'
import type { Definition } from '../calls/definition.ts'
import { definitionOf, TABLE } from '../calls/table.ts'
import { parseFormat } from '../evaluate/format-string.ts'
import { parseLike } from '../evaluate/like.ts'
import { parsePicture } from '../evaluate/number-picture.ts'
import { groupCount, isUnsure, parseTemplate, regex } from '../evaluate/regex.ts'
import type { Expr } from '../expr.ts'
import { decodeLiteral } from '../literal.ts'
import { parseType, printType } from '../type-text.ts'
import { decimalOf, decimalType } from '../types.ts'
import { concrete, isOrdered, wider } from './common-type.ts'
import { roundedDecimal, wholeDecimal } from './decimal-type.ts'
import { makeCall } from './make-call.ts'
import { NESTED_RULES } from './nested.ts'
import { misfit } from './nested-operands.ts'
import type { Operand } from './operand.ts'
import { castAll, type Typed } from './operators.ts'
import { arity, fitArgument, parameterAt, parseParameters } from './parameters.ts'
import { SPARK_FUNCTIONS } from './spark-functions.ts'

/** What is wrong with a call, and with which argument (-1: with the call as a whole). */
export type TypedCall = { readonly expr: Expr } | { readonly wrong: string; readonly argument: number }

/** Types the call of a function of the table; messages have the name as it was written. */
export function typeFunction(name: string, args: readonly Operand[], written = name): TypedCall {
  const definition = /^(?:\w+|~|[a-z]+-\w+)$/.test(name) ? definitionOf(name) : undefined
  if (!definition) return whole(unknownFunction(name))
  return typeDefinition(definition, written, args)
}

/** A near name is suggested only if it is not that of another function of Spark: `pmod` is not a misspelt `mod`. */
function unknownFunction(name: string): string {
  const docs = 'docs/sql.md lists the functions'
  if (SPARK_FUNCTIONS.has(name.toLowerCase())) return `${name.toUpperCase()} is not supported yet; ${docs}`
  const own = callableNames()
  const near = suggestion(name, [...own, ...SPARK_FUNCTIONS])
  return `unknown function ${name}${own.some(known => near === `; did you mean ${known}?`) ? near : `; ${docs}`}`
}

function typeDefinition(definition: Definition, name: string, args: readonly Operand[]): TypedCall {
  const parameters = parseParameters(definition.parameters)
  const [least, most] = arity(parameters)
  if (args.length < least || args.length > most) {
    return whole(`${name.toUpperCase()} takes ${countText(least, most)}, not ${args.length}`)
  }
  const own = definition.names[0] ?? ''
  const rule = Object.hasOwn(NESTED_RULES, own) ? NESTED_RULES[own] : undefined
  if (rule) {
    const typed = rule(args, own)
    return 'wrong' in typed ? whole(`${name.toUpperCase()}: ${typed.wrong}`) : typed
  }
  const exprs: Expr[] = []
  for (const [i, arg] of args.entries()) {
    const fitted = fitArgument(arg, parameterAt(parameters, i)?.kind ?? 'any')
    if ('wrong' in fitted) return { wrong: `${name.toUpperCase()}: ${fitted.wrong}`, argument: i }
    exprs.push(fitted.expr)
  }
  if (definition.names[0] === 'concat' && args.length > 0 && args.every(arg => arg.type === 'binary')) {
    return whole('CONCAT of binary is not supported; write CAST(… AS string)')
  }
  const wrong = checkTogether(definition, exprs)
  if (wrong) return { wrong: `${name.toUpperCase()}: ${wrong}`, argument: 1 }
  const typed = typeResult(definition, args, exprs)
  return 'wrong' in typed ? whole(`${name.toUpperCase()}: ${typed.wrong}`) : typed
}

function whole(wrong: string): TypedCall {
  return { wrong, argument: -1 }
}

/** `2 to 3 arguments`. */
export function countText(least: number, most: number): string {
  if (most === Infinity) return `at least ${least} argument${least === 1 ? '' : 's'}`
  if (least === most) return least === 0 ? 'no arguments' : `${least} argument${least === 1 ? '' : 's'}`
  return `${least} to ${most} arguments`
}

/** The names that can be written in a query as functions. */
function callableNames(): string[] {
  const names = TABLE.flatMap(definition => definition.names)
  return names.filter(name => /^[a-z]\w*$/.test(name) && !/^(and|or|not|in|case|div)$/.test(name))
}

/** The type of the result by its rule, and the arguments cast to it where they must be alike. */
function typeResult(definition: Definition, operands: readonly Operand[], args: readonly Expr[]): Typed {
  const name = definition.names[0] ?? ''
  const [first] = args
  switch (definition.result) {
    case 'wider':
      return alike(name, operands, true)
    case 'wider without text':
      return alike(name, operands, false)
    case 'wider of branches':
      return branches(name, operands, args)
    case 'same':
      return { expr: makeCall(name, args, first?.type ?? 'double') }
    case 'length':
      return lengthOf(name, first)
    case 'round':
      return round(name, args)
    case 'floor': {
      const decimal = decimalOf(first?.type)
      return { expr: makeCall(name, args, decimal ? wholeDecimal(decimal) : 'bigint') }
    }
    case 'float or double': {
      const type = args.every(arg => arg.type === 'float') ? 'float' : 'double'
      return { expr: makeCall(name, castAll(args, type) ?? args, type) }
    }
    case 'picture': {
      const parsed = parsePicture(args[1]?.op === 'literal' ? String(args[1].value) : '')
      if ('wrong' in parsed) return parsed
      return { expr: makeCall(name, args, decimalType(parsed.precision, parsed.scale)) }
    }
    case 'seconds':
      return { expr: makeCall(name, args, decimalType(8, 6)) }
    case 'array':
    case 'map':
    case 'struct':
    case 'element':
      return misfit(args)
    case 'bits':
    case 'sum':
    case 'product':
    case 'division':
    case 'remainder':
      throw new RangeError(`${name} is typed as an operator`)
    default:
      return { expr: makeCall(name, args, parseType(definition.result)) }
  }
}

function lengthOf(name: string, arg: Expr | undefined): Typed {
  const fitted = arg && arg.type !== 'binary' ? fitArgument(arg, 'string') : null
  if (fitted && 'wrong' in fitted) return fitted
  const expr = fitted?.expr ?? arg
  return { expr: makeCall(name, expr ? [expr] : [], 'int') }
}

function alike(name: string, operands: readonly Operand[], text: boolean): Typed {
  const types = operands.map(operand => operand.type)
  const type = wider(types, text)
  if (type && !text && !isOrdered(type)) return { wrong: "maps have no order and can't be compared" }
  const args = type && castAll(operands, concrete(type))
  if (!type || !args)
    return { wrong: `${[...new Set(types.map(printType))].join(' and ')} have no common type; cast them` }
  return { expr: makeCall(name, args, concrete(type)) }
}

/** `[when, then, when, then, …, otherwise]`: the conditions stay, the rest get one type. */
function branches(name: string, operands: readonly Operand[], args: readonly Expr[]): Typed {
  const isCondition = (i: number) => i % 2 === 0 && i < operands.length - 1
  const results = operands.filter((_, i) => !isCondition(i))
  const type = wider(results.map(result => result.type))
  const cast = type && castAll(results, concrete(type))
  if (!type || !cast)
    return {
      wrong: `${[...new Set(results.map(result => printType(result.type)))].join(' and ')} have no common type; cast them`,
    }
  const rest = [...cast]
  const all = args.map((arg, i) => (isCondition(i) ? arg : (rest.shift() ?? arg)))
  return { expr: makeCall(name, all, concrete(type)) }
}

function round(name: string, args: readonly Expr[]): Typed {
  const [value, digits] = args
  const count = digits?.op === 'literal' ? Number(digits.value) : 0
  if (Math.abs(count) > 400) return { wrong: `${count} digits are out of range` }
  const decimal = decimalOf(value?.type)
  return { expr: makeCall(name, args, decimal ? roundedDecimal(decimal, count) : (value?.type ?? 'double')) }
}

/**
 * What can be wrong with constants only together: a LIKE with its escape, a replacement or a group with its pattern.
 */
function checkTogether(definition: Definition, args: readonly Expr[]): string | null {
  const [, pattern, other] = args.map(arg => (arg.op === 'literal' ? decodeLiteral(arg) : null))
  switch (definition.names[0]) {
    case 'like': {
      const mark = args[2] ? String(other) : '\\'
      if ([...mark].length !== 1) return `the escape '${mark}' is not one character`
      const pieces = parseLike(String(pattern), mark)
      return 'wrongAt' in pieces
        ? `in the pattern '${String(pattern)}' the escape ${mark} at character ${pieces.wrongAt + 1} must be followed by _, % or itself`
        : null
    }
    case 'regexp_extract':
    case 'regexp_extract_all': {
      const groups = groupCount(regex(String(pattern)))
      const group = args[2] ? Number(other) : 1
      if (group < 0 || group > groups) return `there is no group ${group}; the pattern has ${groups}`
      return isUnsure(regex(String(pattern)), group) ? unsureText(group) : null
    }
    case 'regexp_replace': {
      const template = parseTemplate(String(other), groupCount(regex(String(pattern))))
      const unsure = template?.find(part => typeof part === 'number' && isUnsure(regex(String(pattern)), part))
      if (unsure !== undefined) return unsureText(unsure)
      return template
        ? null
        : `the replacement '${String(other)}' has a $ or \\ that names no group; write \\$ for the character`
    }
    case 'mask':
      return args.slice(1).some(arg => arg.op === 'literal' && arg.value !== null && String(arg.value).length !== 1)
        ? 'each replacement is one character, or NULL'
        : null
    case 'format_string': {
      const [format, ...values] = args
      if (format?.op === 'literal' && format.value === null) return 'the format is NULL, and so is every result'
      const pieces = parseFormat(
        format?.op === 'literal' ? String(format.value) : '',
        values.map(value => value.type),
      )
      return 'wrong' in pieces ? pieces.wrong : null
    }
    default:
      return null
  }
}

function unsureText(group: string | number): string {
  return `what group ${group} has is not certain, because it is in a repetition that can skip it, in a lookbehind or in a negative lookahead; put the group outside of it`
}
