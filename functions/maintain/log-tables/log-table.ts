import { mapConcurrently } from '../../base/concurrently.ts'
import type { Lake } from '../../lake/lake.ts'
import type { FoldedLog, Log } from '../../log/fold.ts'
import { needCommit } from '../../log/read.ts'
import type { BatchCommit, Rows } from '../../protocol/commit.ts'
import type { PinnedFile } from '../../protocol/plan.ts'
import type { Column } from '../../sql/types.ts'

/** A lake and its log, as far as it is read. */
export interface LoggedLake extends Lake {
  readonly log: Log
}

/** A row by column names. Times are ISO 8601. */
export type LogRow = Readonly<Record<string, string | number | boolean | null>>

/** A table that shows the log, `silver.<name>` for `query`. Its rows are made of the log, or lie in Parquet files. */
export type LogTable = RowsTable | FilesTable

/** Rows that are made of the log, some at a time: there may be millions. */
export interface RowsTable {
  readonly columns: readonly Column[]
  readonly rows: (lake: LoggedLake) => AsyncIterable<readonly LogRow[]>
}

/** Rows that were kept in files beside silver. `columns` come before those of the rows, and are the same for all rows of a file. */
export interface FilesTable {
  readonly columns: readonly Column[]
  /** The rows' own columns: a file has as many of them as there were when it was written. */
  readonly own: (state: FoldedLog) => readonly Column[]
  /** What is said of each row: `missing_key`, the text of the columns by which it looks for what it may lack, or the `rules` it breaks. */
  readonly told: 'missing_key' | 'rules'
  readonly files: (lake: LoggedLake) => Promise<readonly KeptFile[]>
}

/** A Parquet file of rows, followed by RULES where `rules` are said of them, and the PROVENANCE columns. */
export interface KeptFile {
  readonly file: PinnedFile
  /** The values of the table's columns. */
  readonly facts: LogRow
  /** The columns whose text stands in `missing_key`. */
  readonly keys: readonly string[]
  /** Whether the rows of a bronze version in it no longer count, because another version has replaced it. */
  readonly isVoid: (bronze: { readonly key: string; readonly etag: string }) => boolean
  /** The versions that its rows come from. */
  readonly bronze: readonly { readonly key: string; readonly etag: string }[]
}

/** Commits read at once: each may name thousands of files. */
const CONCURRENCY = 16

/** The commits of some versions, in their order; those that have no batch are left out. Throws BrokenLog. */
export async function* commitsAt(
  { store, layout }: LoggedLake,
  versions: readonly number[],
): AsyncGenerator<BatchCommit> {
  for (let at = 0; at < versions.length; at += CONCURRENCY) {
    const some = versions.slice(at, at + CONCURRENCY)
    const commits = await mapConcurrently(some, CONCURRENCY, version => needCommit(store, layout, version))
    for (const commit of commits) if (commit.operation !== 'abandon') yield commit
  }
}

/** Columns of whole numbers. */
export function bigints(...names: readonly string[]): Column[] {
  return names.map(name => ({ name, type: 'bigint' }))
}

/** Row counts as columns. */
export const ROW_COLUMNS = bigints(
  ...['read', 'generated', 'filtered', 'rejected', 'null_key', 'unmatched', 'matched', 'written'],
)

/** Row counts by these columns. */
export function rowCells({ nullKey, generated = 0, rejected = 0, ...counts }: Rows): LogRow {
  return { ...counts, generated, rejected, null_key: nullKey }
}

/** Rows in slices that are sent at once. */
export async function* inSlices(rows: AsyncIterable<LogRow>): AsyncGenerator<LogRow[]> {
  let slice: LogRow[] = []
  for await (const row of rows) {
    slice.push(row)
    if (slice.length < SLICE) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}

const SLICE = 2_000
