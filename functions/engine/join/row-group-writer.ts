import { elementAt } from '../../base/at.ts'
import type { PhysicalType } from '../../parquet/metadata/format.ts'
import { offsetIndex } from '../../parquet/metadata/page-index.ts'
import type { SortingColumn } from '../../parquet/metadata/row-group.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { type ColumnWriter, newColumnWriter } from '../../parquet/pages/column-writer.ts'
import type { FileWriter, FinishedRowGroup } from '../../parquet/pages/file-writer.ts'
import type { WrittenChunk } from '../../parquet/pages/page-writer.ts'
import { fillColumn } from './fill-column.ts'
import type { GroupReader } from './group-reader.ts'
import type { Slice } from './output-rows.ts'
import type { PlannedColumn } from './silver-plan.ts'

export type Chunks = FinishedRowGroup['chunks'][number][]

/** A row group is closed at this many rows or bytes. */
export const MERGED_ROWS = 1 << 17
export const MERGED_BYTES = 64 << 20

/**
 * Merges the rows of several small row groups into one. All its columns are in memory until it is closed, so its size is
 * bounded.
 */
export class RowGroupMerger {
  readonly #file: FileWriter
  readonly #columns: readonly PlannedColumn[]
  readonly #codecs: Codecs
  #writers: ColumnWriter[] = []
  #rows = 0

  constructor(file: FileWriter, columns: readonly PlannedColumn[], codecs: Codecs) {
    this.#file = file
    this.#columns = columns
    this.#codecs = codecs
  }

  async add(slice: Slice): Promise<void> {
    const { rows } = slice
    if (rows.count === 0) return
    if (this.#rows === 0) this.#writers = this.#columns.map(({ column }) => newColumnWriter(column, this.#codecs))
    for (const [i, { origin }] of this.#columns.entries()) await fillColumn(elementAt(this.#writers, i), origin, slice)
    this.#rows += rows.count
    const size = this.#writers.flatMap(({ leaves }) => leaves).reduce((sum, { chunk }) => sum + chunk.size, 0)
    if (this.#rows >= MERGED_ROWS || size >= MERGED_BYTES) await this.close()
  }

  /** Writes the rows so far as a row group. */
  async close(): Promise<void> {
    if (this.#rows === 0) return
    const chunks: Chunks = []
    for (const writer of this.#writers) await placeChunks(this.#file, finishChunks(writer), this.#codecs, chunks)
    this.#file.add({ rows: this.#rows, chunks, sorting: [] })
    this.#rows = 0
    this.#writers = []
  }
}

/** Writes the rows of one source row group as a row group, one column in memory at a time. */
export async function rewriteRowGroup(
  file: FileWriter,
  columns: readonly PlannedColumn[],
  slice: Slice,
): Promise<void> {
  const chunks: Chunks = []
  for (const planned of columns) await rewriteColumn(file, planned, slice, chunks)
  file.add({ rows: slice.rows.count, chunks, sorting: sortingOf(slice.reader, columns) })
}

/** Writes one column's chunks at the file's current position. */
export async function rewriteColumn(
  file: FileWriter,
  { column, origin }: PlannedColumn,
  slice: Slice,
  chunks: Chunks,
): Promise<void> {
  const { codecs } = slice.reader
  const writer = newColumnWriter(column, codecs)
  const start = file.target.position
  await fillColumn(writer, origin, slice, () => drain(file, writer))
  await placeChunks(file, finishChunks(writer), codecs, chunks, start)
}

/** Writes the finished pages of a flat column, so that a large chunk is never in memory all at once. */
async function drain(file: FileWriter, writer: ColumnWriter): Promise<void> {
  if (writer.kind === 'flat') for (const part of writer.chunk.take()) await file.target.write(part)
}

/**
 * The order of the rows of a source row group, for as many of its columns as are carried: a selection of rows keeps it.
 */
export function sortingOf(reader: GroupReader, columns: readonly PlannedColumn[]): SortingColumn[] {
  const leafOf = new Map<number, number>()
  let leaf = 0
  for (const { column, origin } of columns) {
    const source = origin.from === 'reviews' ? reader.source.view[origin.index] : undefined
    if (source?.from === 'file' && column.kind === 'flat') leafOf.set(source.node.firstLeaf, leaf)
    leaf += column.kind === 'flat' ? 1 : column.node.leaves
  }
  const sorting: SortingColumn[] = []
  for (const column of reader.group.sorting) {
    const at = leafOf.get(column.leaf)
    // The order of the following columns only holds among rows with the same value in this one.
    if (at === undefined) break
    sorting.push({ ...column, leaf: at })
  }
  return sorting
}

/** A column chunk whose bytes have no place in a file yet. */
export interface FinishedChunk {
  readonly written: WrittenChunk
  readonly type: PhysicalType
  /** Those that are not in the file already. */
  readonly parts: readonly Uint8Array[]
}

/** Finishes the chunks of a column, one after the other. */
export function* finishChunks({ leaves }: ColumnWriter): Generator<FinishedChunk> {
  for (const { chunk, type } of leaves) {
    const written = chunk.finish()
    yield { written, type, parts: chunk.take() }
  }
}

/** Writes chunks at the file's current position. The first one may already have begun, at `begun`. */
export async function placeChunks(
  file: FileWriter,
  finished: Iterable<FinishedChunk>,
  codecs: Codecs,
  chunks: Chunks,
  begun = file.target.position,
): Promise<void> {
  let start = begun
  for (const { written, type, parts } of finished) {
    for (const part of parts) await file.target.write(part)
    chunks.push(placed(written, start, type, codecs))
    start = file.target.position
  }
}

function placed(chunk: WrittenChunk, start: number, type: PhysicalType, { codec }: Codecs): Chunks[number] {
  const { pages, ...rest } = chunk
  return {
    ...rest,
    type,
    codec,
    dictionaryPage: chunk.dictionaryPage === null ? null : start + chunk.dictionaryPage,
    dataPage: start + chunk.dataPage,
    sizeStatistics: undefined,
    bloomFilter: undefined,
    offsetIndex: offsetIndex(pages.map(page => ({ ...page, offset: start + page.offset }))),
  }
}
