import { decodeUtf8 } from '../../base/utf8.ts'
import { widener, widens } from '../../sql/schema/bind.ts'
import { printType } from '../../sql/type-text.ts'
import { decimalOf, type SqlType, sameType, type Value } from '../../sql/types.ts'
import { valueCodec } from '../../sql/value-bytes.ts'
import type { Physical } from '../metadata/column-type.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { int96Micros } from './int96.ts'
import { type PlainValues, valueBytes } from './plain-values.ts'

/**
 * Reads PLAIN values of a column as Values of `type`, which is the column's own or one that bind() widens it to.
 */
export function valueReader(physical: Physical, type: SqlType): (values: PlainValues, index: number) => Value {
  const read = ownReader(physical)
  if (sameType(physical.sql, type)) return read
  if (!widens(physical.sql, type))
    throw new ParquetError(`a column of ${printType(physical.sql)} can't be read as ${printType(type)}`)
  const widen = widener(physical.sql, type)
  return widen ? (values, index) => widen(read(values, index)) : read
}

function ownReader(physical: Physical): (values: PlainValues, index: number) => Value {
  const { type, annotation, sql } = physical
  switch (type) {
    case 'BOOLEAN':
      return (values, index) => values.bytes[index] === 1
    case 'FLOAT':
      return (values, index) => viewOf(values).getFloat32(index * 4, true)
    case 'DOUBLE':
      return (values, index) => viewOf(values).getFloat64(index * 8, true)
    case 'INT96':
      return (values, index) => int96Micros(viewOf(values), index * 12)
    case 'INT32':
      return int32Reader(annotation, sql)
    case 'INT64':
      return int64Reader(annotation)
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      if (annotation === 'decimal') return (values, index) => bigEndian(valueBytes(values, index))
      if (annotation === 'half') return (values, index) => halfFloat(viewOf(values).getUint16(index * 2, true))
      if (annotation === 'string') return (values, index) => decodeUtf8(valueBytes(values, index))
      if (annotation === 'nested') return nestedReader(sql)
      return (values, index) => valueBytes(values, index)
  }
}

function nestedReader(sql: SqlType): (values: PlainValues, index: number) => Value {
  const { decode } = valueCodec(sql)
  return (values, index) => decode(valueBytes(values, index))
}

function int32Reader(annotation: Physical['annotation'], sql: SqlType): (values: PlainValues, index: number) => Value {
  if (annotation === 'decimal') return (values, index) => BigInt(viewOf(values).getInt32(index * 4, true))
  if (annotation === 'uint' && sql === 'bigint')
    return (values, index) => BigInt(viewOf(values).getUint32(index * 4, true))
  if (sql === 'tinyint') return (values, index) => (viewOf(values).getInt32(index * 4, true) << 24) >> 24
  if (sql === 'smallint') return (values, index) => (viewOf(values).getInt32(index * 4, true) << 16) >> 16
  return (values, index) => viewOf(values).getInt32(index * 4, true)
}

function int64Reader(annotation: Physical['annotation']): (values: PlainValues, index: number) => Value {
  if (annotation === 'uint') return (values, index) => viewOf(values).getBigUint64(index * 8, true)
  const read = (values: PlainValues, index: number) => viewOf(values).getBigInt64(index * 8, true)
  if (annotation === 'nanos') return (values, index) => floorDiv(read(values, index), 1000n)
  if (annotation === 'millis' || annotation === 'local millis') {
    return (values, index) => BigInt.asIntN(64, read(values, index) * 1000n)
  }
  return read
}

/**
 * Writes a Value that is not NULL as the bytes of a column, without a length. The Value has the column's SqlType. Decimals in
 * byte arrays are big-endian (LogicalTypes.md, "DECIMAL"). The result is good until the next call.
 */
export function valueWriter(physical: Physical): (value: NonNullable<Value>) => Uint8Array {
  const encoder = new TextEncoder()
  const scratch = new Uint8Array(8)
  const view = new DataView(scratch.buffer)
  const wrong = (): never => {
    throw new TypeError(`a value is not of type ${printType(physical.sql)}`)
  }
  const number = (value: Value): number => (typeof value === 'number' ? value : wrong())
  const big = (value: Value): bigint => (typeof value === 'bigint' ? value : wrong())
  const sized = (size: number, set: (value: Value) => void) => {
    const bytes = scratch.subarray(0, size)
    return (value: Value) => {
      set(value)
      return bytes
    }
  }
  switch (physical.type) {
    case 'BOOLEAN':
      return sized(1, value => view.setUint8(0, value === true ? 1 : 0))
    case 'INT32':
      return sized(4, value => view.setInt32(0, typeof value === 'bigint' ? Number(value) : number(value), true))
    case 'INT64':
      return sized(8, value => view.setBigInt64(0, big(value), true))
    case 'FLOAT':
      return sized(4, value => view.setFloat32(0, number(value), true))
    case 'DOUBLE':
      return sized(8, value => view.setFloat64(0, number(value), true))
    case 'BYTE_ARRAY':
      if (physical.annotation === 'nested') return valueCodec(physical.sql).encode
      return value =>
        typeof value === 'string' ? encoder.encode(value) : value instanceof Uint8Array ? value : wrong()
    case 'FIXED_LEN_BYTE_ARRAY': {
      if (!decimalOf(physical.sql))
        throw new TypeError(`values of ${printType(physical.sql)} are not written with a fixed length`)
      const bytes = new Uint8Array(physical.typeLength)
      return value => {
        let rest = big(value)
        for (let i = bytes.length - 1; i >= 0; i--) {
          bytes[i] = Number(rest & 0xffn)
          rest >>= 8n
        }
        return bytes
      }
    }
    case 'INT96':
      throw new TypeError('computed timestamps are written as INT64')
  }
}

/** An IEEE 754 half-precision number: a sign, 5 bits of exponent, 10 of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

/** Two's complement, most significant byte first. */
function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  return BigInt.asIntN(8 * bytes.length, value)
}

function viewOf(values: PlainValues): DataView {
  return new DataView(values.bytes.buffer, values.bytes.byteOffset, values.bytes.byteLength)
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}
