import type { FinishedRowGroup } from '../../parquet/pages/file-writer.ts'
import { chunksToCopy, copyRange, keptChunk } from './copy-chunks.ts'
import { rewriteColumn, sortingOf } from './row-group-writer.ts'
import { groupReaders, type Run, type WaitingGroup } from './run.ts'
import { hasInt96 } from './silver-plan.ts'
import type { JoinSource } from './source.ts'

/**
 * Whether the silver file can be the body of the source, byte for byte, followed by new column chunks: if the query keeps
 * all columns in their order and form, except timestamps that are INT96 there. Whether the join keeps all rows is another
 * question.
 */
export function canAppend({ columns, codecs, smallRows }: Run, source: JoinSource): boolean {
  const { footer } = source.open
  const { children } = footer.schema
  const groups = footer.rowGroups.length
  if (source.file.parked || groups === 0) return false
  // Each chunk costs time and footer: if most row groups are small, large ones are cheaper, here and for readers.
  if (groups > 1 && footer.rows < groups * smallRows) return false
  const inOrder = children.every((node, i) => {
    const origin = columns[i]?.origin
    const column = origin?.from === 'reviews' ? source.view[origin.index] : undefined
    return column?.from === 'file' && column.node === node
  })
  if (!inOrder) return false
  for (const reader of groupReaders(source, codecs)) {
    // Spark looks for a row group half its size after its first column's chunk, and must not find the end of the file there.
    const canStay = children.every((node, i) => {
      const planned = columns[i]
      return planned && (chunksToCopy(reader, planned) || (i > 0 && hasInt96(node)))
    })
    if (!canStay) return false
  }
  return true
}

/**
 * Writes the body of the source, and for each row group the chunks of the columns that the source does not have, or has as
 * INT96 where they are to be INT64: nothing refers to those chunks in the body any longer.
 */
export async function appendColumns(
  { silver, request, columns }: Run,
  source: JoinSource,
  groups: readonly WaitingGroup[],
): Promise<void> {
  const carried = source.open.footer.schema.children.length
  await copyRange(silver, source, { start: 0, end: source.open.footer.bodyEnd })
  for (const waiting of groups) {
    const group = await waiting()
    const { reader } = group
    // A row group that is kept whole has one slice; an empty one has none.
    for (const rows of group.rows()) {
      const chunks: FinishedRowGroup['chunks'][number][] = []
      for (const [i, planned] of columns.entries()) {
        const kept = i < carried ? chunksToCopy(reader, planned) : null
        if (kept) chunks.push(...kept.map(chunk => keptChunk(source, chunk)))
        else await rewriteColumn(silver, planned, { reader, rows, ingredients: request }, chunks)
      }
      silver.add({ rows: rows.count, chunks, sorting: sortingOf(reader, columns) })
    }
    reader.release()
  }
}
