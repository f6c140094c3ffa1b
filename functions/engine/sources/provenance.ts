import { type Compressors, parquetReadObjects } from 'hyparquet'
import type { ObjectVersion, Store } from '../../lake/store.ts'
import { checkPages } from '../../parquet/metadata/check-pages.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { UnreadableFile } from './file-fault.ts'

/** Where a parked row comes from: row number `row` (from 0) of a bronze version. */
export interface Origin extends ObjectVersion {
  readonly row: number
}

/** Reads where the rows of a parked file come from, in the file's order. Throws UnreadableFile for one that is damaged. */
export async function readOrigins(store: Store, key: string, codecs: Codecs): Promise<Origin[]> {
  const bytes = await store.get(key)
  const columns = ['_silversmith_key', '_silversmith_etag', '_silversmith_row']
  // the codecs that parked files are written with
  const compressors: Compressors = {
    SNAPPY: (page, length) => codecs.decompress('SNAPPY', page, length),
    ZSTD: (page, length) => codecs.decompress('ZSTD', page, length),
  }
  try {
    checkPages(bytes)
    const rows = await parquetReadObjects({ file: bytes.buffer, columns, compressors })
    return rows.map(row => ({
      key: String(row._silversmith_key),
      etag: String(row._silversmith_etag),
      row: Number(row._silversmith_row),
    }))
  } catch (error) {
    throw new UnreadableFile(key, error instanceof Error ? error.message : String(error), { cause: error })
  }
}
