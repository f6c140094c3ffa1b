import { inRange } from '../../base/at.ts'
import { grown } from '../../base/bytes.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { copyBytes } from './memory.ts'
import type { PlainValues } from './plain-values.ts'

/** A hash of the bytes from `start` to `end`, stable across runs: dimension snapshots keep tables built with it. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = end - start
  let at = start
  for (const last = end - 3; at < last; at += 4) {
    const word =
      inRange(bytes[at]) |
      (inRange(bytes[at + 1]) << 8) |
      (inRange(bytes[at + 2]) << 16) |
      (inRange(bytes[at + 3]) << 24)
    hash = Math.imul(hash ^ word, 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < end; at++) hash = Math.imul(hash ^ inRange(bytes[at]), 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

/** Whether two ranges of the same length hold the same bytes. */
export function sameBytes(a: Uint8Array, aStart: number, b: Uint8Array, bStart: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (a[aStart + i] !== b[bStart + i]) return false
  return true
}

/** Distinct values, each with a code: its number in the order in which they were first seen. */
export class ByteTable {
  readonly #width: number | null
  readonly #prefix: 0 | 4
  #bytes = new Uint8Array(1 << 12)
  #size = 0
  /** Where each value begins (byte arrays with their length before them), and one more. */
  #starts = new Int32Array(1 << 8)
  #hashes = new Int32Array(1 << 8)
  #count = 0
  /** Open addressing; a slot holds a code + 1. */
  #slots = new Int32Array(1 << 9)

  /** `width` is that of the values, or null for byte arrays, which have their length before them in `prefix` bytes. */
  constructor(width: number | null, prefix: 0 | 4 = 4) {
    this.#width = width
    this.#prefix = width === null ? prefix : 0
  }

  get count(): number {
    return this.#count
  }

  /** Bytes of the values, with their prefixes. */
  get size(): number {
    return this.#size
  }

  /** The code of the value whose bytes (without a length) lie from `start` to `end`. */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashBytes(bytes, start, end)
    const mask = this.#slots.length - 1
    const prefix = this.#prefix
    const length = end - start
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const code = inRange(this.#slots[slot]) - 1
      if (code < 0) {
        this.#slots[slot] = this.#count + 1
        return this.#add(bytes, start, end, hash)
      }
      if (this.#hashes[code] !== hash) continue
      const at = inRange(this.#starts[code]) + prefix
      if (inRange(this.#starts[code + 1]) - at === length && sameBytes(this.#bytes, at, bytes, start, length))
        return code
    }
  }

  /** The code of one of some values. */
  internAt(values: PlainValues, index: number): number {
    const { bytes, width } = values
    if (width !== null) return this.intern(bytes, index * width, (index + 1) * width)
    return this.intern(bytes, inRange(values.starts[index]) + values.prefix, inRange(values.starts[index + 1]))
  }

  /** The codes of all of some values. */
  internAll(values: PlainValues): Int32Array {
    const codes = new Int32Array(values.count)
    for (let i = 0; i < codes.length; i++) codes[i] = this.internAt(values, i)
    return codes
  }

  /** All values so far. The view is good until the next call of `intern`. */
  values(): PlainValues {
    const bytes = this.#bytes.subarray(0, this.#size)
    const count = this.#count
    if (this.#width !== null) return { width: this.#width, count, bytes }
    return { width: null, prefix: this.#prefix, count, bytes, starts: this.#starts.subarray(0, count + 1) }
  }

  /** Codes + 1 by hash, and the hashes by code, for a snapshot that is looked up without building it again. */
  index(): { readonly slots: Int32Array; readonly hashes: Int32Array } {
    return { slots: this.#slots, hashes: this.#hashes }
  }

  #add(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const length = end - start
    const code = this.#count++
    if (code + 1 >= this.#starts.length) {
      this.#starts = grown(this.#starts)
      this.#hashes = grown(this.#hashes)
    }
    let at = this.#size
    const size = at + length + this.#prefix
    if (size > 0x7fffffff) throw new ParquetError('the distinct values of a column take more than 2 GiB')
    if (size > this.#bytes.length) this.#bytes = grown(this.#bytes, size)
    for (let i = 0; i < this.#prefix; i++) this.#bytes[at++] = (length >>> (8 * i)) & 0xff
    copyBytes(bytes, start, end, this.#bytes, at)
    this.#size = size
    this.#starts[code + 1] = size
    this.#hashes[code] = hash
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return code
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2)
    const mask = slots.length - 1
    for (let code = 0; code < this.#count; code++) {
      let slot = inRange(this.#hashes[code]) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code + 1
    }
    this.#slots = slots
  }
}
