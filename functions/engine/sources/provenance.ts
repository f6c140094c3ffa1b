import type { ByteRange } from '../../base/bytes.ts'
import type { ObjectVersion, Store } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { readColumns } from '../../parquet/values/read-columns.ts'
import { blaming } from './file-fault.ts'
import { PROVENANCE } from './source-file.ts'

/** Where a parked row comes from: row number `row` (from 0) of a bronze version. */
export interface Origin extends ObjectVersion {
  readonly row: number
}

/** Reads where the rows of a parked file come from, in the file's order. Throws UnreadableFile if it is damaged. */
export async function readOrigins(store: Store, key: string, codecs: Codecs): Promise<Origin[]> {
  const bytes = await store.get(key)
  const columns = PROVENANCE.map(({ name }) => name)
  const source = { size: bytes.length, read: async ({ start, end }: ByteRange) => bytes.subarray(start, end) }
  const [keys = [], etags, rows] = await blaming(key, () => readColumns(source, columns, codecs))
  return keys.map((key, i) => ({ key: String(key), etag: String(etags?.[i]), row: Number(rows?.[i]) }))
}
