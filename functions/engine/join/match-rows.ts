import { elementAt, inRange } from '../../base/at.ts'
import { chunkStatistics } from '../../parquet/pages/chunk-statistics.ts'
import { isCorrected } from '../../parquet/pages/corrected.ts'
import type { CompiledQuery, Join } from '../../sql/compiled.ts'
import { type ColumnStatistics, canSkip } from '../../sql/prune.ts'
import { sameType } from '../../sql/types.ts'
import { castExpr } from '../customers/build-snapshot.ts'
import type { Customers } from '../customers/customers.ts'
import { isOwnKey, keyBytes } from '../customers/key-bytes.ts'
import { perCode, prepare, viewIndex } from './cells.ts'
import type { GroupReader } from './group-reader.ts'

/** What a row is where it has no entry among the customers' keys. */
export const UNMATCHED = -1
export const FILTERED = -2
export const NULL_KEY = -3
/** An earlier commit of the same batch has parked the row. */
export const LEFT_OUT = -4

/**
 * Says of each row of a row group which entry of the customers its key finds, or why it has none. Reads only the
 * columns of the predicates and the key, and none of them where the row group's statistics show that a predicate is
 * never TRUE. Without a join, rows that are not filtered are UNMATCHED.
 */
export async function matchRows(
  query: CompiledQuery,
  reader: GroupReader,
  customers: Customers | null,
): Promise<Int32Array> {
  const { rows } = reader.group
  const { join } = query
  if (query.filters.some(({ expr }) => canSkip(expr, name => statisticsOf(name, query, reader)))) {
    return excluded(new Int32Array(rows).fill(FILTERED), reader)
  }
  const match =
    join && customers ? await findKeys(join, query, reader, customers) : new Int32Array(rows).fill(UNMATCHED)
  for (const { expr } of query.filters) {
    const test = perCode(await prepare(expr, query, reader, null), value => value === true)
    for (let row = 0; row < rows; row++) if (match[row] !== FILTERED && !test(row, -1)) match[row] = FILTERED
  }
  return excluded(match, reader)
}

function excluded(match: Int32Array, { source, firstRow }: GroupReader): Int32Array {
  const { excluded } = source.file
  for (let i = firstFrom(excluded, firstRow); i < excluded.length; i++) {
    const at = elementAt(excluded, i) - firstRow
    if (at >= match.length) break
    match[at] = LEFT_OUT
  }
  return match
}

/** The index of the first of ascending rows that is not below `row`: each row group looks at its own part. */
function firstFrom(rows: readonly number[], row: number): number {
  let [from, to] = [0, rows.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (elementAt(rows, middle) < row) from = middle + 1
    else to = middle
  }
  return from
}

function statisticsOf(
  name: string,
  query: CompiledQuery,
  { source, group }: GroupReader,
): ColumnStatistics | undefined {
  const index = viewIndex(query, name)
  const column = source.view[index]
  if (column?.from !== 'file') return undefined
  const chunk = group.columns[column.node.firstLeaf]
  const type = query.reviews[index]?.type
  if (!chunk || !column.physical || !type) return undefined
  if (isCorrected(source.open.footer, column.node, chunk)) return undefined
  return chunkStatistics(chunk, column.physical, type, source.open.footer, group.rows)
}

async function findKeys(
  join: Join,
  query: CompiledQuery,
  reader: GroupReader,
  customers: Customers,
): Promise<Int32Array> {
  const { reviewsKey, type } = join
  if (reviewsKey.op === 'column' && reviewsKey.view === 'reviews' && isOwnKey(type)) {
    const column = reader.source.view[viewIndex(query, reviewsKey.name)]
    if (
      column?.from === 'file' &&
      column.physical &&
      sameType(column.physical.sql, type) &&
      column.physical.annotation !== 'fixed'
    ) {
      return await findBytes(reader, column.node, customers)
    }
  }
  const bytesOf = keyBytes(type)
  const find = perCode(await prepare(castExpr(reviewsKey, type), query, reader, null), key => {
    if (key === null) return NULL_KEY
    const bytes = bytesOf(key)
    return customers.find(bytes, 0, bytes.length)
  })
  const match = new Int32Array(reader.group.rows)
  for (let row = 0; row < match.length; row++) match[row] = find(row, -1)
  return match
}

/** Looks keys up by their bytes as they are in the file: once for each dictionary entry, or for each plain value. */
async function findBytes(
  reader: GroupReader,
  leaf: Parameters<GroupReader['chunk']>[0],
  customers: Customers,
): Promise<Int32Array> {
  const match = new Int32Array(reader.group.rows)
  const chunk = await reader.chunk(leaf)
  let ofEntry: Int32Array | null = null
  let row = 0
  for (const raw of chunk.pages()) {
    const { entries, definition, values } = chunk.decode(raw)
    let found: Int32Array
    if (values.kind === 'plain') found = customers.findAll(values.plain)
    else {
      ofEntry ??= chunk.dictionary ? customers.findAll(chunk.dictionary) : new Int32Array(0)
      const { codes, count } = values
      found = codes
      for (let i = 0; i < count; i++) found[i] = ofEntry[inRange(codes[i])] ?? UNMATCHED
    }
    if (!definition) match.set(found, row)
    else {
      let next = 0
      for (let i = 0; i < entries; i++) match[row + i] = definition[i] === 1 ? (found[next++] ?? UNMATCHED) : NULL_KEY
    }
    row += entries
  }
  return match
}
