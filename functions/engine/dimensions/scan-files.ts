import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { ScanColumn } from '../../sql/static-plan.ts'
import type { Column } from '../../sql/types.ts'
import type { Vectors } from '../static/vector.ts'
import type { SnapshotRequest } from './build-snapshot.ts'
import { gatherAll, newColumn, openFiles } from './gather-columns.ts'
import { unite } from './unite-columns.ts'

/**
 * Reads columns of a table's files for a static plan. `view` has the types of path segments. What no file has is NULL.
 * Throws UnreadableFile for a file that can't be read or whose types differ from those of earlier files.
 */
export async function scanFiles(
  files: SnapshotRequest['files'],
  view: readonly Column[],
  wanted: readonly ScanColumn[],
  codecs: Codecs,
): Promise<Vectors> {
  const { opened, rows } = await openFiles(files, codecs)
  unite(opened, view, wanted) // throws if one of them can't be read in a file
  const columns = wanted.map(({ name, type }) => newColumn(name, type, rows))
  await gatherAll(columns, opened, codecs)
  const vectors = columns.map(({ type, codes, table }) => ({ type, codes, values: table.values() }))
  return { rows, columns: new Map(wanted.flatMap(({ id }, i) => (vectors[i] ? [[id, vectors[i]]] : []))) }
}
