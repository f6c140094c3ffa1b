import type { Physical } from '../../parquet/metadata/column-type.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import type { Column, SqlType } from '../../sql/types.ts'

/** A dimension of one run, looked up by key without parsing. */
export interface OpenDimension {
  readonly rows: number
  readonly columns: readonly Column[]
  /** The entry whose key has the bytes from `start` to `end` (see keyBytes), or -1. */
  find(bytes: Uint8Array, start: number, end: number): number
  /** The entries of all keys among byte arrays, or -1. */
  findAll(values: PlainValues): Int32Array
  /**
   * The rows of each entry: those of entry e are `list[starts[e]]` to before `list[starts[e + 1]]`. Null if each entry is
   * just the row of the same number.
   */
  readonly rowsOf: { readonly starts: Int32Array; readonly list: Int32Array } | null
  /** A column by its name in any case, or null. */
  column(name: string): DimensionColumn | null
}

/** A column of a dimension: for each row an index into the dictionary, -1 for NULL. */
export interface DimensionColumn {
  readonly type: SqlType
  readonly codes: Int32Array
  readonly dictionary: PlainValues
  readonly physical: Physical
}
