import { printType } from '../../sql/type-text.ts'
import { decimalOf, decimalType, isNested, type SqlType, sameType } from '../../sql/types.ts'
import type { PhysicalType } from './format.ts'
import { ParquetError } from './parquet-error.ts'
import type { LogicalType, SchemaElement } from './schema.ts'

/**
 * How a flat column's values lie in a file. `annotation` says what the bytes mean; those of SILVER_ANNOTATIONS are read
 * alike by Athena, Spark and DuckDB and may be carried into a silver file.
 */
export interface Physical {
  readonly type: PhysicalType
  /** Bytes of a FIXED_LEN_BYTE_ARRAY, else 0. */
  readonly typeLength: number
  readonly annotation: Annotation
  readonly sql: SqlType
}

const SILVER_ANNOTATIONS = ['none', 'string', 'int8', 'int16', 'date', 'decimal', 'millis', 'micros', 'local'] as const
/**
 * `millis` and `micros` are instants; `local` is microseconds without a time zone. `nested` are whole values in dictionaries in
 * memory, as valueCodec writes them.
 */
export type Annotation =
  | (typeof SILVER_ANNOTATIONS)[number]
  | 'uint'
  | 'nanos'
  | 'local millis'
  | 'fixed'
  | 'half'
  | 'nested'

/** Whether the bytes of such a column may stand in a silver file as they are. */
export function isSilver({ annotation }: Physical): boolean {
  return (SILVER_ANNOTATIONS as readonly string[]).includes(annotation)
}

/** Whether bytes of one form are bytes of the other. */
export function samePhysical(a: Physical, b: Physical): boolean {
  return a.type === b.type && a.typeLength === b.typeLength && a.annotation === b.annotation && sameType(a.sql, b.sql)
}

/** The form in which computed columns and those of customers are written: Spark's, with INT64 microseconds. */
export function silverPhysical(sql: SqlType): Physical {
  const of = (type: PhysicalType, annotation: Annotation = 'none', typeLength = 0) => ({
    type,
    typeLength,
    annotation,
    sql,
  })
  switch (sql) {
    case 'boolean':
      return of('BOOLEAN')
    case 'tinyint':
      return of('INT32', 'int8')
    case 'smallint':
      return of('INT32', 'int16')
    case 'int':
      return of('INT32')
    case 'bigint':
      return of('INT64')
    case 'float':
      return of('FLOAT')
    case 'double':
      return of('DOUBLE')
    case 'string':
      return of('BYTE_ARRAY', 'string')
    case 'binary':
      return of('BYTE_ARRAY')
    case 'date':
      return of('INT32', 'date')
    case 'timestamp':
      return of('INT64', 'micros')
    default: {
      if (isNested(sql)) return of('BYTE_ARRAY', 'nested')
      const decimal = decimalOf(sql)
      if (!decimal) throw new ParquetError(`a column of type ${printType(sql)} can't be computed`)
      if (decimal.precision <= 9) return of('INT32', 'decimal')
      if (decimal.precision <= 18) return of('INT64', 'decimal')
      // The fewest bytes that hold 10^precision - 1 in two's complement, as Spark writes it.
      const bytes = Math.ceil((Math.log2(10) * decimal.precision + 1) / 8)
      return of('FIXED_LEN_BYTE_ARRAY', 'decimal', bytes)
    }
  }
}

/**
 * The form of a leaf's values, with the type as Spark reads it. Throws ParquetError for a type that is not read here, and
 * for an annotation that its physical type can't have (LogicalTypes.md), since its bytes could mean anything.
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

/** The annotation of a leaf in its newer form, which decides where there are both (LogicalTypes.md, "Compatibility"). */
function annotationOf({ logical, converted, scale, precision }: SchemaElement): LogicalType | null {
  if (logical && logical.kind !== 'other') return logical
  switch (converted) {
    case null:
      return null
    case 'UTF8':
      return { kind: 'string' }
    case 'ENUM':
      return { kind: 'enum' }
    case 'JSON':
      return { kind: 'json' }
    case 'BSON':
      return { kind: 'bson' }
    case 'DATE':
      return { kind: 'date' }
    case 'INTERVAL':
      return { kind: 'interval' }
    case 'LIST':
      return { kind: 'list' }
    case 'MAP':
    case 'MAP_KEY_VALUE':
      return { kind: 'map' }
    case 'DECIMAL':
      return { kind: 'decimal', scale, precision }
    case 'TIME_MILLIS':
    case 'TIMESTAMP_MILLIS':
      return { kind: converted === 'TIME_MILLIS' ? 'time' : 'timestamp', utc: true, unit: 'millis' }
    case 'TIME_MICROS':
    case 'TIMESTAMP_MICROS':
      return { kind: converted === 'TIME_MICROS' ? 'time' : 'timestamp', utc: true, unit: 'micros' }
    default:
      return { kind: 'integer', bits: Number(/\d+$/.exec(converted)?.[0]), signed: !converted.startsWith('U') }
  }
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

/** How annotated values are read; null where the annotation can't stand on the physical type, or is none that is read. */
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
    case 'integer':
      return integer(logical, type)
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

function integer(
  { bits, signed }: { readonly bits: number; readonly signed: boolean },
  type: PhysicalType,
): Read | null {
  if (type !== (bits === 64 ? 'INT64' : 'INT32')) return null
  switch (bits) {
    case 8:
      return signed ? ['tinyint', 'int8'] : ['smallint', 'uint']
    case 16:
      return signed ? ['smallint', 'int16'] : ['int', 'uint']
    case 32:
      return signed ? ['int', 'none'] : ['bigint', 'uint']
    case 64:
      return signed ? ['bigint', 'none'] : [decimalType(20, 0), 'uint']
    default:
      return null
  }
}

/** The most decimal digits that values of a physical type hold, 38 at most: no reader has more. */
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
