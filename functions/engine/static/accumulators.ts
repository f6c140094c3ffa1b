import { inRange } from '../../base/at.ts'
import { divideHalfUp, power, within } from '../../sql/evaluate/decimal.ts'
import type { Aggregate } from '../../sql/static-plan.ts'
import { decimalOf, MAX_PRECISION, type SqlType } from '../../sql/types.ts'
import { type Accumulator, computed } from './accumulator.ts'
import { trueIn } from './expressions.ts'
import { mostFrequent, percentiles } from './percentiles.ts'
import { allRows, ranksOf } from './ranks.ts'
import { covariances, moments } from './statistics.ts'
import { type Vector, valuesByRow } from './vector.ts'

type Gathered = Pick<Aggregate, 'name' | 'type' | 'ignoreNulls'>

/** The accumulator of an aggregate over columns; it handles NULLs in `args` itself. */
export function accumulator(
  { name, type, ignoreNulls }: Gathered,
  args: readonly Vector[],
  groups: number,
): Accumulator {
  const [value, by] = args
  if (name === 'count') return counting(row => args.every(({ codes }) => inRange(codes[row]) >= 0), groups)
  if (!value) throw new RangeError(`${name} needs an argument`)
  switch (name) {
    case 'count_if':
      return counting(trueIn(value), groups)
    case 'min':
    case 'bool_and':
      return extreme(value, value, false, false, groups)
    case 'max':
    case 'bool_or':
      return extreme(value, value, true, false, groups)
    case 'max_by':
    case 'min_by':
      return extreme(by ?? value, value, name === 'max_by', true, groups)
    case 'first':
    case 'last':
      return picking(value, name === 'first', ignoreNulls, groups)
    case 'sum':
    case 'try_sum':
      return type === 'double' ? doubles(value, type, groups, total => total) : wholeSums(value, type, name, groups)
    case 'avg':
      return decimalOf(type)
        ? wholeSums(value, type, name, groups)
        : doubles(value, type, groups, (total, count) => total / count)
    case 'stddev_samp':
    case 'stddev_pop':
    case 'var_samp':
    case 'var_pop':
    case 'skewness':
    case 'kurtosis':
      return moments(value, name, groups)
    case 'percentile':
    case 'percentile_disc':
      return percentiles(args, type, name === 'percentile_disc', groups)
    case 'mode':
      return mostFrequent(value, groups)
    case 'bit_and':
    case 'bit_or':
    case 'bit_xor':
      return bits(value, type, name, groups)
    case 'collect_list':
    case 'collect_set':
      return collecting(value, type, name === 'collect_set', groups)
    default:
      return covariances(value, by ?? value, name, groups)
  }
}

function counting(counts: (row: number) => boolean, groups: number): Accumulator {
  const numbers = new Float64Array(groups)
  return {
    add(group, row) {
      if (counts(row)) numbers[group] = inRange(numbers[group]) + 1
    },
    clear: group => numbers.fill(0, group, group + 1),
    ...computed('bigint', group => BigInt(inRange(numbers[group]))),
  }
}

/**
 * The value of `value` where `by` is greatest or least; NULLs of `by` are skipped. `latest`: the last of rows that tie.
 */
function extreme(by: Vector, value: Vector, greatest: boolean, latest: boolean, groups: number): Accumulator {
  const ranks = ranksOf(by)
  const best = new Int32Array(groups).fill(-1)
  const codes = new Int32Array(groups).fill(-1)
  return {
    add(group, row) {
      const code = inRange(by.codes[row])
      if (code < 0) return
      const rank = inRange(ranks[code])
      const known = inRange(best[group])
      if (known >= 0 && (greatest ? rank < known : rank > known)) return
      if (known === rank && !latest) return
      best[group] = rank
      codes[group] = inRange(value.codes[row])
    },
    read: group => inRange(codes[group]),
    clear(group) {
      best[group] = -1
      codes[group] = -1
    },
    vector: codes => ({ ...value, codes }),
  }
}

const NOTHING = -2

function picking(value: Vector, first: boolean, ignoreNulls: boolean, groups: number): Accumulator {
  const codes = new Int32Array(groups).fill(NOTHING)
  return {
    add(group, row) {
      const code = inRange(value.codes[row])
      if (ignoreNulls && code < 0) return
      if (!first || codes[group] === NOTHING) codes[group] = code
    },
    read: group => Math.max(-1, inRange(codes[group])),
    clear: group => codes.fill(NOTHING, group, group + 1),
    vector: codes => ({ ...value, codes }),
  }
}

function doubles(
  value: Vector,
  type: SqlType,
  groups: number,
  finish: (total: number, count: number) => number,
): Accumulator {
  const totals = new Float64Array(groups)
  const counts = new Float64Array(groups)
  const cellOf = valuesByRow(value)
  return {
    add(group, row) {
      const number = cellOf(row)
      if (typeof number !== 'number') return
      totals[group] = inRange(totals[group]) + number
      counts[group] = inRange(counts[group]) + 1
    },
    clear(group) {
      totals[group] = 0
      counts[group] = 0
    },
    ...computed(type, group => {
      const count = inRange(counts[group])
      return count === 0 ? null : finish(inRange(totals[group]), count)
    }),
  }
}

/** Sums of bigints, which wrap except in TRY_SUM, and sums and averages of decimals: NULL if they don't fit. */
function wholeSums(value: Vector, type: SqlType, name: 'sum' | 'try_sum' | 'avg', groups: number): Accumulator {
  const decimal = decimalOf(type)
  const wraps = !decimal && name === 'sum'
  const totals = wraps ? new BigInt64Array(groups) : new Array<bigint>(groups).fill(0n)
  const counts = new Float64Array(groups)
  const cellOf = valuesByRow(value)
  const finish = (total: bigint, count: number): bigint | null => {
    if (!decimal) return wraps || BigInt.asIntN(64, total) === total ? total : null
    if (name !== 'avg') return within(total, decimal.precision)
    const sum = within(total, MAX_PRECISION)
    const scaled = sum === null ? null : sum * power(decimal.scale - (decimalOf(value.type)?.scale ?? 0))
    return scaled === null ? null : within(divideHalfUp(scaled, BigInt(count)), decimal.precision)
  }
  return {
    add(group, row) {
      const number = cellOf(row)
      if (typeof number !== 'bigint') return
      totals[group] = (totals[group] ?? 0n) + number
      counts[group] = inRange(counts[group]) + 1
    },
    clear(group) {
      totals[group] = 0n
      counts[group] = 0
    },
    ...computed(type, group => {
      const count = inRange(counts[group])
      return count === 0 ? null : finish(totals[group] ?? 0n, count)
    }),
  }
}

/** Lists without NULLs, which are never NULL themselves. */
function collecting(value: Vector, type: SqlType, distinct: boolean, groups: number): Accumulator {
  const lists: number[][] = Array.from({ length: groups }, () => [])
  const seen: Set<number>[] = distinct ? Array.from({ length: groups }, () => new Set<number>()) : []
  const cellOf = valuesByRow({ ...value, codes: allRows(value.values.count) })
  return {
    add(group, row) {
      const code = inRange(value.codes[row])
      if (code < 0 || seen[group]?.has(code)) return
      seen[group]?.add(code)
      lists[group]?.push(code)
    },
    clear(group) {
      lists[group] = []
      seen[group]?.clear()
    },
    ...computed(type, group => (lists[group] ?? []).map(cellOf)),
  }
}

const OPERATIONS = {
  bit_and: (a: bigint, b: bigint) => a & b,
  bit_or: (a: bigint, b: bigint) => a | b,
  bit_xor: (a: bigint, b: bigint) => a ^ b,
} as const

/** Combines the bits of whole numbers. */
function bits(value: Vector, type: SqlType, name: keyof typeof OPERATIONS, groups: number): Accumulator {
  const totals = new Array<bigint | null>(groups).fill(null)
  const cellOf = valuesByRow(value)
  return {
    add(group, row) {
      const cell = cellOf(row)
      if (typeof cell !== 'number' && typeof cell !== 'bigint') return
      const before = totals[group] ?? null
      totals[group] = before === null ? BigInt(cell) : OPERATIONS[name](before, BigInt(cell))
    },
    clear: group => totals.fill(null, group, group + 1),
    ...computed(type, group => {
      const total = totals[group] ?? null
      return total === null || type === 'bigint' ? total : Number(total)
    }),
  }
}
