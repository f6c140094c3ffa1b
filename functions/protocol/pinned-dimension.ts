import type { ObjectVersion } from '../lake/store.ts'

/** A dimension as this run uses it. */
export interface PinnedDimension {
  /** Its name in the query. */
  readonly name: string
  /** The snapshot's name: a hash of format, files, key and types. */
  readonly snapshot: string
  readonly files: readonly PinnedFile[]
  /** The folder of the files, below which `key=value` segments are columns; earlier versions had none. */
  readonly root?: string
  /** Rows of all files, as their footers say. */
  readonly rows: number
  /** Of a derived dimension: the tables that its query reads. `files` are those of all of them. */
  readonly tables?: readonly PinnedTable[]
}

/** A table as this run uses it. */
export interface PinnedTable {
  readonly name: string
  readonly root: string
  readonly files: readonly PinnedFile[]
}

export interface PinnedFile extends ObjectVersion {
  readonly size: number
}
