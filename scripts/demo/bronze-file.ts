import type { ObjectWriter } from '../../functions/lake/store.ts'
import { type Physical, silverPhysical } from '../../functions/parquet/metadata/column-type.ts'
import { offsetIndex } from '../../functions/parquet/metadata/page-index.ts'
import { ChunkWriter } from '../../functions/parquet/pages/chunk-writer.ts'
import type { Codecs } from '../../functions/parquet/pages/codecs.ts'
import { FileWriter, type FinishedRowGroup } from '../../functions/parquet/pages/file-writer.ts'
import type { PlainValues } from '../../functions/parquet/pages/plain-values.ts'

/** A column of a row group: distinct values with a code for each row (-1 for NULL), or a value for each row. */
export interface BronzeColumn {
  readonly name: string
  readonly type: 'string' | 'int' | 'timestamp'
  readonly values: PlainValues
  readonly codes: Int32Array | null
}

/** The columns of a row group, all of the same length. */
export type BronzeGroup = readonly BronzeColumn[]

/** Writes a Parquet file as Spark does: SNAPPY, v1 pages, OPTIONAL columns, INT96 timestamps. Closes nothing. */
export async function writeBronzeFile(
  target: ObjectWriter,
  groups: Iterable<BronzeGroup>,
  codecs: Codecs,
): Promise<void> {
  let file: FileWriter | undefined
  for (const columns of groups) {
    if (!file) {
      file = new FileWriter(
        target,
        columns.map(({ name, type }) => ({ kind: 'flat', name, physical: physicalOf(type), optional: true })),
      )
      await file.begin()
    }
    const chunks: FinishedRowGroup['chunks'][number][] = []
    for (const column of columns) chunks.push(await writeChunk(target, column, codecs))
    file.add({ rows: columns[0] ? rowsOf(columns[0]) : 0, chunks, sorting: [] })
  }
  await file?.finish({})
}

async function writeChunk(
  target: ObjectWriter,
  column: BronzeColumn,
  codecs: Codecs,
): Promise<FinishedRowGroup['chunks'][number]> {
  const physical = physicalOf(column.type)
  const writer = new ChunkWriter(physical, true, codecs)
  if (column.codes) writer.addCodes(column.values, column.codes, null, column.codes.length)
  else writer.addPlain(column.values, null, column.values.count)
  const chunk = writer.finish()
  const start = target.position
  for (const part of writer.take()) await target.write(part)
  return {
    ...chunk,
    type: physical.type,
    codec: codecs.codec,
    dictionaryPage: chunk.dictionaryPage === null ? null : start + chunk.dictionaryPage,
    dataPage: start + chunk.dataPage,
    sizeStatistics: undefined,
    bloomFilter: undefined,
    offsetIndex: offsetIndex(chunk.pages.map(page => ({ ...page, offset: start + page.offset }))),
  }
}

function physicalOf(type: BronzeColumn['type']): Physical {
  if (type === 'timestamp') return { type: 'INT96', typeLength: 0, annotation: 'none', sql: 'timestamp' }
  return silverPhysical(type)
}

function rowsOf({ codes, values }: BronzeColumn): number {
  return codes?.length ?? values.count
}
