import { inRange } from '../../base/at.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { comparison } from '../../sql/evaluate/compare.ts'
import { isNested, type SqlType, type Value } from '../../sql/types.ts'
import { formOf, type Vector } from './vector.ts'

/**
 * The place of each code among all values of a column in Spark's order, the same for equal values: rows can then be compared
 * by whole numbers.
 */
export function ranksOf({ type, values }: Pick<Vector, 'type' | 'values'>): Int32Array {
  const compare = comparator(type, values)
  const order = allRows(values.count).sort(compare)
  const ranks = new Int32Array(values.count)
  let rank = -1
  for (let i = 0; i < order.length; i++) {
    const code = inRange(order[i])
    if (i === 0 || compare(inRange(order[i - 1]), code) !== 0) rank++
    ranks[code] = rank
  }
  return ranks
}

/** Compares values by their codes. */
function comparator(type: SqlType, values: PlainValues): (a: number, b: number) => number {
  if (type === 'string' || type === 'binary' || isNested(type)) return byBytes(values)
  const { read, width } = formOf(type)
  if (width === 8 && type !== 'double') return byWholeNumbers(values.bytes)
  const decoded = Array.from({ length: values.count }, (_, code) => read(values, code))
  const numbers = decoded.every(value => typeof value === 'number') ? Float64Array.from(decoded, Number) : null
  const compare = comparison(type)
  if (numbers && type !== 'float' && type !== 'double') return (a, b) => inRange(numbers[a]) - inRange(numbers[b])
  const value = (code: number): Value => decoded[code] ?? null
  return (a, b) => compare(value(a), value(b))
}

/** Compares the halves of 64-bit whole numbers: each comparison of bigints would make new ones. */
function byWholeNumbers(bytes: Uint8Array): (a: number, b: number) => number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return (a, b) => {
    const upper = view.getInt32(a * 8 + 4, true) - view.getInt32(b * 8 + 4, true)
    return upper !== 0 ? upper : view.getUint32(a * 8, true) - view.getUint32(b * 8, true)
  }
}

/** Bytes have the order of Spark's strings. There are tens of millions of comparisons, so no views are made. */
function byBytes(values: PlainValues): (a: number, b: number) => number {
  const { bytes, width } = values
  const start =
    width === null ? (code: number) => inRange(values.starts[code]) + values.prefix : (code: number) => code * width
  const end = width === null ? (code: number) => inRange(values.starts[code + 1]) : (code: number) => (code + 1) * width
  return (a, b) => {
    const from = start(a)
    const other = start(b)
    const length = end(a) - from
    const otherLength = end(b) - other
    for (let i = 0; i < length && i < otherLength; i++) {
      const difference = inRange(bytes[from + i]) - inRange(bytes[other + i])
      if (difference !== 0) return difference
    }
    return length - otherLength
  }
}

/** How one column orders rows. */
export interface RowOrder {
  readonly vector: Vector
  readonly descending: boolean
  readonly nullsFirst: boolean
}

/** The place of each row by one column, from 0: rows that tie have the same. */
export function placesOf({ vector, descending, nullsFirst }: RowOrder): {
  readonly places: Int32Array
  readonly count: number
} {
  const ranks = ranksOf(vector)
  const count = ranks.length + 1
  const places = new Int32Array(vector.codes.length)
  for (let row = 0; row < places.length; row++) {
    const code = inRange(vector.codes[row])
    if (code < 0) places[row] = nullsFirst ? 0 : count
    else places[row] = 1 + (descending ? ranks.length - 1 - inRange(ranks[code]) : inRange(ranks[code]))
  }
  return { places, count: count + 1 }
}

const DIGIT = 16
const DIGITS = 1 << DIGIT

/** Sorts row numbers by places below `count`, stably: rows at one place stay in their order (a radix sort). */
export function sortByPlaces(rows: Int32Array, places: Int32Array, count: number): Int32Array {
  let sorted = rows
  for (let shift = 0; shift === 0 || count > 2 ** shift; shift += DIGIT) {
    const starts = new Int32Array(DIGITS + 1)
    const digit = (row: number) => (inRange(places[row]) >>> shift) & (DIGITS - 1)
    for (let i = 0; i < sorted.length; i++) {
      const at = digit(inRange(sorted[i])) + 1
      starts[at] = inRange(starts[at]) + 1
    }
    for (let i = 0; i < DIGITS; i++) starts[i + 1] = inRange(starts[i + 1]) + inRange(starts[i])
    const next = new Int32Array(sorted.length)
    for (let i = 0; i < sorted.length; i++) {
      const row = inRange(sorted[i])
      const at = digit(row)
      const to = inRange(starts[at])
      next[to] = row
      starts[at] = to + 1
    }
    sorted = next
  }
  return sorted
}

/** The numbers of all rows, or codes. */
export function allRows(count: number): Int32Array {
  const rows = new Int32Array(count)
  for (let row = 0; row < count; row++) rows[row] = row
  return rows
}
