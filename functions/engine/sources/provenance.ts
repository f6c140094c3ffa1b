import { type Compressors, parquetReadObjects } from 'hyparquet'
import type { ObjectVersion, Store } from '../../lake/store.ts'
import { checkPages } from '../../parquet/metadata/check-pages.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { UnreadableFile } from './file-fault.ts'
import { PROVENANCE } from './source-file.ts'

/** Where a parked row comes from: row number `row` (from 0) of a bronze version. */
export interface Origin extends ObjectVersion {
  readonly row: number
}

/** Reads where the rows of a parked file come from, in the file's order. Throws UnreadableFile for one that is damaged. */
export async function readOrigins(store: Store, key: string, codecs: Codecs): Promise<Origin[]> {
  const bytes = await store.get(key)
  const [keyColumn, etagColumn, rowColumn] = PROVENANCE
  const columns = [keyColumn.name, etagColumn.name, rowColumn.name]
  // the codecs that parked files are written with
  const compressors: Compressors = {
    SNAPPY: (page, length) => codecs.decompress('SNAPPY', page, length),
    ZSTD: (page, length) => codecs.decompress('ZSTD', page, length),
  }
  try {
    checkPages(bytes)
    const rows = await parquetReadObjects({ file: bytes.buffer, columns, compressors })
    return rows.map(row => ({
      key: String(row[keyColumn.name]),
      etag: String(row[etagColumn.name]),
      row: Number(row[rowColumn.name]),
    }))
  } catch (error) {
    throw new UnreadableFile(key, error instanceof Error ? error.message : String(error), { cause: error })
  }
}
