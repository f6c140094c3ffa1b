import { decodeUtf8 } from '../../base/utf8.ts'

/**
 * Just enough of FlatBuffers (https://flatbuffers.dev/internals/) to write and read Arrow's metadata. A buffer is built
 * from its end to its front, so everything that a table points to is written before the table.
 */
export class FlatBuilder {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  /** Bytes in use, counted from the end; also the "offset" of what was written last. */
  #used = 0

  /** The finished buffer with `root` as its root table. */
  finish(root: number): Uint8Array {
    this.#align(8, 4)
    this.#int32(this.#used + 4 - root)
    return this.#bytes.slice(this.#bytes.length - this.#used)
  }

  string(text: string): number {
    const utf8 = new TextEncoder().encode(text)
    this.#align(4, utf8.length + 1)
    this.#reserve(utf8.length + 1)
    this.#used += utf8.length + 1
    this.#bytes.set(utf8, this.#bytes.length - this.#used)
    this.#bytes[this.#bytes.length - this.#used + utf8.length] = 0
    this.#int32(utf8.length)
    return this.#used
  }

  /** A vector of tables or strings. */
  offsets(items: readonly number[]): number {
    this.#align(4, items.length * 4)
    for (const item of items.toReversed()) this.#int32(this.#used + 4 - item)
    this.#int32(items.length)
    return this.#used
  }

  /** A vector of structs that consist of int64 fields. */
  longs(structs: readonly (readonly number[])[]): number {
    const width = structs[0]?.length ?? 1
    this.#align(8, structs.length * width * 8)
    for (const struct of structs.toReversed()) for (const field of struct.toReversed()) this.#int64(field)
    this.#int32(structs.length)
    return this.#used
  }

  /** A table of the fields given, by their number; absent ones have their default. */
  table(fields: readonly (Field | undefined)[]): number {
    const placed: number[] = []
    const end = this.#used
    // Wide fields first, so that little is lost to alignment.
    const order = fields.map((_, i) => i).sort((a, b) => sizeOf(fields[b]) - sizeOf(fields[a]))
    for (const i of order) {
      const field = fields[i]
      if (!field) continue
      const size = sizeOf(field)
      this.#align(size, 0)
      if (field.kind === 'long') this.#int64(field.value)
      else if (field.kind === 'offset') this.#int32(this.#used + 4 - field.value)
      else this.#integer(size, field.value)
      placed[i] = this.#used
    }
    this.#align(4, 0)
    this.#int32(0)
    const table = this.#used
    const size = table - end
    for (let i = fields.length - 1; i >= 0; i--) this.#integer(2, placed[i] ? table - (placed[i] ?? 0) : 0)
    this.#integer(2, size)
    this.#integer(2, 4 + 2 * fields.length)
    // The table begins with the distance back to its vtable.
    this.#view.setInt32(this.#bytes.length - table, this.#used - table, true)
    return table
  }

  /** Pads so that what is written after `upcoming` more bytes is aligned. */
  #align(to: number, upcoming: number): void {
    while ((this.#used + upcoming) % to !== 0) this.#integer(1, 0)
  }

  #int32(value: number): void {
    this.#integer(4, value)
  }

  #int64(value: number): void {
    this.#reserve(8)
    this.#used += 8
    this.#view.setBigInt64(this.#bytes.length - this.#used, BigInt(value), true)
  }

  #integer(size: number, value: number): void {
    this.#reserve(size)
    this.#used += size
    const at = this.#bytes.length - this.#used
    if (size === 4) this.#view.setInt32(at, value, true)
    else if (size === 2) this.#view.setInt16(at, value, true)
    else this.#view.setInt8(at, value)
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + bytes))
    larger.set(this.#bytes.subarray(this.#bytes.length - this.#used), larger.length - this.#used)
    this.#bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

/** A table's field: a number of some width, or a reference to something written before. */
export interface Field {
  readonly kind: 'byte' | 'short' | 'int' | 'long' | 'offset'
  readonly value: number
}

export const byte = (value: number): Field => ({ kind: 'byte', value })
export const short = (value: number): Field => ({ kind: 'short', value })
export const int = (value: number): Field => ({ kind: 'int', value })
export const long = (value: number): Field => ({ kind: 'long', value })
export const offset = (value: number): Field => ({ kind: 'offset', value })

function sizeOf(field: Field | undefined): number {
  if (!field) return 0
  return { byte: 1, short: 2, int: 4, offset: 4, long: 8 }[field.kind]
}

/** Where field `number` of a table lies, or null. */
export function fieldAt(view: DataView, table: number, number: number): number | null {
  const vtable = table - view.getInt32(table, true)
  if (4 + 2 * number >= view.getUint16(vtable, true)) return null
  const distance = view.getUint16(vtable + 4 + 2 * number, true)
  return distance === 0 ? null : table + distance
}

/** Follows the reference at a field. */
export function follow(view: DataView, at: number): number {
  return at + view.getUint32(at, true)
}

/** The string that the field at `at` refers to. */
export function stringAt(view: DataView, at: number): string {
  const start = follow(view, at)
  const length = view.getUint32(start, true)
  return decodeUtf8(new Uint8Array(view.buffer, view.byteOffset + start + 4, length))
}
