import type { ObjectVersion } from '../lake/store.ts'
import type { Expr } from '../sql/compiled.ts'
import type { SqlType } from '../sql/types.ts'

/** A dimension as this run takes it. */
export interface PinnedDimension {
  /** As the query has it. */
  readonly name: string
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
