import { inRange } from '../../base/at.ts'
import type { StaticPlan } from '../../sql/static-plan.ts'
import { evaluateColumn } from './expressions.ts'
import { groupRows } from './groups.ts'
import { allRows, placesOf, sortByPlaces } from './ranks.ts'
import type { Vectors } from './vector.ts'

/** The rows by partition and order, and where partitions and ties begin. */
export interface SortedRows {
  /** Row numbers, sorted. */
  readonly rows: Int32Array
  /** For each place in `rows`, where its partition begins, and where it ends (the place after its last one). */
  readonly starts: Int32Array
  readonly ends: Int32Array
  /** The same for the rows that tie with it in its partition. */
  readonly peerStarts: Int32Array
  readonly peerEnds: Int32Array
}

/** Sorts rows by the partition, then by the order; rows that tie stay in their order. */
export function sortRows(
  { partition, order }: Pick<Extract<StaticPlan, { op: 'window' }>, 'partition' | 'order'>,
  input: Vectors,
): SortedRows {
  const partitions = groupRows(
    partition.map(expr => evaluateColumn(expr, input)),
    input.rows,
  )
  const orders = order.map(({ expr, ...direction }) => placesOf({ vector: evaluateColumn(expr, input), ...direction }))
  let rows = allRows(input.rows)
  for (const { places, count } of orders.toReversed()) rows = sortByPlaces(rows, places, count)
  rows = sortByPlaces(rows, partitions.ids, partitions.count)
  const samePartition = (a: number, b: number) => partitions.ids[a] === partitions.ids[b]
  const isPeer = (a: number, b: number) => samePartition(a, b) && orders.every(({ places }) => places[a] === places[b])
  const whole = runs(rows, samePartition)
  const peers = orders.length === 0 ? whole : runs(rows, isPeer)
  return { rows, starts: whole.starts, ends: whole.ends, peerStarts: peers.starts, peerEnds: peers.ends }
}

/** Where the run of each place begins and ends; neighbouring rows that are `same` belong to one run. */
function runs(rows: Int32Array, same: (a: number, b: number) => boolean): { starts: Int32Array; ends: Int32Array } {
  const starts = new Int32Array(rows.length)
  const ends = new Int32Array(rows.length)
  for (let start = 0; start < rows.length; ) {
    let end = start + 1
    while (end < rows.length && same(inRange(rows[start]), inRange(rows[end]))) end++
    starts.fill(start, start, end)
    ends.fill(end, start, end)
    start = end
  }
  return { starts, ends }
}
