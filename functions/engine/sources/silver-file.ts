import type { ByteRange, ObjectInfo, ObjectWriter } from '../../lake/store.ts'
import type { Rows } from '../../protocol/commit.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import type { Customers } from '../customers/snapshot.ts'

/** One version of a bronze or parked file, opened for ranged reads. */
export interface SourceFile extends ObjectInfo {
  /** Throws ObjectMissing or ObjectChanged when the version is gone, StoreUnavailable when the store is. */
  read(range: ByteRange): Promise<Uint8Array<ArrayBuffer>>
  /** The `key=value` segments of the path, decoded; `__HIVE_DEFAULT_PARTITION__` is null. */
  readonly path: Readonly<Record<string, string | null>>
  /** Whether this is a parked file: its rows carry where they came from in the PROVENANCE columns. */
  readonly parked: boolean
  /** Rows (0-based, ascending) to leave out because an earlier commit of the same batch parked them. */
  readonly leaveOut: readonly number[]
}

/**
 * What became of one file's rows. `written` exceeds `matched` where a customer's key is duplicated; with LEFT JOIN it includes
 * the unmatched. Rows that were left out count as unmatched.
 */
export interface RowCounts extends Rows {
  /** The part of `unmatched` that this run wrote to the parked file. */
  readonly parked: number
}

export interface SilverRequest {
  readonly query: CompiledQuery
  /** null where the query has no join. */
  readonly customers: Customers | null
  /** Rows come out in the order of the files, and of the rows within each. */
  readonly sources: readonly SourceFile[]
  /** Receives the silver file up to its last byte; the caller closes it. */
  readonly silver: ObjectWriter
  /** Opens the parked file when the first row is parked; null where unmatched rows are dropped. The caller closes it. */
  readonly parked: (() => ObjectWriter) | null
  /** The key-value metadata of the silver file's footer, asked for once, when all rows are counted. */
  readonly metadata: (rows: readonly RowCounts[]) => Readonly<Record<string, string>>
  /** Told the rows of each row group when it is looked at, for who watches. */
  readonly progress?: ((rows: number) => void) | undefined
}

/** The columns a parked file has behind those of the reviews view: where each row came from. */
export const PROVENANCE = [
  { name: '_silversmith_key', type: 'string' },
  { name: '_silversmith_etag', type: 'string' },
  { name: '_silversmith_row', type: 'bigint' },
  { name: '_silversmith_size', type: 'bigint' },
  { name: '_silversmith_modified', type: 'timestamp' },
] as const
