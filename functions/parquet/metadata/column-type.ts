import { decimalType, isNested, type PrimitiveType, type SqlType, sameType } from '../../sql/types.ts'
import type { ConvertedType, PhysicalType } from './format.ts'
import { ParquetError } from './parquet-error.ts'
import type { LogicalType, SchemaElement } from './schema.ts'

/**
 * How a flat column's values are stored in a file. `annotation` says what the bytes mean; Athena, Spark and DuckDB agree
 * on those of SILVER_ANNOTATIONS, which may be carried into a silver file.
 */
export interface Physical {
  readonly type: PhysicalType
  /** Bytes of a FIXED_LEN_BYTE_ARRAY, otherwise 0. */
  readonly typeLength: number
  readonly annotation: Annotation
  readonly sql: SqlType
}

const SILVER_ANNOTATIONS = ['none', 'string', 'int8', 'int16', 'date', 'decimal', 'millis', 'micros', 'local'] as const
/**
 * `millis` and `micros` are instants; `local` is microseconds without a time zone. `nested` values are whole values in a
 * dictionary in memory, as valueCodec writes them.
 */
export type Annotation =
  | (typeof SILVER_ANNOTATIONS)[number]
  | 'uint'
  | 'nanos'
  | 'local millis'
  | 'fixed'
  | 'half'
  | 'nested'

/** Whether the bytes of such a column may be in a silver file as they are. */
export function isSilver({ annotation }: Physical): boolean {
  return (SILVER_ANNOTATIONS as readonly string[]).includes(annotation)
}

/** Whether bytes of one form are bytes of the other. */
export function samePhysical(a: Physical, b: Physical): boolean {
  return a.type === b.type && a.typeLength === b.typeLength && a.annotation === b.annotation && sameType(a.sql, b.sql)
}

const SILVER_FORMS: Readonly<Record<PrimitiveType, readonly [PhysicalType, Annotation]>> = {
  boolean: ['BOOLEAN', 'none'],
  tinyint: ['INT32', 'int8'],
  smallint: ['INT32', 'int16'],
  int: ['INT32', 'none'],
  bigint: ['INT64', 'none'],
  float: ['FLOAT', 'none'],
  double: ['DOUBLE', 'none'],
  string: ['BYTE_ARRAY', 'string'],
  binary: ['BYTE_ARRAY', 'none'],
  date: ['INT32', 'date'],
  timestamp: ['INT64', 'micros'],
}

/** The form in which computed columns and those of customers are written: Spark's, with INT64 microseconds. */
export function silverPhysical(sql: SqlType): Physical {
  const of = (type: PhysicalType, annotation: Annotation, typeLength = 0) => ({ type, typeLength, annotation, sql })
  if (typeof sql === 'string') return of(...SILVER_FORMS[sql])
  if (isNested(sql)) return of('BYTE_ARRAY', 'nested')
  if (sql.precision <= 9) return of('INT32', 'decimal')
  if (sql.precision <= 18) return of('INT64', 'decimal')
  // The fewest bytes that hold 10^precision - 1 in two's complement, as Spark writes it.
  return of('FIXED_LEN_BYTE_ARRAY', 'decimal', Math.ceil((Math.log2(10) * sql.precision + 1) / 8))
}

/**
 * The form of a leaf's values, with the type that Spark reads them as. Throws ParquetError for a type that is not read
 * here, and for an annotation that its physical type can't have (LogicalTypes.md), since its bytes could mean anything.
 */
export function physicalOf(element: SchemaElement): Physical {
  const { type, typeLength, name } = element
  if (type === null) throw new ParquetError(`column ${name} is nested`)
  const isFixed = type === 'FIXED_LEN_BYTE_ARRAY'
  if (isFixed && (typeLength < 1 || typeLength > 1 << 20)) {
    throw new ParquetError(`column ${name} has values of ${typeLength} bytes`)
  }
  const logical = annotationOf(element)
  const read = logical ? annotated(logical, type, typeLength) : plain(type)
  if (read) return { type, typeLength, annotation: read[1], sql: read[0] }
  const form = isFixed ? `${type}(${typeLength})` : type
  throw new ParquetError(`column ${name} is ${nameOf(logical)} on ${form}, which is not read here`)
}

/** Whether a leaf is NULL in every row, so that it has no type yet (LogicalTypes.md, "UNKNOWN"). */
export function isUnknown({ logical }: SchemaElement): boolean {
  return logical?.kind === 'unknown'
}

/** The newer form of older annotations whose name says everything. */
const NEWER_FORMS: Readonly<Partial<Record<ConvertedType, LogicalType>>> = {
  UTF8: { kind: 'string' },
  ENUM: { kind: 'enum' },
  JSON: { kind: 'json' },
  BSON: { kind: 'bson' },
  DATE: { kind: 'date' },
  INTERVAL: { kind: 'interval' },
  LIST: { kind: 'list' },
  MAP: { kind: 'map' },
  MAP_KEY_VALUE: { kind: 'map' },
  TIME_MILLIS: { kind: 'time', utc: true, unit: 'millis' },
  TIME_MICROS: { kind: 'time', utc: true, unit: 'micros' },
  TIMESTAMP_MILLIS: { kind: 'timestamp', utc: true, unit: 'millis' },
  TIMESTAMP_MICROS: { kind: 'timestamp', utc: true, unit: 'micros' },
}

/** The annotation of a leaf in its newer form, which wins where there are both (LogicalTypes.md, "Compatibility"). */
function annotationOf({ logical, converted, scale, precision }: SchemaElement): LogicalType | null {
  if (logical && logical.kind !== 'other') return logical
  if (converted === null) return null
  if (converted === 'DECIMAL') return { kind: 'decimal', scale, precision }
  const [bits] = /\d+$/.exec(converted) ?? []
  return NEWER_FORMS[converted] ?? { kind: 'integer', bits: Number(bits), signed: !converted.startsWith('U') }
}

type Read = readonly [sql: SqlType, annotation: Annotation]

/** How values without an annotation are read. */
function plain(type: PhysicalType): Read {
  const sql = {
    BOOLEAN: 'boolean',
    INT32: 'int',
    INT64: 'bigint',
    INT96: 'timestamp',
    FLOAT: 'float',
    DOUBLE: 'double',
    BYTE_ARRAY: 'binary',
    FIXED_LEN_BYTE_ARRAY: 'binary',
  } as const
  return [sql[type], type === 'FIXED_LEN_BYTE_ARRAY' ? 'fixed' : 'none']
}

/** How annotated values are read; null where the physical type can't have the annotation, or it is not read here. */
function annotated(logical: LogicalType, type: PhysicalType, length: number): Read | null {
  switch (logical.kind) {
    case 'string':
    case 'enum':
    case 'json':
      return type === 'BYTE_ARRAY' ? ['string', 'string'] : null
    case 'bson':
      return type === 'BYTE_ARRAY' ? ['binary', 'none'] : null
    case 'uuid':
      return type === 'FIXED_LEN_BYTE_ARRAY' && length === 16 ? ['binary', 'fixed'] : null
    case 'float16':
      return type === 'FIXED_LEN_BYTE_ARRAY' && length === 2 ? ['float', 'half'] : null
    case 'date':
      return type === 'INT32' ? ['date', 'date'] : null
    case 'timestamp':
      return type === 'INT64' ? ['timestamp', unitOf(logical)] : null
    case 'integer': {
      const read = type === (logical.bits === 64 ? 'INT64' : 'INT32') ? INTEGERS[logical.bits] : undefined
      return read?.[logical.signed ? 'signed' : 'unsigned'] ?? null
    }
    case 'decimal': {
      const { precision, scale } = logical
      const fits = precision >= 1 && precision <= digitsIn(type, length) && scale >= 0 && scale <= precision
      return fits ? [decimalType(precision, scale), 'decimal'] : null
    }
    case 'unknown':
    case 'other':
      return plain(type)
    default:
      return null
  }
}

/** How integers are read, by their bits. */
const INTEGERS: Readonly<Record<number, { readonly signed: Read; readonly unsigned: Read }>> = {
  8: { signed: ['tinyint', 'int8'], unsigned: ['smallint', 'uint'] },
  16: { signed: ['smallint', 'int16'], unsigned: ['int', 'uint'] },
  32: { signed: ['int', 'none'], unsigned: ['bigint', 'uint'] },
  64: { signed: ['bigint', 'none'], unsigned: [decimalType(20, 0), 'uint'] },
}

/** The most decimal digits that values of a physical type hold, at most 38: no reader has more. */
function digitsIn(type: PhysicalType, length: number): number {
  if (type === 'INT32') return 9
  if (type === 'INT64') return 18
  if (type === 'BYTE_ARRAY') return 38
  return type === 'FIXED_LEN_BYTE_ARRAY' ? Math.min(38, Math.floor(Math.log10(2) * (8 * length - 1))) : 0
}

function unitOf({ unit, utc }: { readonly unit: string; readonly utc: boolean }): Annotation {
  if (unit === 'nanos') return 'nanos'
  if (unit === 'millis') return utc ? 'millis' : 'local millis'
  return utc ? 'micros' : 'local'
}

/** An annotation as LogicalTypes.md names it. */
function nameOf(logical: LogicalType | null): string {
  if (logical?.kind === 'decimal') return `DECIMAL(${logical.precision},${logical.scale})`
  if (logical?.kind === 'integer') return `${logical.signed ? '' : 'U'}INT_${logical.bits}`
  return logical?.kind.toUpperCase() ?? 'of no kind'
}
