import { inRange } from '../../base/at.ts'
import type { RankingName, WindowFunction } from '../../sql/static-plan.ts'
import type { Value } from '../../sql/types.ts'
import type { SortedRows } from './sorted-rows.ts'
import { type Vector, VectorBuilder, valuesByRow } from './vector.ts'

type Name = Exclude<RankingName, 'nth_value'>

/** A window function that only depends on the row's place. */
export function ranking(name: Name, item: WindowFunction, args: readonly Vector[], sorted: SortedRows): Vector {
  if (name === 'lag' || name === 'lead') return shifted(name, item, args, sorted)
  const builder = new VectorBuilder(item.type)
  const codes = new Int32Array(sorted.rows.length)
  const buckets = args[0] && codes.length > 0 ? Number(valuesByRow(args[0])(0)) : 1
  let dense = 0
  for (let at = 0; at < codes.length; at++) {
    const start = inRange(sorted.starts[at])
    const peers = inRange(sorted.peerStarts[at])
    if (at === start) dense = 0
    if (at === peers) dense++
    const place = {
      at: at - start,
      peers: peers - start,
      behind: inRange(sorted.peerEnds[at]) - start,
      dense,
      size: inRange(sorted.ends[at]) - start,
    }
    codes[inRange(sorted.rows[at])] = builder.code(rankOf(name, place, buckets))
  }
  return builder.vector(codes)
}

/** A row's place in its partition, that of the first row that ties with it, and the one after the last, all from 0. */
interface Place {
  readonly at: number
  readonly peers: number
  readonly behind: number
  readonly dense: number
  readonly size: number
}

function rankOf(
  name: Exclude<Name, 'lag' | 'lead'>,
  { at, peers, behind, dense, size }: Place,
  buckets: number,
): Value {
  switch (name) {
    case 'row_number':
      return at + 1
    case 'rank':
      return peers + 1
    case 'dense_rank':
      return dense
    case 'percent_rank':
      return size === 1 ? 0 : peers / (size - 1)
    case 'cume_dist':
      return behind / size
    case 'ntile': {
      const small = Math.floor(size / buckets)
      const larger = size % buckets // the first buckets have one more row
      const inLarger = larger * (small + 1)
      return 1 + (at < inLarger ? Math.floor(at / (small + 1)) : larger + Math.floor((at - inLarger) / small))
    }
  }
}

/** LAG and LEAD: the value some rows before or after, otherwise the default. */
function shifted(name: 'lag' | 'lead', item: WindowFunction, args: readonly Vector[], sorted: SortedRows): Vector {
  const [value, offset, otherwise] = args
  const { rows, starts, ends } = sorted
  if (!value || !offset || !otherwise) throw new RangeError(`${name} needs three arguments`)
  const builder = new VectorBuilder(item.type)
  const defaultOf = valuesByRow(otherwise)
  const cellOf = valuesByRow(value)
  const distance = rows.length > 0 ? Number(valuesByRow(offset)(0)) : 0
  const step = name === 'lag' ? -1 : 1
  const codes = new Int32Array(rows.length)
  for (let at = 0; at < rows.length; at++) {
    const start = inRange(starts[at])
    const end = inRange(ends[at])
    const to = item.ignoreNulls ? passNulls(value, sorted, at, distance * step, start, end) : at + distance * step
    const inside = to >= start && to < end
    const row = inRange(rows[at])
    codes[row] = builder.code(inside ? cellOf(inRange(rows[to])) : defaultOf(row))
  }
  return builder.vector(codes)
}

/** The place of the value that many values away, NULLs not counted; -1 if there is none. */
function passNulls(
  { codes }: Vector,
  { rows }: SortedRows,
  at: number,
  distance: number,
  start: number,
  end: number,
): number {
  const step = Math.sign(distance)
  if (step === 0) return at
  let left = Math.abs(distance)
  for (let to = at + step; to >= start && to < end; to += step) {
    if (inRange(codes[inRange(rows[to])]) >= 0 && --left === 0) return to
  }
  return -1
}
