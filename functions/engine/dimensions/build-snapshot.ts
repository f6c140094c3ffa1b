import type { ObjectWriter } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import { columnsUsed } from '../../sql/evaluate.ts'
import type { Column } from '../../sql/types.ts'
import { type DimensionFile, gatherAll, newColumn, openFiles } from './gather-columns.ts'
import { keyIndex } from './index-keys.ts'
import { unite } from './unite-columns.ts'
import { writeSnapshot } from './write-snapshot.ts'

export interface SnapshotRequest {
  /** The files of the dimension; their columns are united by name. */
  readonly files: readonly DimensionFile[]
  /**
   * Columns of the dimension: path segments get their types from here, and of nested columns only these are kept.
   */
  readonly view: readonly Column[]
  /** The keys of the join. */
  readonly keys: readonly JoinKey[]
  /** Receives the snapshot up to its last byte; the caller closes it. */
  readonly target: ObjectWriter
  readonly codecs: Codecs
}

/**
 * Builds the dimension snapshot. One column chunk is in memory at a time, besides the distinct values of each column and
 * four bytes per row and column. Rows are in the order of the files.
 *
 * Throws UnreadableFile for a file that can't be read or whose types differ from those of earlier files; what the store
 * throws passes through.
 */
export async function buildSnapshot(request: SnapshotRequest): Promise<{ readonly rows: number }> {
  const { files, view, keys, target, codecs } = request
  const { opened, rows } = await openFiles(files, codecs)
  const read = keys.flatMap(({ right }) => columnsUsed(right))
  const columns = unite(opened, view, read).map(({ name, type }) => newColumn(name, type, rows))
  await gatherAll(columns, opened, codecs)
  await writeSnapshot(rows, columns, keyIndex(columns, keys, rows), keys, target)
  return { rows }
}
