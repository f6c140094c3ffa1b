import type { Expr } from '../compiled.ts'
import { encodeLiteral } from '../literal.ts'
import type { SqlType } from '../types.ts'
import { isNumber } from './common-type.ts'
import { CONSTANT_TEXTS } from './constants.ts'
import { castOperand, isNested, type Operand } from './operand.ts'

/** One parameter of a function, taken from the text of its definition (see calls/definition.ts). */
export interface Parameter {
  readonly kind: string
  readonly optional: boolean
  readonly repeated: boolean
}

export function parseParameters(text: string): Parameter[] {
  if (text === '') return []
  return text.split(', ').map(part => ({
    kind: part.replace(/[?*]$/, ''),
    optional: part.endsWith('?'),
    repeated: part.endsWith('*'),
  }))
}

/** The fewest and the most arguments. */
export function arity(parameters: readonly Parameter[]): [number, number] {
  const least = parameters.filter(parameter => !parameter.optional && !parameter.repeated).length
  return [least, parameters.some(parameter => parameter.repeated) ? Infinity : parameters.length]
}

export function parameterAt(parameters: readonly Parameter[], at: number): Parameter | undefined {
  const last = parameters.at(-1)
  return parameters[at] ?? (last?.repeated ? last : undefined)
}

/**
 * The argument as the parameter wants it, or what is wrong with it. Arguments of kind `any` and `number` keep their own
 * type.
 */
export function fitArgument(operand: Operand, kind: string): { readonly expr: Expr } | { readonly wrong: string } {
  const check = CONSTANT_TEXTS[kind]
  if (check) return constantText(operand, check)
  if (kind.startsWith('constant ')) {
    const fitted = fitArgument(operand, kind.slice('constant '.length))
    if ('wrong' in fitted || fitted.expr.op === 'literal') return fitted
    return { wrong: 'this argument must be a constant, because it is checked before any row is read' }
  }
  const type = implicitType(operand, kind)
  const expr = type && castOperand(operand, type)
  if (expr) return { expr }
  if (isNested(operand.type))
    return { wrong: `nested columns (${operand.type}) are copied whole; no function takes them` }
  if (kind === 'text') return { wrong: `binary is not text; write CAST(… AS string)` }
  return { wrong: `expected ${NAMES[kind] ?? kind}, not ${operand.type}; cast it` }
}

const NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  days: 'a whole number of days (int)',
  string: 'a string',
}

function constantText(
  operand: Operand,
  check: (text: string) => { text: string } | { wrong: string },
): ReturnType<typeof fitArgument> {
  const text = castOperand(operand, 'string')
  if (text?.op !== 'literal')
    return { wrong: 'this argument must be a constant, because it is checked before any row is read' }
  if (text.value === null) return { wrong: 'this argument is NULL, and so is every result' }
  const checked = check(String(text.value))
  return 'wrong' in checked ? checked : { expr: encodeLiteral(checked.text, 'string') }
}

/**
 * The type a parameter casts an operand to (TypeCoercion.implicitCast with ANSI off); null if it takes no such type.
 */
function implicitType(operand: Operand, kind: string): SqlType | null {
  if (operand.op === 'null') return typeOfNull(kind)
  const { type } = operand
  switch (kind) {
    case 'any':
      return type
    case 'number':
      return isNumber(type) ? type : type === 'string' ? 'double' : null
    case 'text':
      return type === 'binary' || isNested(type) ? null : 'string'
    case 'string':
      return isNested(type) ? null : 'string'
    case 'days': {
      const isDays = type === 'tinyint' || type === 'smallint' || type === 'int'
      return isDays || (type === 'string' && operand.op === 'literal') ? 'int' : null
    }
    case 'date':
    case 'timestamp':
      return type === 'string' || type === 'date' || type === 'timestamp' ? kind : null
    case 'boolean':
      return type === 'boolean' ? 'boolean' : null
    default:
      return isNumber(type) || type === 'string' ? asType(kind) : null
  }
}

function typeOfNull(kind: string): SqlType | null {
  if (kind === 'number') return 'double'
  if (kind === 'days') return 'int'
  return asType(kind) ?? 'string'
}

function asType(kind: string): SqlType | null {
  const types: readonly SqlType[] = ['boolean', 'int', 'bigint', 'double', 'string', 'date', 'timestamp']
  return types.find(type => type === kind) ?? null
}
