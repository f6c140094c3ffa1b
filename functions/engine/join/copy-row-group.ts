import type { FinishedRowGroup } from '../../parquet/pages/file-writer.ts'
import { chunksToCopy, copiedChunk, copyRange, type SilverWriter } from './copy-chunks.ts'
import type { Slice } from './output-rows.ts'
import { rewriteColumn, sortingOf } from './row-group-writer.ts'
import type { PlannedColumn } from './silver-plan.ts'

/**
 * Writes a row group that keeps every row: the chunks of carried columns are copied, those side by side as one range, and
 * the other columns are written between them.
 */
export async function copyRowGroup(file: SilverWriter, columns: readonly PlannedColumn[], slice: Slice): Promise<void> {
  const { reader, rows } = slice
  const chunks: FinishedRowGroup['chunks'][number][] = []
  for (let at = 0; at < columns.length; ) {
    const planned = columns[at]
    if (!planned) break
    const first = chunksToCopy(reader, planned)
    at++
    if (!first) {
      await rewriteColumn(file, planned, slice, chunks)
      continue
    }
    const copied = [...first]
    for (; at < columns.length; at++) {
      const next = columns[at]
      const more = next ? chunksToCopy(reader, next) : null
      if (!more || more[0]?.start !== copied.at(-1)?.end) break
      copied.push(...more)
    }
    let moved = file.target.position - (copied[0]?.start ?? 0)
    for (const range of ranges(copied)) await copyRange(file, reader.source, range)
    for (const [i, chunk] of copied.entries()) {
      // The chunks of a nested column need not lie side by side.
      if (i > 0) moved -= chunk.start - (copied[i - 1]?.end ?? chunk.start)
      chunks.push(await copiedChunk(reader, chunk, moved))
    }
  }
  file.add({ rows: rows.count, chunks, sorting: sortingOf(reader, columns) })
}

/** Chunks that lie side by side as one range. */
function ranges(chunks: readonly { readonly start: number; readonly end: number }[]): { start: number; end: number }[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of chunks) {
    const last = joined.at(-1)
    if (last?.end === start) last.end = end
    else joined.push({ start, end })
  }
  return joined
}
