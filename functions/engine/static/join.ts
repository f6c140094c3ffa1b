import { inRange } from '../../base/at.ts'
import { TooManyRows } from '../../base/errors.ts'
import type { StaticJoin } from '../../sql/static-plan.ts'
import { evaluateColumn, rowsWhere } from './expressions.ts'
import { groupRows, rowsByGroup } from './groups.ts'
import { unionColumn } from './union.ts'
import { takeRows, type Vector, type Vectors } from './vector.ts'

/** The most pairs that a join may make, and rows that EXPLODE and the like may: each takes 8 bytes, and 4 per column read. */
export const MAX_PAIRS = 50_000_000

/** Rows that match: row i of `left` with row i of `right`, in the order of the left side. */
interface Pairs {
  readonly left: Int32Array
  readonly right: Int32Array
}

/** Joins two relations. Throws TooManyRows. */
export function join({ kind, keys, on }: StaticJoin, left: Vectors, right: Vectors): Vectors {
  const ids = matchIds(keys, left, right)
  const all = pairUp(ids, left.rows)
  const pairs = on ? pairsWhere(on, all, left, right) : all
  const leftMet = met(pairs.left, left.rows)
  if (kind === 'semi' || kind === 'anti') {
    const wanted = kind === 'semi' ? 1 : 0
    return takeRows(left, rowsOf(leftMet, wanted))
  }
  const leftAlone = kind === 'left' || kind === 'full' ? rowsOf(leftMet, 0) : NONE
  const rightAlone = kind === 'right' || kind === 'full' ? rowsOf(met(pairs.right, right.rows), 0) : NONE
  const size = pairs.left.length + leftAlone.length + rightAlone.length
  const leftRows = new Int32Array(size).fill(-1)
  leftRows.set(pairs.left)
  leftRows.set(leftAlone, pairs.left.length)
  const rightRows = new Int32Array(size).fill(-1)
  rightRows.set(pairs.right)
  rightRows.set(rightAlone, size - rightAlone.length)
  return joined(left, leftRows, right, rightRows)
}

const NONE = new Int32Array(0)

/** A number for the key of each row, the left side's first: the same for equal keys, -1 for one that never matches. */
function matchIds(keys: StaticJoin['keys'], left: Vectors, right: Vectors): Int32Array {
  const rows = left.rows + right.rows
  const sides = keys.map(key => [evaluateColumn(key.left, left), evaluateColumn(key.right, right)])
  const columns = sides.map(unionColumn)
  const { ids } = groupRows(columns, rows)
  for (const [i, column] of columns.entries()) if (!keys[i]?.nullSafe) dropNulls(ids, column)
  return ids
}

function dropNulls(ids: Int32Array, { codes }: Vector): void {
  for (let row = 0; row < codes.length; row++) if (inRange(codes[row]) < 0) ids[row] = -1
}

/** All pairs of rows of the left and the right side with the same id. */
function pairUp(ids: Int32Array, leftRows: number): Pairs {
  const count = ids.reduce((most, id) => Math.max(most, id + 1), 0)
  const { starts, list } = rowsByGroup(ids.subarray(leftRows), count)
  const matches = (row: number): readonly [number, number] => {
    const id = inRange(ids[row])
    return id < 0 ? [0, 0] : [inRange(starts[id]), inRange(starts[id + 1])]
  }
  let total = 0
  for (let row = 0; row < leftRows; row++) {
    const [from, to] = matches(row)
    total += to - from
  }
  if (total > MAX_PAIRS) {
    throw new TooManyRows(
      `a join of static tables makes ${total} pairs of rows, but at most ${MAX_PAIRS} are kept: join by more of their columns`,
    )
  }
  const pairs = { left: new Int32Array(total), right: new Int32Array(total) }
  let at = 0
  for (let row = 0; row < leftRows; row++) {
    const [from, to] = matches(row)
    for (let i = from; i < to; i++) {
      pairs.left[at] = row
      pairs.right[at++] = inRange(list[i])
    }
  }
  return pairs
}

function joined(left: Vectors, leftRows: Int32Array, right: Vectors, rightRows: Int32Array): Vectors {
  const columns = new Map([...takeRows(left, leftRows).columns, ...takeRows(right, rightRows).columns])
  return { rows: leftRows.length, columns }
}

function pairsWhere(on: NonNullable<StaticJoin['on']>, pairs: Pairs, left: Vectors, right: Vectors): Pairs {
  const kept = rowsWhere(on, joined(left, pairs.left, right, pairs.right))
  return { left: kept.map(i => inRange(pairs.left[i])), right: kept.map(i => inRange(pairs.right[i])) }
}

function met(rows: Int32Array, count: number): Uint8Array {
  const seen = new Uint8Array(count)
  for (const row of rows) seen[row] = 1
  return seen
}

function rowsOf(seen: Uint8Array, wanted: 0 | 1): Int32Array {
  const rows = new Int32Array(seen.length)
  let count = 0
  for (let row = 0; row < seen.length; row++) if (seen[row] === wanted) rows[count++] = row
  return rows.slice(0, count)
}
