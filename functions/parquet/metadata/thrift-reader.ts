import { decodeUtf8 } from '../../base/utf8.ts'
import { ParquetError } from './parquet-error.ts'

/** Types of Thrift's compact protocol (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md). */
export const THRIFT = {
  TRUE: 1,
  FALSE: 2,
  BYTE: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  BINARY: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
} as const

/** No Parquet footer has deeper structures: they are forged. */
const MAX_DEPTH = 16

/**
 * Reads Thrift's compact protocol from hostile bytes: no list, string or struct may be longer than the bytes that are left,
 * and what a caller does not ask for is skipped or kept raw.
 */
export class ThriftReader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  readonly #end: number
  #depth = 0
  offset: number

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#end = end
    this.offset = start
  }

  /**
   * Reads a struct. `field` is called with each field's id and type, and reads the value or returns false to have it
   * skipped.
   */
  struct(field: (id: number, type: number) => boolean): void {
    if (++this.#depth > MAX_DEPTH) throw new ParquetError('a thrift structure is nested too deep')
    let id = 0
    for (;;) {
      const byte = this.byte()
      const type = byte & 0x0f
      if (type === 0) break
      id = byte >> 4 ? id + (byte >> 4) : this.i32()
      if (!field(id, type)) this.skip(type)
    }
    this.#depth--
  }

  /** Reads a list (or set) and calls `element` for each of its elements, which must have the type given. */
  list(type: number, element: () => void): void {
    const byte = this.byte()
    const size = byte >> 4 === 15 ? this.#length() : byte >> 4
    const found = byte & 0x0f
    if (size > 0 && found !== type) throw new ParquetError(`a thrift list holds type ${found} in place of ${type}`)
    if (size > this.#end - this.offset) throw new ParquetError('a thrift list is longer than the bytes left')
    for (let i = 0; i < size; i++) element()
  }

  /** A list of i32. */
  numbers(): number[] {
    const values: number[] = []
    this.list(THRIFT.I32, () => values.push(this.i32()))
    return values
  }

  byte(): number {
    if (this.offset >= this.#end) throw new ParquetError('a thrift structure is cut short')
    return this.#view.getUint8(this.offset++)
  }

  i32(): number {
    const value = this.#varint()
    return (value >>> 1) ^ -(value & 1)
  }

  /** An i64 as a number; Parquet's counts and offsets must be exact as one. */
  i64(): number {
    const value = this.#zigzag64()
    const number = Number(value)
    if (!Number.isSafeInteger(number)) throw new ParquetError('a thrift number is too large')
    return number
  }

  binary(): Uint8Array {
    const length = this.#length()
    if (length > this.#end - this.offset) throw new ParquetError('a thrift string is longer than the bytes left')
    const start = this.offset
    this.offset += length
    return this.bytes.subarray(start, this.offset)
  }

  string(): string {
    return decodeUtf8(this.binary())
  }

  /** A field's raw value, to be written back unchanged. */
  raw(type: number): Uint8Array {
    const start = this.offset
    this.skip(type)
    return this.bytes.subarray(start, this.offset)
  }

  /** Skips a field's value. */
  skip(type: number): void {
    switch (type) {
      case THRIFT.TRUE:
      case THRIFT.FALSE:
        return
      case THRIFT.BYTE:
        this.#move(1)
        return
      case THRIFT.I16:
      case THRIFT.I32:
      case THRIFT.I64:
        while (this.byte() & 0x80);
        return
      case THRIFT.DOUBLE:
        this.#move(8)
        return
      case THRIFT.BINARY:
        this.binary()
        return
      case THRIFT.LIST:
      case THRIFT.SET: {
        const byte = this.byte()
        const size = byte >> 4 === 15 ? this.#length() : byte >> 4
        if (size > this.#end - this.offset) throw new ParquetError('a thrift list is longer than the bytes left')
        for (let i = 0; i < size; i++) this.#skipElement(byte & 0x0f)
        return
      }
      case THRIFT.MAP: {
        const size = this.#length()
        if (size === 0) return
        if (size > this.#end - this.offset) throw new ParquetError('a thrift map is longer than the bytes left')
        const types = this.byte()
        for (let i = 0; i < size; i++) {
          this.#skipElement(types >> 4)
          this.#skipElement(types & 0x0f)
        }
        return
      }
      case THRIFT.STRUCT:
        this.struct(() => false)
        return
      default:
        throw new ParquetError(`thrift type ${type} is unknown`)
    }
  }

  /** In collections, a boolean takes a byte. */
  #skipElement(type: number): void {
    if (type === THRIFT.TRUE || type === THRIFT.FALSE) this.#move(1)
    else if (type === THRIFT.LIST || type === THRIFT.SET || type === THRIFT.MAP) {
      if (++this.#depth > MAX_DEPTH) throw new ParquetError('a thrift structure is nested too deep')
      this.skip(type)
      this.#depth--
    } else this.skip(type)
  }

  #move(bytes: number): void {
    if (bytes > this.#end - this.offset) throw new ParquetError('a thrift structure is cut short')
    this.offset += bytes
  }

  #length(): number {
    return this.#varint() >>> 0
  }

  #varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new ParquetError('a thrift number is too long')
  }

  #zigzag64(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n))
    }
    throw new ParquetError('a thrift number is too long')
  }
}
