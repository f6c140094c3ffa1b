import type { ObjectVersion } from '../lake/store.ts'
import type { Column } from '../sql/types.ts'
import type { DeferredFile, FORMAT, OutdatedFile, QuarantinedFile, Rows } from './commit.ts'

/** The key of a silver file's footer metadata under which its result stands. */
export const RESULT = 'silversmith'

/**
 * What became of an item: the whole of it stands in the footer of the item's silver file, so that Commit needs nothing
 * else and a lost log can be rebuilt from the files.
 */
export interface ItemResult {
  readonly format: typeof FORMAT
  readonly operation: 'append' | 'replace'
  readonly batch: string
  readonly attempt: string
  readonly ingestDate: string
  readonly plannedAt: string
  /** The end of the log as the plan saw it: it proves that commit. Files of earlier versions have none. */
  readonly seen?: { readonly version: number; readonly attempt: string }
  readonly item: number
  readonly items: number
  /** Hex SHA-256 of plan.json. */
  readonly plan: string
  /** Hex SHA-256 of the query's text. */
  readonly query: string
  /** The columns of the reviews view. */
  readonly reviews: readonly Column[]
  /** The customers snapshot, null where the query has no join. */
  readonly customers: string | null
  readonly bronze: readonly BronzeResult[]
  readonly unparked: readonly UnparkedResult[]
  readonly parked: readonly ParkedResult[]
  /** An append: the item's parked files, when no row of any met its customer: they wait on as they are. */
  readonly kept: readonly ObjectVersion[]
  /** A replace: the parked files of the batch whose rows were left out. */
  readonly leaveOut: readonly string[]
  /** Bronze versions in whose place a replace, this one or one before it, put others. */
  readonly outdates: readonly OutdatedFile[]
  readonly quarantined: readonly QuarantinedFile[]
  readonly deferred: readonly DeferredFile[]
}

export interface BronzeResult extends ObjectVersion {
  readonly size: number
  readonly modified: string
  readonly rows: Rows
}

export interface UnparkedResult extends ObjectVersion {
  readonly rows: Rows
}

/** The parked file that the item wrote, at most one. */
export interface ParkedResult {
  readonly key: string
  readonly rows: number
  readonly since: string
  readonly bronze: readonly ObjectVersion[]
}
