import { inRange } from '../../base/at.ts'
import type { SqlType } from '../../sql/types.ts'
import { type Accumulator, computed } from './accumulator.ts'
import { type Vector, valuesByRow } from './vector.ts'

/**
 * Exact percentiles, as Spark's Percentile: between two values in proportion, or (`discrete`) the first value that has at
 * least such a part of the rows up to it. The arguments are doubles, the constant percentages, and how often each counts.
 */
export function percentiles(args: readonly Vector[], type: SqlType, discrete: boolean, groups: number): Accumulator {
  const [value, percentages, frequency] = args
  if (!value || !percentages || !frequency) throw new RangeError('percentile needs three arguments')
  const counts: Map<number, number>[] = Array.from({ length: groups }, () => new Map())
  const cellOf = valuesByRow(value)
  const timesOf = valuesByRow(frequency)
  const asked = percentages.codes.length > 0 ? valuesByRow(percentages)(0) : null
  return {
    add(group, row) {
      const number = cellOf(row)
      const times = Number(timesOf(row) ?? 0)
      const known = counts[group]
      if (typeof number === 'number' && times > 0) known?.set(number, (known.get(number) ?? 0) + times)
    },
    clear: group => counts[group]?.clear(),
    ...computed(type, group => {
      const sorted = [...(counts[group] ?? [])].sort(([a], [b]) => ascending(a, b))
      if (sorted.length === 0) return null
      const places = accumulated(sorted)
      const at = (percentage: unknown) => percentileOf(sorted, places, Number(percentage), discrete)
      return Array.isArray(asked) ? asked.map(at) : at(asked)
    }),
  }
}

/** NaN is the greatest. */
function ascending(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a - b || 0
}

type Counts = readonly (readonly [value: number, times: number])[]

/** For each value, how many there are up to it. */
function accumulated(sorted: Counts): number[] {
  let sum = 0
  return sorted.map(([, times]) => {
    sum += times
    return sum
  })
}

function percentileOf(sorted: Counts, places: readonly number[], percentage: number, discrete: boolean): number {
  const total = places.at(-1) ?? 0
  const valueAt = (place: number) => sorted[firstAbove(places, place)]?.[0] ?? Number.NaN
  if (discrete) return valueAt(Math.max(0, Math.ceil(total * percentage) - 1))
  const position = (total - 1) * percentage
  const [lower, higher] = [Math.floor(position), Math.ceil(position)]
  const [low, high] = [valueAt(lower), valueAt(higher)]
  return lower === higher || low === high ? low : (higher - position) * low + (position - lower) * high
}

/** The first of ascending numbers that is above another. */
function firstAbove(numbers: readonly number[], number: number): number {
  let from = 0
  let to = numbers.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((numbers[middle] ?? 0) > number) to = middle
    else from = middle + 1
  }
  return from
}

/** The value that most rows have: of several, the one that came first. */
export function mostFrequent(value: Vector, groups: number): Accumulator {
  const counts: Map<number, number>[] = Array.from({ length: groups }, () => new Map())
  return {
    add(group, row) {
      const code = inRange(value.codes[row])
      if (code >= 0) counts[group]?.set(code, (counts[group]?.get(code) ?? 0) + 1)
    },
    read(group) {
      let [best, most] = [-1, 0]
      for (const [code, count] of counts[group] ?? []) if (count > most) [best, most] = [code, count]
      return best
    },
    clear: group => counts[group]?.clear(),
    vector: codes => ({ ...value, codes }),
  }
}
