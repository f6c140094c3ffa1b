import type { ByteRange } from '../../base/bytes.ts'
import { MIN_COPY_BYTES, type ObjectWriter } from '../../lake/store.ts'
import { samePhysical } from '../../parquet/metadata/column-type.ts'
import { leavesOf } from '../../parquet/metadata/footer.ts'
import { type CodecName, ENCODING } from '../../parquet/metadata/format.ts'
import { movedOffsetIndex, withoutBounds } from '../../parquet/metadata/page-index.ts'
import type { ColumnChunk, Section } from '../../parquet/metadata/row-group.ts'
import { isCorrected } from '../../parquet/pages/corrected.ts'
import type { FileWriter, FinishedRowGroup } from '../../parquet/pages/file-writer.ts'
import type { GroupReader } from './group-reader.ts'
import { sameForm } from './nested-form.ts'
import type { PlannedColumn } from './silver-plan.ts'
import type { JoinSource } from './source.ts'

/** The chunks of a row group that hold a planned column as it is to be written, or null if it has to be rewritten. */
export function chunksToCopy(reader: GroupReader, { column, origin }: PlannedColumn): readonly ColumnChunk[] | null {
  if (origin.from !== 'reviews') return null
  const source = reader.source.view[origin.index]
  if (source?.from !== 'file') return null
  if (column.kind === 'flat') {
    const optional = source.node.element.repetition !== 'REQUIRED'
    if (!source.physical || !samePhysical(source.physical, column.physical) || optional !== column.optional) return null
  } else if (!sameForm(source.node, column.node)) return null
  const leaves = leavesOf(source.node)
  const chunks = reader.group.columns.slice(source.node.firstLeaf, source.node.firstLeaf + leaves.length)
  const { footer } = reader.source.open
  const isCarried = chunks.every((chunk, i) => {
    const leaf = leaves[i]
    return leaf && isReadByAll(chunk) && !isCorrected(footer, leaf, chunk)
  })
  return isCarried ? chunks : null
}

/** Codecs that not all of Athena (Trino), Spark 3.5, DuckDB and pyarrow read. */
const RARE_CODECS: readonly CodecName[] = ['LZ4', 'LZ4_RAW', 'BROTLI']

/** Whether all of them read a chunk as it is; BYTE_STREAM_SPLIT is too new for some. */
function isReadByAll({ codec, encodings }: ColumnChunk): boolean {
  return !RARE_CODECS.includes(codec) && !encodings.includes(ENCODING.BYTE_STREAM_SPLIT)
}

/** Writes a silver file, into which ranges of others can be copied. */
export type SilverWriter = FileWriter<ObjectWriter>

/** Copies a range of a source to the end of the file: inside the store if it is large. */
export async function copyRange(
  file: SilverWriter,
  { file: source, open }: JoinSource,
  range: ByteRange,
): Promise<void> {
  if (range.end - range.start >= MIN_COPY_BYTES) await file.target.copy(source, range)
  // The bytes may be part of a larger buffer that others still read, and a writer owns what it gets.
  else await file.target.write((await open.read(range)).slice())
}

/** What the footer says about a chunk that was copied and now begins `distance` bytes further on. */
export async function copiedChunk(
  reader: GroupReader,
  chunk: ColumnChunk,
  distance: number,
): Promise<FinishedRowGroup['chunks'][number]> {
  const { source } = reader
  const { columnIndex, offsetIndex } = indexesOf(source, chunk)
  return {
    ...carriedChunk(source, chunk),
    dictionaryPage: chunk.dictionaryPage === null ? null : chunk.dictionaryPage + distance,
    dataPage: chunk.dataPage + distance,
    bloomFilter: undefined,
    columnIndex: columnIndex && (await readSection(source, columnIndex)).slice(),
    offsetIndex: offsetIndex && movedOffsetIndex(await readSection(source, offsetIndex), distance),
  }
}

/** What the footer says about a chunk that stays where it was, in a file that begins with the body of the source. */
export function keptChunk(source: JoinSource, chunk: ColumnChunk): FinishedRowGroup['chunks'][number] {
  const { bloomFilter } = chunk
  const hasFilter = bloomFilter && isInBody(source, { offset: bloomFilter.offset, length: bloomFilter.length ?? 1 })
  return {
    ...carriedChunk(source, chunk),
    ...indexesOf(source, chunk),
    bloomFilter: hasFilter ? bloomFilter : undefined,
  }
}

/** A chunk's page index; none if the footer points outside the file's body. */
function indexesOf(
  source: JoinSource,
  { columnIndex, offsetIndex }: ColumnChunk,
): { columnIndex: Section | null; offsetIndex: Section | null } {
  const isWhole = (!columnIndex || isInBody(source, columnIndex)) && offsetIndex && isInBody(source, offsetIndex)
  return isWhole ? { columnIndex: columnIndex ?? null, offsetIndex } : { columnIndex: null, offsetIndex: null }
}

function isInBody({ open }: JoinSource, { offset, length }: Section): boolean {
  return offset >= 4 && length > 0 && offset + length <= open.footer.bodyEnd
}

function carriedChunk({ open }: JoinSource, chunk: ColumnChunk) {
  const { statistics } = chunk
  return {
    ...chunk,
    // Our footer says that bounds follow the order of the column's type, so the source's must say so too.
    statistics: statistics && !open.footer.hasColumnOrders ? withoutBounds(statistics) : statistics,
  }
}

async function readSection({ open }: JoinSource, { offset, length }: Section): Promise<Uint8Array> {
  return await open.read({ start: offset, end: offset + length })
}
