import type { SqlType } from '../../query/types.ts'
import type { PhysicalType } from './format.ts'
import { ParquetError } from './parquet-error.ts'
import type { SchemaElement } from './schema.ts'

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
/** `millis` and `micros` are instants; `local` is microseconds without a time zone. */
export type Annotation = (typeof SILVER_ANNOTATIONS)[number] | 'uint' | 'nanos' | 'local millis' | 'fixed'

/** Whether the bytes of such a column may stand in a silver file as they are. */
export function isSilver({ annotation }: Physical): boolean {
  return (SILVER_ANNOTATIONS as readonly string[]).includes(annotation)
}

/** Whether bytes of one form are bytes of the other. */
export function samePhysical(a: Physical, b: Physical): boolean {
  return a.type === b.type && a.typeLength === b.typeLength && a.annotation === b.annotation && a.sql === b.sql
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
      const decimal = decimalOf(sql)
      if (!decimal) throw new ParquetError(`a column of type ${sql} can't be computed`)
      if (decimal.precision <= 9) return of('INT32', 'decimal')
      if (decimal.precision <= 18) return of('INT64', 'decimal')
      // The fewest bytes that hold 10^precision - 1 in two's complement, as Spark writes it.
      const bytes = Math.ceil((Math.log2(10) * decimal.precision + 1) / 8)
      return of('FIXED_LEN_BYTE_ARRAY', 'decimal', bytes)
    }
  }
}

/** Precision and scale of a decimal type, or null for another type. */
export function decimalOf(type: SqlType): { readonly precision: number; readonly scale: number } | null {
  const match = /^decimal\((\d+),(\d+)\)$/.exec(type)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : null
}

/** The form of a leaf's values, with the type as Spark reads it. */
export function physicalOf(element: SchemaElement): Physical {
  const { type, typeLength, name } = element
  if (type === null) throw new ParquetError(`column ${name} is nested`)
  const of = (sql: SqlType, annotation: Annotation = 'none'): Physical => ({ type, typeLength, annotation, sql })
  const refuse = (what: string): never => {
    throw new ParquetError(`column ${name} is ${type} ${what}, which is not read here`)
  }
  const decimal = decimalSpec(element)
  if (decimal && type !== 'BOOLEAN' && type !== 'FLOAT' && type !== 'DOUBLE' && type !== 'INT96') {
    return of(`decimal(${decimal.precision},${decimal.scale})`, 'decimal')
  }
  switch (type) {
    case 'BOOLEAN':
      return of('boolean')
    case 'FLOAT':
      return of('float')
    case 'DOUBLE':
      return of('double')
    case 'INT96':
      return of('timestamp')
    case 'INT32':
      if (isDate(element)) return of('date', 'date')
      return integer(element, of) ?? (isTime(element) ? refuse('TIME') : of('int'))
    case 'INT64': {
      const unit = timestampUnit(element)
      if (unit) return of('timestamp', unit)
      return integer(element, of) ?? (isTime(element) ? refuse('TIME') : of('bigint'))
    }
    case 'BYTE_ARRAY':
      return isText(element) ? of('string', 'string') : of('binary')
    case 'FIXED_LEN_BYTE_ARRAY':
      return element.converted === 'INTERVAL' ? refuse('INTERVAL') : of('binary', 'fixed')
  }
}

function decimalSpec(element: SchemaElement): { precision: number; scale: number } | null {
  const { logical, converted, name } = element
  // The logical type is the newer form and decides where there are both (LogicalTypes.md, "Compatibility").
  const decimal = logical?.kind === 'decimal' ? logical : !logical && converted === 'DECIMAL' ? element : null
  if (!decimal) return null
  const { precision, scale } = decimal
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) {
    throw new ParquetError(`column ${name} is DECIMAL(${precision},${scale}), which is not read here`)
  }
  return { precision, scale }
}

function integer(element: SchemaElement, of: (sql: SqlType, annotation?: Annotation) => Physical): Physical | null {
  const { logical, converted } = element
  const bits = logical?.kind === 'integer' ? logical.bits : Number(/INT_(\d+)$/.exec(converted ?? '')?.[1] ?? 0)
  const signed = logical?.kind === 'integer' ? logical.signed : !converted?.startsWith('U')
  if (bits === 0) return null
  if (!signed) {
    return of(bits === 8 ? 'smallint' : bits === 16 ? 'int' : bits === 32 ? 'bigint' : 'decimal(20,0)', 'uint')
  }
  if (element.type === 'INT64') return of('bigint')
  return bits === 8 ? of('tinyint', 'int8') : bits === 16 ? of('smallint', 'int16') : of('int')
}

function isDate({ logical, converted }: SchemaElement): boolean {
  return logical?.kind === 'date' || converted === 'DATE'
}

function isTime({ logical, converted }: SchemaElement): boolean {
  return logical?.kind === 'time' || converted === 'TIME_MILLIS' || converted === 'TIME_MICROS'
}

function isText({ logical, converted }: SchemaElement): boolean {
  const kind = logical?.kind
  if (kind === 'string' || kind === 'enum' || kind === 'json') return true
  return converted === 'UTF8' || converted === 'ENUM' || converted === 'JSON'
}

function timestampUnit({ logical, converted }: SchemaElement): Annotation | null {
  if (logical?.kind === 'timestamp') {
    if (logical.unit === 'nanos') return 'nanos'
    if (logical.unit === 'millis') return logical.utc ? 'millis' : 'local millis'
    return logical.utc ? 'micros' : 'local'
  }
  if (converted === 'TIMESTAMP_MILLIS') return 'millis'
  return converted === 'TIMESTAMP_MICROS' ? 'micros' : null
}
