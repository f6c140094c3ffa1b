import { definitionOf } from './calls/table.ts'
import { castTo } from './evaluate/cast.ts'
import { type Compare, comparison } from './evaluate/compare.ts'
import { type IntegerType, isInteger } from './evaluate/integer.ts'
import { parseLike } from './evaluate/like.ts'
import type { Expr } from './expr.ts'
import { decodeLiteral } from './literal.ts'
import { decimalOf, type SqlType, sameType, type Value } from './types.ts'

/**
 * What is known of a column in one row group. `min` and `max` are bounds as Values of the column's type, not
 * necessarily values that occur; leave them out where they are unknown. `rows` and `nulls` are counts.
 */
export interface ColumnStatistics {
  readonly min?: Value
  readonly max?: Value
  readonly nulls?: number
  readonly rows: number
}

/** The statistics of a column of reviews by its name, as the expression spells it; undefined if there are none. */
type StatisticsOf = (name: string) => ColumnStatistics | undefined

type Bound = NonNullable<Value>

/** What an expression can be in a row group; without a bound, anything. */
interface Range {
  readonly low?: Bound
  readonly high?: Bound
  readonly nullable: boolean
  /** Whether it can be anything but NULL. */
  readonly values: boolean
}

const ANYTHING: Range = { nullable: true, values: true }
const ONLY_NULL: Range = { nullable: true, values: false }

/** Whether no row of the group can make the predicate TRUE, so that the group need not be read. False if in doubt. */
export function canSkip(predicate: Expr, statistics: StatisticsOf): boolean {
  return !truth(predicate, statistics).true
}

/** Which truth values a boolean expression can have. */
interface Truth {
  readonly true: boolean
  readonly false: boolean
  readonly null: boolean
}

const UNKNOWN: Truth = { true: true, false: true, null: true }

function truth(expr: Expr, statistics: StatisticsOf): Truth {
  if (expr.op === 'literal')
    return { true: expr.value === true, false: expr.value === false, null: expr.value === null }
  if (expr.op === 'column') return ofBoolean(rangeOf(expr, statistics))
  if (expr.op !== 'call') return UNKNOWN
  const [first, second] = expr.args
  switch (expr.name) {
    case 'and':
    case 'or': {
      const parts = expr.args.map(arg => truth(arg, statistics))
      return combine(parts, expr.name === 'or')
    }
    case 'not': {
      const inner = first ? truth(first, statistics) : UNKNOWN
      return { true: inner.false, false: inner.true, null: inner.null }
    }
    case 'isnull':
    case 'isnotnull': {
      const { nullable, values } = first ? rangeOf(first, statistics) : ANYTHING
      return expr.name === 'isnull'
        ? { true: nullable, false: values, null: false }
        : { true: values, false: nullable, null: false }
    }
    case '=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '<=>': {
      if (!first || !second) return UNKNOWN
      const [a, b] = [rangeOf(first, statistics), rangeOf(second, statistics)]
      const order = comparison(first.type)
      return expr.name === '<=>' ? nullSafe(a, b, order) : compared(expr.name, a, b, order)
    }
    case 'in':
      return first ? isIn(first, expr.args.slice(1), statistics) : UNKNOWN
    case 'like':
      return first && second ? like(first, second, expr.args[2], statistics) : UNKNOWN
    default:
      return UNKNOWN
  }
}

function ofBoolean({ low, high, nullable, values }: Range): Truth {
  return { true: values && high !== false, false: values && low !== true, null: nullable }
}

/** OR (`by` true) and AND (`by` false) of what their parts can be. */
function combine(parts: readonly Truth[], by: boolean): Truth {
  const decided = parts.some(part => (by ? part.true : part.false))
  const undecided = parts.every(part => (by ? part.false || part.null : part.true || part.null))
  const all = parts.every(part => (by ? part.false : part.true))
  const result = { null: undecided && parts.some(part => part.null) }
  return by ? { ...result, true: decided, false: all } : { ...result, true: all, false: decided }
}

function compared(operator: string, a: Range, b: Range, order: Compare): Truth {
  const isNull = a.nullable || b.nullable
  if (!a.values || !b.values) return { true: false, false: false, null: isNull }
  const known = (x: Bound | undefined, y: Bound | undefined, holds: (order: number) => boolean) =>
    x === undefined || y === undefined || holds(order(x, y))
  const canBelow = known(a.low, b.high, order => order < 0)
  const canAbove = known(a.high, b.low, order => order > 0)
  const canEqual = known(a.low, b.high, order => order <= 0) && known(a.high, b.low, order => order >= 0)
  switch (operator) {
    case '=':
      return { true: canEqual, false: canBelow || canAbove, null: isNull }
    case '<':
      return { true: canBelow, false: canEqual || canAbove, null: isNull }
    case '<=':
      return { true: canBelow || canEqual, false: canAbove, null: isNull }
    case '>':
      return { true: canAbove, false: canEqual || canBelow, null: isNull }
    default:
      return { true: canAbove || canEqual, false: canBelow, null: isNull }
  }
}

function nullSafe(a: Range, b: Range, order: Compare): Truth {
  const equal = compared('=', { ...a, nullable: false }, { ...b, nullable: false }, order)
  const bothNull = a.nullable && b.nullable
  return { true: equal.true || bothNull, false: true, null: false }
}

function isIn(value: Expr, list: readonly Expr[], statistics: StatisticsOf): Truth {
  const range = rangeOf(value, statistics)
  const order = comparison(value.type)
  const parts = list.map(item => compared('=', range, rangeOf(item, statistics), order))
  return combine(parts, true)
}

/** A LIKE that begins with text can only be true between that text and its last continuation. */
function like(value: Expr, pattern: Expr, mark: Expr | undefined, statistics: StatisticsOf): Truth {
  const range = rangeOf(value, statistics)
  const pieces =
    pattern.op === 'literal' && (!mark || mark.op === 'literal')
      ? parseLike(String(pattern.value), mark ? String(mark.value) : '\\')
      : []
  if ('wrongAt' in pieces) return UNKNOWN
  const head = pieces[0] ?? []
  const wild = head.indexOf(null)
  const prefix = head.slice(0, wild < 0 ? undefined : wild).join('')
  const order = comparison('string')
  // U+10FFFF is above every character, so no text with the prefix is above this one, but for texts that have it
  // themselves.
  const { low, high } = range
  const above = low !== undefined && order(low, `${prefix}\u{10ffff}`) > 0 && !String(low).startsWith(prefix)
  const below = high !== undefined && order(high, prefix) < 0
  return { true: range.values && !above && !below, false: true, null: range.nullable }
}

function rangeOf(expr: Expr, statistics: StatisticsOf): Range {
  if (expr.op === 'literal') {
    const value = decodeLiteral(expr)
    return value === null ? ONLY_NULL : { low: value, high: value, nullable: false, values: true }
  }
  if (expr.op === 'column') return expr.view === 'reviews' ? ofColumn(expr.type, statistics(expr.name)) : ANYTHING
  if (expr.op !== 'call') return ANYTHING
  const [first] = expr.args
  if (expr.name === 'cast' && first) return castRange(rangeOf(first, statistics), first.type, expr.type)
  if (definitionOf(expr.name)?.nulls === 'any') {
    const ranges = expr.args.map(arg => rangeOf(arg, statistics))
    return ranges.some(range => !range.values)
      ? ONLY_NULL
      : { nullable: ranges.some(range => range.nullable), values: true }
  }
  return ANYTHING
}

function ofColumn(type: SqlType, statistics: ColumnStatistics | undefined): Range {
  if (!statistics) return ANYTHING
  const { min, max, nulls, rows } = statistics
  if (nulls !== undefined && nulls >= rows) return ONLY_NULL
  const nullable = nulls !== 0
  // Writers leave NaN out of the bounds, and it is above everything: a float has no upper bound.
  const isFloat = type === 'float' || type === 'double'
  if (isFloat && (Number.isNaN(min) || Number.isNaN(max))) return { nullable, values: true }
  return between(min, isFloat ? null : max, nullable)
}

/** A range of values, with those of the bounds that are known. */
function between(low: Value | undefined, high: Value | undefined, nullable: boolean): Range {
  const bounds = { ...(isKnown(low) && { low }), ...(isKnown(high) && { high }) }
  return { ...bounds, nullable, values: true }
}

function isKnown(bound: Value | undefined): bound is Bound {
  return bound !== undefined && bound !== null
}

/** Casts that keep the order: to a type that holds all values, and between date and timestamp. */
function castRange(range: Range, from: SqlType, to: SqlType): Range {
  const convert = keepsOrder(from, to) ? castTo(from, to) : null
  if (!range.values) return ONLY_NULL
  if (!convert) return ANYTHING
  const bound = (value: Bound | undefined) => (value === undefined ? undefined : convert(value))
  return between(bound(range.low), bound(range.high), range.nullable)
}

/** The most digits of each whole number, narrowest first. */
const DIGITS: Readonly<Record<IntegerType, number>> = { tinyint: 3, smallint: 5, int: 10, bigint: 19 }

function keepsOrder(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true
  if (isInteger(from)) {
    const decimal = decimalOf(to)
    const whole = decimal ? decimal.precision - decimal.scale : isInteger(to) ? DIGITS[to] : 0
    return to === 'double' || whole >= DIGITS[from]
  }
  return (
    (from === 'date' && to === 'timestamp') ||
    (from === 'timestamp' && to === 'date') ||
    (from === 'float' && to === 'double')
  )
}
