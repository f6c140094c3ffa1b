import type { ByteRange } from '../../base/bytes.ts'
import type { ObjectVersion, Store } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { readRows } from '../../parquet/rows/read-rows.ts'
import { blaming } from './file-fault.ts'
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
  const source = { size: bytes.length, read: async ({ start, end }: ByteRange) => bytes.subarray(start, end) }
  const rows = await blaming(key, () => readRows(source, columns, codecs))
  return rows.map(row => ({
    key: String(row[keyColumn.name]),
    etag: String(row[etagColumn.name]),
    row: Number(row[rowColumn.name]),
  }))
}
