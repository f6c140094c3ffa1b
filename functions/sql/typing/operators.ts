import { isInteger } from '../evaluate/integer.ts'
import type { Expr } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import { printType } from '../type-text.ts'
import { decimalOf, decimalType, isNested, type SqlType, sameType } from '../types.ts'
import { beyondBigint } from './beyond-bigint.ts'
import {
  comparable,
  concrete,
  holdingBoth,
  isNumber,
  isOrdered,
  operandDecimal,
  tightest,
  wider,
} from './common-type.ts'
import { decimalResult } from './decimal-type.ts'
import { makeCall } from './make-call.ts'
import { castOperand, type Operand } from './operand.ts'

/** The typed call, or what is wrong with the operands' types. */
export type Typed = { readonly expr: Expr } | { readonly wrong: string }

/** `=`, `<=>`, `<>`, `<`, `<=`, `>`, `>=`. */
export function typeComparison(operator: string, a: Operand, b: Operand): Typed {
  if (!isOrdered(a.type) || !isOrdered(b.type)) return { wrong: "maps have no order and can't be compared" }
  const decided = beyondBigint(operator, a, b)
  if (decided !== null) return { expr: encodeLiteral(decided, 'boolean') }
  const equality = operator === '=' || operator === '<=>' || operator === '<>'
  const type = comparable(a, b) ?? (equality ? booleanWithNumber(a, b) : null)
  const left = type && castOperand(a, concrete(type))
  const right = type && castOperand(b, concrete(type))
  if (!left || !right)
    return { wrong: `${printType(a.type)} and ${printType(b.type)} can't be compared; cast one of them` }
  if (operator === '<>') return { expr: makeCall('not', [makeCall('=', [left, right], 'boolean')], 'boolean') }
  return { expr: makeCall(operator, [left, right], 'boolean') }
}

/** Spark takes true as 1 and false as 0 where they are compared for equality (BooleanEquality). */
function booleanWithNumber(a: Operand, b: Operand): SqlType | null {
  const number = a.type === 'boolean' ? b.type : b.type === 'boolean' ? a.type : 'void'
  const decimal = decimalOf(number)
  if (decimal) return holdingBoth(decimal, decimalType(1, 0))
  return isNumber(number) && number !== 'void' ? number : null
}

/** Fields of structs are compared by their places: the second gets the names of the first. */
function withNamesOf(first: Operand, second: Operand): Operand {
  const type = named(second.type, first.type)
  return type === second.type || type === 'void' ? second : (castOperand(second, type) ?? second)
}

function named(type: Operand['type'], model: Operand['type']): Operand['type'] {
  if (!isNested(type) || !isNested(model)) return type
  if (type.kind === 'array' && model.kind === 'array') {
    const element = named(type.element, model.element)
    return element === type.element || element === 'void' ? type : { kind: 'array', element }
  }
  if (type.kind !== 'struct' || model.kind !== 'struct' || sameType(type, model)) return type
  const fields = type.fields.map((field, i) => {
    const inner = named(field.type, model.fields[i]?.type ?? 'void')
    return { name: model.fields[i]?.name ?? field.name, type: inner === 'void' ? field.type : inner }
  })
  return { kind: 'struct', fields }
}

/** `value IN (…)`: all are cast to one type (InConversion), which is another one than `=` would choose. */
export function typeIn(written: readonly Operand[]): Typed {
  const operands = written.map(operand => withNamesOf(written[0] ?? operand, operand))
  const types = operands.map(operand => operand.type)
  if (!types.every(isOrdered)) return { wrong: "maps have no order and can't be compared" }
  const type = wider(types)
  if (!type)
    return { wrong: `IN needs values of one type, not ${[...new Set(types.map(printType))].join(' and ')}; cast them` }
  const args = castAll(operands, concrete(type))
  return args
    ? { expr: makeCall('in', args, 'boolean') }
    : { wrong: `the values of IN can't be cast to ${printType(type)}` }
}

/** `value IN (SELECT item …)`: cast as in `value IN (item)`, which is another type than `=` would choose. */
export function typeMembership(value: Operand, item: Operand): Typed {
  if (!isOrdered(value.type) || !isOrdered(item.type)) return { wrong: "maps have no order and can't be compared" }
  const type = wider([value.type, item.type])
  const [left, right] = (type && castAll([value, item], concrete(type))) ?? []
  if (!left || !right)
    return { wrong: `${printType(value.type)} can't be IN a subquery of ${printType(item.type)}; cast one of them` }
  return { expr: makeCall('=', [left, right], 'boolean') }
}

export function castAll(operands: readonly Operand[], type: SqlType): Expr[] | null {
  const exprs = operands.map(operand => castOperand(operand, type))
  return exprs.every(expr => expr !== null) ? exprs : null
}

/** `+ - * / % DIV`, and the functions that are typed as one of them: `name` is the compiled call's. */
export function typeArithmetic(operator: string, first: Operand, second: Operand, name = operator): Typed {
  const dated = dateArithmetic(operator, first, second)
  if (dated) return dated
  const a = textAsDouble(first)
  const b = textAsDouble(second)
  const wrong = {
    wrong: `${operator.toUpperCase()} needs numbers, not ${printType(first.type)} and ${printType(second.type)}; cast them`,
  }
  if (!isNumberOrNull(a) || !isNumberOrNull(b)) return wrong
  if (decimalOf(a.type) || decimalOf(b.type)) return decimalArithmetic(operator, a, b, name)
  const common = tightest(a.type, b.type) ?? 'double'
  const type = operator === 'div' ? 'bigint' : operator === '/' || common === 'void' ? 'double' : common
  if (operator === 'div' && (common === 'float' || common === 'double')) {
    return {
      wrong: `DIV needs whole numbers or decimals, not ${printType(first.type)} and ${printType(second.type)}; use / or cast them`,
    }
  }
  const args = castAll([a, b], type)
  return args ? { expr: makeCall(name, args, type) } : wrong
}

function decimalArithmetic(operator: string, a: Operand, b: Operand, name: string): Typed {
  // A bare NULL takes the other side's type, but NULL divided by something is a double.
  const left = operandDecimal(a) ?? (a.type === 'void' && operator !== '/' ? decimalOf(b.type) : null)
  const right = operandDecimal(b) ?? (b.type === 'void' ? decimalOf(a.type) : null)
  if (!left || !right) {
    // A float or double beside a decimal makes both doubles.
    if (operator === 'div')
      return { wrong: `DIV needs whole numbers or decimals, not ${printType(a.type)} and ${printType(b.type)}` }
    const doubles = castAll([a, b], 'double')
    return doubles
      ? { expr: makeCall(name, doubles, 'double') }
      : { wrong: `no ${operator} for ${printType(a.type)} and ${printType(b.type)}` }
  }
  const args = [castOperand(a, left), castOperand(b, right)]
  const exprs = args.filter(arg => arg !== null)
  return { expr: makeCall(name, exprs, operator === 'div' ? 'bigint' : decimalResult(operator, left, right)) }
}

/** `&`, `|` and `^`: whole numbers alone, in the wider type. */
export function typeBitwise(operator: string, a: Operand, b: Operand): Typed {
  const type = tightest(a.type, b.type)
  const whole = type === 'void' ? 'int' : type
  const args = whole && isInteger(whole) ? castAll([a, b], whole) : null
  return args && whole
    ? { expr: makeCall(operator, args, whole) }
    : { wrong: `${operator} needs whole numbers, not ${printType(a.type)} and ${printType(b.type)}; cast them` }
}

/** `date + days`, `days + date`, `date - days`. */
function dateArithmetic(operator: string, a: Operand, b: Operand): Typed | null {
  const isDate = (type: Operand['type']) => type === 'date' || type === 'timestamp'
  if (!isDate(a.type) && !isDate(b.type)) return null
  const [date, days] = a.type === 'date' || operator === '-' ? [a, b] : [b, a]
  const count = isInteger(days.type) && days.type !== 'bigint' ? castOperand(days, 'int') : null
  if (date.type === 'date' && count && (operator === '+' || operator === '-')) {
    return { expr: makeCall(operator === '+' ? 'date_add' : 'date_sub', [date, count], 'date') }
  }
  return {
    wrong: `there is no ${printType(a.type)} ${operator} ${printType(b.type)}; use DATE_ADD, DATE_SUB, ADD_MONTHS or DATEDIFF`,
  }
}

/** `-value` and `+value`. */
export function typeSign(name: 'negative' | 'positive', value: Operand): Typed {
  const number = textAsDouble(value)
  if (!isNumberOrNull(number)) return { wrong: `a sign needs a number, not ${printType(value.type)}; cast it` }
  const expr = castOperand(number, number.type === 'void' ? 'double' : number.type)
  if (!expr) return { wrong: `a sign needs a number, not ${printType(value.type)}` }
  return { expr: name === 'negative' ? makeCall('negative', [expr], expr.type) : expr }
}

function textAsDouble(operand: Operand): Operand {
  return operand.type === 'string' ? (castOperand(operand, 'double') ?? operand) : operand
}

function isNumberOrNull(operand: Operand): boolean {
  return operand.type === 'void' || isNumber(operand.type)
}
