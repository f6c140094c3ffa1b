import type { ObjectVersion } from '../lake/store.ts'
import type { CompiledQuery, Expr } from '../sql/compiled.ts'
import type { Column, SqlType } from '../sql/types.ts'
import type { FORMAT, OutdatedFile, ParkedFile } from './commit.ts'

/** What all items of an attempt share: `query.json`. Written before `plan.json`, which it names by its hash. */
export interface BatchPlan {
  readonly format: typeof FORMAT
  readonly operation: 'append' | 'replace'
  readonly batch: string
  readonly attempt: string
  readonly ingestDate: string
  readonly execution: string
  readonly input: unknown
  /** When the pass was planned, ISO 8601: `current_timestamp` of the query. */
  readonly plannedAt: string
  readonly seen: SeenLog
  readonly query: CompiledQuery
  /** null where the query has no join. */
  readonly customers: PinnedCustomers | null
  readonly unmatched: 'park' | 'drop'
  /** A replace: parked files of the batch, whose rows belong to them and are left out. */
  readonly leaveOut: readonly string[]
  /** The parked files among the items. */
  readonly parked: readonly ParkedInput[]
  /** A replace: parked files of the batch that can't be had: their rows are taken from where they came from again. */
  readonly takenBack: readonly Pick<ParkedFile, 'key' | 'since'>[]
  /** Bronze versions in whose place others were put: what the named parked files hold of them is left out. */
  readonly outdated: readonly OutdatedFile[]
  /** Those that this very batch puts others in place of. */
  readonly outdates: readonly OutdatedFile[]
  /** Bronze and parked files, their bytes and, where their footers were read, their rows. */
  readonly files: number
  readonly bytes: number
  readonly rows: number
  /** How many items `plan.json` has, and the hex SHA-256 of its bytes. */
  readonly items: number
  readonly plan: string
}

/** The log as the plan saw it: Commit looks at every version after it. */
export interface SeenLog {
  /** -1 for an empty log. */
  readonly version: number
  /** The attempt of the commit at that version: another one there means that the log was rebuilt since. */
  readonly attempt: string
  /** The snapshot it was read from, or -1. */
  readonly snapshot: number
  readonly schema: readonly Column[]
}

/** The customers as this run takes them. */
export interface PinnedCustomers {
  /** The snapshot's name: a hash of format, files, key column and type. */
  readonly snapshot: string
  readonly files: readonly PinnedFile[]
  /** Rows of all files, as their footers say. */
  readonly rows: number
  readonly key: Expr
  /** The type that keys are compared as. */
  readonly type: SqlType
}

export interface PinnedFile extends ObjectVersion {
  readonly size: number
}

/** One join worker's work: bronze files or parked files, never both. `plan.json` is an array of these. */
export interface Item {
  /** From 0. */
  readonly item: number
  readonly bronze: readonly BronzeInput[]
  readonly parked: readonly PinnedFile[]
}

export interface BronzeInput extends PinnedFile {
  /** ISO 8601. */
  readonly modified: string
  /** Why it does not fit the other files, where Plan has seen that: Join quarantines it unread. */
  readonly misfit?: string
}

/** A parked file whose rows are tried again. */
export type ParkedInput = Omit<ParkedFile, 'snapshot' | 'join' | 'fault'>
