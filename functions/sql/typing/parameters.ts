import { isInteger } from '../evaluate/integer.ts'
import type { Expr, Literal } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import { printType } from '../type-text.ts'
import { decimalType, isNested, type SqlType } from '../types.ts'
import { decimalHolding, isNumber, isOrdered } from './common-type.ts'
import { CONSTANT_TEXTS } from './constants.ts'
import { castOperand, type Operand } from './operand.ts'

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
  if (kind === 'days' && operand.op === 'literal' && operand.type === 'string') return constantDays(operand)
  const type = implicitType(operand, kind)
  const expr = type && castOperand(operand, type)
  if (expr) return { expr }
  if (kind === 'text') return { wrong: `binary is not text; write CAST(… AS string)` }
  return { wrong: `expected ${NAMES[kind] ?? kind}, not ${printType(operand.type)}; cast it` }
}

/** Spark reads a constant text by the strict rules of TRY_CAST, and refuses what is no whole number. */
function constantDays(operand: Literal): ReturnType<typeof fitArgument> {
  const expr = castOperand(operand, 'int', 'try_cast')
  if (expr?.op === 'literal' && (expr.value !== null || operand.value === null)) return { expr }
  return { wrong: `'${operand.value}' is no whole number of days` }
}

/** MAKE_TIMESTAMP's seconds. */
const SECONDS = decimalType(16, 6)

const NAMES: Readonly<Record<string, string>> = {
  number: 'a number',
  days: 'a whole number of days (int)',
  string: 'a string',
  whole: 'a whole number',
  bits: 'a whole number or boolean',
  binary: 'a string or binary',
  index: 'a whole number',
  decimal: 'a number (DATE_FORMAT writes times)',
  'only int': 'an int',
  'only date': 'a date',
  'only timestamp': 'a timestamp',
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
    case 'hashable':
      return isOrdered(type) ? type : null
    case 'plain':
      return isNested(type) ? null : type
    case 'number':
      return isNumber(type) ? type : type === 'string' ? 'double' : null
    case 'string or array':
      return typeof type === 'object' && type.kind === 'array'
        ? { kind: 'array', element: 'string' }
        : isNested(type)
          ? null
          : 'string'
    case 'text':
      return type === 'binary' || isNested(type) ? null : 'string'
    case 'string':
      return isNested(type) ? null : 'string'
    case 'whole':
      return isInteger(type) ? type : null
    case 'bits':
      return isInteger(type) || type === 'boolean' ? type : null
    case 'int or bigint':
      return type === 'bigint' ? type : isNumber(type) || type === 'string' ? 'int' : null
    case 'float or double':
      return type === 'float' ? type : isNumber(type) || type === 'string' ? 'double' : null
    case 'binary':
      return type === 'binary' || type === 'string' ? 'binary' : null
    case 'string or binary':
      return type === 'binary' ? type : isNested(type) ? null : 'string'
    case 'bigint or bytes':
      return type === 'binary' ? type : isNested(type) ? null : isNumber(type) ? 'bigint' : 'string'
    case 'seconds':
      return isNumber(type) || type === 'string' ? SECONDS : null
    case 'decimal':
      return type === 'string' ? decimalType(38, 18) : decimalHolding(type)
    case 'days':
      return type === 'tinyint' || type === 'smallint' || type === 'int' ? 'int' : null
    case 'index':
      return isInteger(type) ? 'int' : null
    case 'only int':
    case 'only date':
    case 'only timestamp':
      return kind === `only ${printType(type)}` ? type : null
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
  if (kind === 'number' || kind === 'float or double') return 'double'
  if (kind === 'whole' || kind === 'bits' || kind === 'int or bigint') return 'int'
  if (kind === 'seconds') return SECONDS
  if (kind === 'decimal') return decimalType(38, 18)
  if (kind === 'bigint or bytes') return 'bigint'
  if (kind === 'binary') return kind
  if (kind === 'days' || kind === 'index') return 'int'
  return asType(kind.replace('only ', '')) ?? 'string'
}

function asType(kind: string): SqlType | null {
  const types: readonly SqlType[] = ['boolean', 'int', 'bigint', 'double', 'string', 'date', 'timestamp']
  return types.find(type => type === kind) ?? null
}
