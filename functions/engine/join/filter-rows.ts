import { elementAt } from '../../base/at.ts'
import { firstIndex } from '../../base/bisect.ts'
import { chunkStatistics } from '../../parquet/pages/chunk-statistics.ts'
import { isCorrected } from '../../parquet/pages/corrected.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import { type ColumnStatistics, canSkip } from '../../sql/prune.ts'
import { type Ingredients, NO_PICKS, prepareTest, viewIndex } from './cells.ts'
import { FILTERED, LEFT_OUT, MATCHED } from './fate.ts'
import type { GroupReader } from './group-reader.ts'

/**
 * Says for each row of a row group whether it goes on to the steps: MATCHED so far, FILTERED by a predicate over the review
 * alone, or LEFT_OUT. Reads only the columns of the predicates, and none of them if the row group's statistics show that a
 * predicate is never TRUE.
 */
export async function filterRows(reader: GroupReader, ingredients: Ingredients): Promise<Int8Array> {
  const { query } = ingredients
  const { rows } = reader.group
  const fates = new Int8Array(rows).fill(MATCHED)
  if (query.filters.some(({ expr }) => canSkip(expr, name => statisticsOf(name, query, reader)))) {
    fates.fill(FILTERED)
  } else {
    for (const { expr } of query.filters) {
      const test = await prepareTest(expr, reader, ingredients)
      for (let row = 0; row < rows; row++) if (fates[row] === MATCHED && !test(row, NO_PICKS)) fates[row] = FILTERED
    }
  }
  leaveOut(fates, reader)
  return fates
}

function leaveOut(fates: Int8Array, { source, firstRow }: GroupReader): void {
  const { excluded } = source.file
  // each row group uses only its own part
  const first = firstIndex(excluded.length, i => elementAt(excluded, i) >= firstRow)
  for (let i = first; i < excluded.length; i++) {
    const at = elementAt(excluded, i) - firstRow
    if (at >= fates.length) break
    fates[at] = LEFT_OUT
  }
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
