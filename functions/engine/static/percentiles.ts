import { inRange } from '../../base/at.ts'
import { firstIndex } from '../../base/bisect.ts'
import type { SqlType } from '../../sql/types.ts'
import { type Accumulator, computed } from './accumulator.ts'
import { ranksOf } from './ranks.ts'
import { type Vector, valuesByRow } from './vector.ts'

/**
 * Exact percentiles, as Spark's Percentile: interpolated between two values, or (`discrete`) the first value up to which there
 * are at least that many of the rows. The arguments are doubles, the constant percentages, and how often each row counts.
 */
export function percentiles(args: readonly Vector[], type: SqlType, discrete: boolean, groups: number): Accumulator {
  const [value, percentages, frequency] = args
  if (!value || !percentages || !frequency) throw new RangeError('percentile needs three arguments')
  const rows = codeLists(groups)
  const cellOf = valuesByRow(value)
  const timesOf = valuesByRow(frequency)
  const asked = percentages.codes.length > 0 ? valuesByRow(percentages)(0) : null
  const ranks = ranksOf(value)
  const rankOf = (row: number) => inRange(ranks[inRange(value.codes[row])])
  return {
    add(group, row) {
      if (inRange(value.codes[row]) >= 0 && Number(timesOf(row) ?? 0) > 0) rows[group]?.push(row)
    },
    clear(group) {
      rows[group] = []
    },
    ...computed(type, group => {
      const sorted = Int32Array.from(rows[group] ?? []).sort((a, b) => rankOf(a) - rankOf(b))
      if (sorted.length === 0) return null
      const counts = accumulated(sorted, row => Number(timesOf(row)))
      const rowAt = (place: number) => inRange(sorted[firstIndex(counts.length, i => inRange(counts[i]) > place)])
      const valueAt = (place: number) => Number(cellOf(rowAt(place)))
      const at = (percentage: unknown) => percentileOf(valueAt, inRange(counts.at(-1)), Number(percentage), discrete)
      return Array.isArray(asked) ? asked.map(at) : at(asked)
    }),
  }
}

/** Lists of rows or codes, one for each group. */
function codeLists(groups: number): number[][] {
  return Array.from({ length: groups }, () => [])
}

/** For each row, how often it and those before it count. */
function accumulated(rows: Int32Array, timesOf: (row: number) => number): Float64Array {
  const counts = new Float64Array(rows.length)
  let sum = 0
  for (const [at, row] of rows.entries()) {
    sum += timesOf(row)
    counts[at] = sum
  }
  return counts
}

function percentileOf(
  valueAt: (place: number) => number,
  count: number,
  percentage: number,
  discrete: boolean,
): number {
  if (discrete) return valueAt(Math.max(0, Math.ceil(count * percentage) - 1))
  const position = (count - 1) * percentage
  const [lower, higher] = [Math.floor(position), Math.ceil(position)]
  const [low, high] = [valueAt(lower), valueAt(higher)]
  return lower === higher || low === high ? low : (higher - position) * low + (position - lower) * high
}

/** The most frequent value; one of them if there are several. */
export function mostFrequent(value: Vector, groups: number): Accumulator {
  const codes = codeLists(groups)
  return {
    add(group, row) {
      const code = inRange(value.codes[row])
      if (code >= 0) codes[group]?.push(code)
    },
    read: group => longestRun(Int32Array.from(codes[group] ?? []).sort()),
    clear(group) {
      codes[group] = []
    },
    vector: codes => ({ ...value, codes }),
  }
}

/** The most frequent of sorted numbers, -1 if there are none. */
function longestRun(sorted: Int32Array): number {
  let best = -1
  let most = 0
  for (let start = 0; start < sorted.length; ) {
    let end = start + 1
    while (end < sorted.length && sorted[end] === sorted[start]) end++
    if (end - start > most) {
      best = inRange(sorted[start])
      most = end - start
    }
    start = end
  }
  return best
}
