/** The types that are a word, as Spark and Athena write them. */
export const PRIMITIVE_TYPES = [
  'boolean',
  'tinyint',
  'smallint',
  'int',
  'bigint',
  'float',
  'double',
  'string',
  'binary',
  'date',
  'timestamp',
] as const

export type PrimitiveType = (typeof PRIMITIVE_TYPES)[number]

export interface DecimalType {
  readonly kind: 'decimal'
  readonly precision: number
  readonly scale: number
}

/** Any value in a nested one may be NULL. */
export type NestedType =
  | { readonly kind: 'array'; readonly element: SqlType }
  | { readonly kind: 'map'; readonly key: SqlType; readonly value: SqlType }
  | { readonly kind: 'struct'; readonly fields: readonly Column[] }

/**
 * The types a silver column can have. Two are compared with sameType, never with `===`; printType writes one as text, which
 * is what is persisted.
 */
export type SqlType = PrimitiveType | DecimalType | NestedType

/** `void` is the type of a bare NULL. */
type AnyType = SqlType | 'void'

/** The largest precision of a decimal, in Spark as in Athena. */
export const MAX_PRECISION = 38

export function decimalType(precision: number, scale: number): DecimalType {
  return { kind: 'decimal', precision, scale }
}

/** A type as a decimal; null for any other type, and for none. */
export function decimalOf(type: AnyType | undefined): DecimalType | null {
  return typeof type === 'object' && type.kind === 'decimal' ? type : null
}

export function isNested(type: AnyType): type is NestedType {
  return typeof type === 'object' && type.kind !== 'decimal'
}

/** Whether two types are the same, the names and the order of their fields included. */
export function sameType(a: AnyType, b: AnyType): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b
  switch (a.kind) {
    case 'decimal':
      return b.kind === 'decimal' && a.precision === b.precision && a.scale === b.scale
    case 'array':
      return b.kind === 'array' && sameType(a.element, b.element)
    case 'map':
      return b.kind === 'map' && sameType(a.key, b.key) && sameType(a.value, b.value)
    case 'struct': {
      if (b.kind !== 'struct' || a.fields.length !== b.fields.length) return false
      const others = b.fields
      return a.fields.every(({ name, type }, i) => {
        const other = others[i]
        return other?.name === name && sameType(type, other.type)
      })
    }
  }
}

/**
 * A value of a SqlType at run time: boolean → boolean; tinyint, smallint, int, float, double → number; bigint → bigint;
 * string → string; binary → Uint8Array; date → number (days since 1970-01-01); timestamp → bigint (microseconds since
 * 1970-01-01T00:00:00Z); decimal(p,s) → bigint (unscaled); array → its elements; struct → its fields' values in order; map →
 * its entries in order, each as [key, value]; SQL NULL → null.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array | readonly Value[]

/** Turns a value that is not NULL into one of another type; NULL where there is none. */
export type Convert = (value: Value) => Value

/** Whether a value is an array, a map or a struct; its type says which. */
export function isList(value: Value): value is readonly Value[] {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array)
}

/** One column of a source or of the silver table, or one field of a struct. */
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
