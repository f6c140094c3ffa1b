/**
 * The types a silver column can have, written as Spark and Athena write them. Nested types travel as text: they are
 * copied, never computed with.
 */
export type SqlType =
  | 'boolean'
  | 'tinyint'
  | 'smallint'
  | 'int'
  | 'bigint'
  | 'float'
  | 'double'
  | 'string'
  | 'binary'
  | 'date'
  | 'timestamp'
  | `decimal(${number},${number})`
  | `array<${string}>`
  | `map<${string}>`
  | `struct<${string}>`

/**
 * A value of a SqlType at run time: boolean → boolean; tinyint, smallint, int, float, double → number; bigint → bigint;
 * string → string; binary → Uint8Array; date → number (days since 1970-01-01); timestamp → bigint (microseconds since
 * 1970-01-01T00:00:00Z); decimal(p,s) → bigint (unscaled); SQL NULL → null.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array

/** One column of a source or of the silver table. */
export interface Column {
  readonly name: string
  readonly type: SqlType
}

/**
 * A column without a type: it is NULL in every row, so that any type fits it, or it can't be read, for the reason in
 * `fault`.
 */
export interface UntypedColumn {
  readonly name: string
  readonly type: null
  readonly fault: string | null
}

/** A column as a file has it. */
export type FileColumn = Column | UntypedColumn
