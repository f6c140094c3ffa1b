import { grown } from '../../base/bytes.ts'
import { THRIFT } from './thrift-reader.ts'

const encoder = new TextEncoder()

/** The bytes of one struct. */
export function encodeStruct(fields: (thrift: ThriftWriter) => void): Uint8Array {
  const thrift = new ThriftWriter()
  thrift.element(() => fields(thrift))
  return thrift.finish()
}

/** Writes Thrift's compact protocol. Fields of a struct are written in ascending order of their ids. */
export class ThriftWriter {
  #bytes = new Uint8Array(1024)
  #length = 0
  #lastId = 0

  /** The bytes written so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  i32(id: number, value: number | undefined): void {
    if (value === undefined) return
    this.#header(id, THRIFT.I32)
    this.#zigzag(value)
  }

  /** An i16, i32 or i64 of any size that a number holds exactly. */
  i64(id: number, value: number | undefined): void {
    if (value === undefined) return
    this.#header(id, THRIFT.I64)
    this.#zigzag64(BigInt(value))
  }

  i16(id: number, value: number): void {
    this.#header(id, THRIFT.I16)
    this.#zigzag(value)
  }

  bool(id: number, value: boolean): void {
    this.#header(id, value ? THRIFT.TRUE : THRIFT.FALSE)
  }

  binary(id: number, value: Uint8Array): void {
    this.#header(id, THRIFT.BINARY)
    this.#sized(value)
  }

  string(id: number, value: string): void {
    this.binary(id, encoder.encode(value))
  }

  /** A field whose value was kept raw when it was read. */
  raw(id: number, type: number, value: Uint8Array | undefined): void {
    if (value === undefined) return
    this.#header(id, type)
    this.#append(value)
  }

  struct(id: number, fields: () => void): void {
    this.#header(id, THRIFT.STRUCT)
    this.element(fields)
  }

  /** A struct without a field header: the outermost one, or an element of a list. */
  element(fields: () => void): void {
    const outer = this.#lastId
    this.#lastId = 0
    fields()
    this.#push(0)
    this.#lastId = outer
  }

  structs<T>(id: number, values: readonly T[], fields: (value: T, index: number) => void): void {
    this.#list(id, THRIFT.STRUCT, values.length)
    values.forEach((value, index) => {
      this.element(() => fields(value, index))
    })
  }

  numbers(id: number, values: readonly number[]): void {
    this.#list(id, THRIFT.I32, values.length)
    for (const value of values) this.#zigzag(value)
  }

  longs(id: number, values: readonly number[]): void {
    this.#list(id, THRIFT.I64, values.length)
    for (const value of values) this.#zigzag64(BigInt(value))
  }

  bools(id: number, values: readonly boolean[]): void {
    this.#list(id, THRIFT.TRUE, values.length)
    for (const value of values) this.#push(value ? 1 : 2)
  }

  strings(id: number, values: readonly string[]): void {
    this.binaries(
      id,
      values.map(value => encoder.encode(value)),
    )
  }

  binaries(id: number, values: readonly Uint8Array[]): void {
    this.#list(id, THRIFT.BINARY, values.length)
    for (const value of values) this.#sized(value)
  }

  #list(id: number, type: number, size: number): void {
    this.#header(id, THRIFT.LIST)
    if (size < 15) this.#push((size << 4) | type)
    else {
      this.#push(0xf0 | type)
      this.#varint(size)
    }
  }

  #header(id: number, type: number): void {
    const delta = id - this.#lastId
    if (delta > 0 && delta < 16) this.#push((delta << 4) | type)
    else {
      this.#push(type)
      this.#zigzag(id)
    }
    this.#lastId = id
  }

  #sized(value: Uint8Array): void {
    this.#varint(value.length)
    this.#append(value)
  }

  #append(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#bytes.set(value, this.#length)
    this.#length += value.length
  }

  #zigzag(value: number): void {
    this.#varint((value << 1) ^ (value >> 31))
  }

  #varint(value: number): void {
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#push((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.#push(rest)
  }

  #zigzag64(value: bigint): void {
    let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n))
    while (rest > 0x7fn) {
      this.#push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.#push(Number(rest))
  }

  #push(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  #reserve(bytes: number): void {
    const length = this.#length + bytes
    if (length > this.#bytes.length) this.#bytes = grown(this.#bytes, length)
  }
}
