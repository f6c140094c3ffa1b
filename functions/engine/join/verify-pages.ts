import { leavesOf } from '../../parquet/metadata/footer.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import { chunksToCopy } from './copy-chunks.ts'
import { checkLevels } from './fill-nested.ts'
import type { GroupReader } from './group-reader.ts'
import type { PlannedColumn } from './silver-plan.ts'

/**
 * Decodes all pages of the chunks that are to be copied as they are, so that a file with a damaged page is refused just as
 * when its rows have to be rewritten. Throws ParquetError.
 */
export async function verifyCopied(reader: GroupReader, columns: readonly PlannedColumn[]): Promise<void> {
  const copied = columns.flatMap(planned => {
    const source = planned.origin.from === 'reviews' ? reader.source.view[planned.origin.index] : undefined
    return source?.from === 'file' && chunksToCopy(reader, planned) ? leavesOf(source.node) : []
  })
  if (copied.length > 0) await reader.prefetch()
  for (const leaf of copied) {
    const pages = await reader.chunk(leaf)
    let rows = 0
    for (const page of pages.decoded()) {
      checkLevels(page, leaf, rows === 0)
      if (!page.repetition) rows += page.entries
      else for (const level of page.repetition) if (level === 0) rows++
    }
    if (rows !== reader.group.rows) {
      throw new ParquetError(`column ${leaf.element.name} has ${rows} rows in a row group of ${reader.group.rows}`)
    }
  }
}
