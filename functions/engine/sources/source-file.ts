import type { ByteRange } from '../../base/bytes.ts'
import type { ObjectInfo } from '../../lake/store.ts'
import type { BrokenRule, Rows } from '../../protocol/commit.ts'

/** One version of a bronze or parked file, opened for ranged reads. */
export interface SourceFile extends ObjectInfo {
  /** Throws ObjectMissing or ObjectChanged when the version is gone, StoreUnavailable when the store is. */
  read(range: ByteRange): Promise<Uint8Array<ArrayBuffer>>
  /** The `key=value` segments of the path, decoded; `__HIVE_DEFAULT_PARTITION__` is null. */
  readonly path: Readonly<Record<string, string | null>>
  /** Whether this is a parked file: its rows carry where they came from in the PROVENANCE columns. */
  readonly parked: boolean
  /** Rows (from 0, ascending) to leave out because an earlier commit of the same batch parked them. */
  readonly excluded: readonly number[]
}

/**
 * What became of one file's rows. `written` exceeds `matched` if customers share a key; with LEFT JOIN it includes the
 * unmatched rows. Rows that were left out count as unmatched.
 */
export interface RowCounts extends Rows, RuleFindings {
  /** The part of `unmatched` that this run wrote to the parked file. */
  readonly parked: number
}

/** What rules found in one file's rows; members that would be 0 or empty are missing. */
export interface RuleFindings {
  readonly rejected?: number
  /** Output rows in the file of rejected rows. */
  readonly rejectedRows?: number
  readonly broken?: readonly BrokenRule[]
}

/** The column of rejected rows, before PROVENANCE, with the rules that each one breaks, separated by a comma and a space. */
export const RULES = { name: '_silversmith_rules', type: 'string' } as const

/** The columns of a parked file after those of the reviews view: where each row came from. */
export const PROVENANCE = [
  { name: '_silversmith_key', type: 'string' },
  { name: '_silversmith_etag', type: 'string' },
  { name: '_silversmith_row', type: 'bigint' },
  { name: '_silversmith_size', type: 'bigint' },
  { name: '_silversmith_modified', type: 'timestamp' },
] as const
