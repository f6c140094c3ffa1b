import { decimalOf, type SqlType, sameType, type Value } from '../types.ts'

const WIDER: readonly SqlType[] = ['tinyint', 'smallint', 'int', 'bigint']

/**
 * Whether every value of `from` can be read as `to` without a cast in the query, and none becomes another: whole numbers as
 * wider ones and, up to int, as doubles (not bigint, of which a double holds only 53 bits; Spark refuses that too), float
 * as double, a decimal as one with more digits before the point.
 */
export function widens(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to) || (from === 'float' && to === 'double')) return true
  const at = WIDER.indexOf(from)
  if (at >= 0) return at < WIDER.indexOf(to) || (to === 'double' && from !== 'bigint')
  const [narrow, wide] = [decimalOf(from), decimalOf(to)]
  return narrow !== null && wide !== null && narrow.scale === wide.scale && narrow.precision <= wide.precision
}

/** How a file's value becomes one of the view's type, where `widens` holds; null where it is one already. */
export function widener(from: SqlType, to: SqlType): ((value: Value) => Value) | null {
  if (sameType(from, to) || !widens(from, to)) return null
  if (to === 'bigint') return value => (value === null ? null : BigInt(Number(value)))
  return null
}

/** The narrower type that both can be read as, or null. */
export function widest(a: SqlType, b: SqlType): SqlType | null {
  if (widens(a, b)) return b
  return widens(b, a) ? a : null
}
