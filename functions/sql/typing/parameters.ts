import { isInteger } from '../evaluate/integer.ts'
import type { Expr, Literal } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import { printType } from '../type-text.ts'
import { decimalType, isNested, type SqlType } from '../types.ts'
import { decimalHolding, isNumber, isOrdered } from './common-type.ts'
import { CONSTANT_TEXTS } from './constants.ts'
import { castOperand, type Operand } from './operand.ts'

/** One parameter of a function, taken from the text of its definition (see calls/definition.ts). */
interface Parameter {
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
  const known = KINDS[kind]
  const type = operand.op === 'null' ? known?.ofNull : known?.cast(operand.type)
  const expr = type && castOperand(operand, type)
  if (expr) return { expr }
  if (kind === 'text') return { wrong: `binary is not text; write CAST(… AS string)` }
  return { wrong: `expected ${known?.name ?? kind}, not ${printType(operand.type)}; cast it` }
}

/** Spark reads a constant text by the strict rules of TRY_CAST, and refuses what is not a whole number. */
function constantDays(operand: Literal): ReturnType<typeof fitArgument> {
  const expr = castOperand(operand, 'int', 'try_cast')
  if (expr?.op === 'literal' && (expr.value !== null || operand.value === null)) return { expr }
  return { wrong: `'${operand.value}' is not a whole number of days` }
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

/** A kind of parameter, by what it makes of its arguments (TypeCoercion.implicitCast with ANSI off). */
interface Kind {
  /** The type that an argument of a type is cast to; null if it is not taken. */
  readonly cast: (type: SqlType) => SqlType | null
  /** The type of a bare NULL. */
  readonly ofNull: SqlType
  /** The kind as messages name it, where that is not its own name. */
  readonly name?: string
}

const isNumeric = (type: SqlType) => isNumber(type) || type === 'string'
const isTime = (type: SqlType) => type === 'string' || type === 'date' || type === 'timestamp'
const numberAs = (to: SqlType): Kind => ({ cast: type => (isNumeric(type) ? to : null), ofNull: to })
const timeAs = (to: SqlType): Kind => ({ cast: type => (isTime(type) ? to : null), ofNull: to })
const only = (to: SqlType, name: string): Kind => ({ cast: type => (type === to ? to : null), ofNull: to, name })

const KINDS: Readonly<Record<string, Kind>> = {
  any: { cast: type => type, ofNull: 'string' },
  hashable: { cast: type => (isOrdered(type) ? type : null), ofNull: 'string' },
  plain: { cast: type => (isNested(type) ? null : type), ofNull: 'string' },
  text: { cast: type => (type === 'binary' || isNested(type) ? null : 'string'), ofNull: 'string' },
  string: { cast: type => (isNested(type) ? null : 'string'), ofNull: 'string', name: 'a string' },
  'string or array': { cast: textOrTexts, ofNull: 'string' },
  'string or binary': {
    cast: type => (type === 'binary' ? type : isNested(type) ? null : 'string'),
    ofNull: 'string',
  },
  'bigint or bytes': {
    cast: type => (type === 'binary' ? type : isNested(type) ? null : isNumber(type) ? 'bigint' : 'string'),
    ofNull: 'bigint',
  },
  binary: {
    cast: type => (type === 'binary' || type === 'string' ? 'binary' : null),
    ofNull: 'binary',
    name: 'a string or binary',
  },
  number: {
    cast: type => (isNumber(type) ? type : type === 'string' ? 'double' : null),
    ofNull: 'double',
    name: 'a number',
  },
  int: numberAs('int'),
  bigint: numberAs('bigint'),
  double: numberAs('double'),
  /** MAKE_TIMESTAMP's seconds. */
  seconds: numberAs(decimalType(16, 6)),
  decimal: {
    cast: type => (type === 'string' ? decimalType(38, 18) : decimalHolding(type)),
    ofNull: decimalType(38, 18),
    name: 'a number (DATE_FORMAT writes times)',
  },
  'int or bigint': {
    cast: type => (type === 'bigint' ? type : isNumeric(type) ? 'int' : null),
    ofNull: 'int',
  },
  'float or double': {
    cast: type => (type === 'float' ? type : isNumeric(type) ? 'double' : null),
    ofNull: 'double',
  },
  whole: { cast: type => (isInteger(type) ? type : null), ofNull: 'int', name: 'a whole number' },
  index: { cast: type => (isInteger(type) ? 'int' : null), ofNull: 'int', name: 'a whole number' },
  bits: {
    cast: type => (isInteger(type) || type === 'boolean' ? type : null),
    ofNull: 'int',
    name: 'a whole number or boolean',
  },
  days: {
    cast: type => (isInteger(type) && type !== 'bigint' ? 'int' : null),
    ofNull: 'int',
    name: 'a whole number of days (int)',
  },
  boolean: only('boolean', 'boolean'),
  date: timeAs('date'),
  timestamp: timeAs('timestamp'),
  'only int': only('int', 'an int'),
  'only date': only('date', 'a date'),
  'only timestamp': only('timestamp', 'a timestamp'),
}

function textOrTexts(type: SqlType): SqlType | null {
  if (typeof type === 'object' && type.kind === 'array') return { kind: 'array', element: 'string' }
  return isNested(type) ? null : 'string'
}
