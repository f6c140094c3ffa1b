import type { FinishedRowGroup } from '../../parquet/pages/file-writer.ts'
import { chunksToCopy, copyRange, keptChunk } from './copy-chunks.ts'
import { rewriteColumn, sortingOf } from './row-group-writer.ts'
import { groupReaders, type Run, type WaitingGroup } from './run.ts'
import type { JoinSource } from './source.ts'

/**
 * Whether the silver file can be the body of the source, byte for byte, with new column chunks behind it: if the query
 * keeps all columns in their order and form. Whether the join keeps all rows is another question.
 */
export function canAppend({ columns, codecs, smallRows }: Run, source: JoinSource): boolean {
  const { footer } = source.open
  const groups = footer.rowGroups.length
  if (source.file.parked || groups === 0) return false
  // Chunks cost time and footer each: of mostly small row groups it is cheaper to make large ones, here and for readers.
  if (groups > 1 && footer.rows < groups * smallRows) return false
  const inOrder = footer.schema.children.every((node, i) => {
    const origin = columns[i]?.origin
    const column = origin?.from === 'reviews' ? source.view[origin.index] : undefined
    return column?.from === 'file' && column.node === node
  })
  if (!inOrder) return false
  for (const reader of groupReaders(source, codecs)) {
    if (!carriedColumns(columns, source).every(column => chunksToCopy(reader, column))) return false
  }
  return true
}

/** Writes the body of the source, for each row group the chunks of the columns that the source does not have. */
export async function appendColumns(
  { silver, ingredients, columns }: Run,
  source: JoinSource,
  groups: readonly WaitingGroup[],
): Promise<void> {
  const added = columns.slice(source.open.footer.schema.children.length)
  await copyRange(silver, source, { start: 0, end: source.open.footer.bodyEnd })
  for (const waiting of groups) {
    const group = await waiting()
    const { reader } = group
    // The one slice of a row group that is kept whole; an empty row group has none.
    for (const rows of group.rows()) {
      const chunks: FinishedRowGroup['chunks'][number][] = reader.group.columns.map(chunk => keptChunk(source, chunk))
      for (const planned of added) await rewriteColumn(silver, planned, reader, rows, ingredients, chunks)
      silver.add({ rows: rows.count, chunks, sorting: sortingOf(reader, columns) })
    }
    reader.release()
  }
}

function carriedColumns(columns: Run['columns'], source: JoinSource): Run['columns'] {
  return columns.slice(0, source.open.footer.schema.children.length)
}
