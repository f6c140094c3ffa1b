import { inRange } from '../../base/at.ts'
import { grown } from '../../base/bytes.ts'
import type { Physical } from '../metadata/column-type.ts'
import { widthOf } from '../metadata/format.ts'
import { ByteTable } from './byte-table.ts'
import { codePool } from './memory.ts'
import type { ByteArrays, PlainValues } from './plain-values.ts'

/**
 * Rows as codes into one dictionary that holds only what the rows use, in the order of first use. As long as all rows
 * come from one dictionary, its entries are just renumbered; from the second dictionary on they are compared by bytes.
 */
export class CodedRows {
  readonly #width: number | null
  #codes: Int32Array<ArrayBuffer> = new Int32Array(0)
  #count = 0
  #source: PlainValues | null = null
  /** Our code + 1 for each entry of the source, 0 for one not seen yet. */
  #ofSource = new Int32Array(0)
  /** The entries of the only source that are used, if there is no table. */
  #used = new Int32Array(1 << 8)
  #usedCount = 0
  #usedBytes = 0
  #table: ByteTable | null = null
  /** The used entries side by side, until another one is seen. */
  #gathered: PlainValues | null = null

  constructor({ type, typeLength }: Physical) {
    this.#width = widthOf(type, typeLength)
  }

  get count(): number {
    return this.#count
  }

  get distinct(): number {
    return this.#table?.count ?? this.#usedCount
  }

  /** Bytes of the dictionary. */
  get bytes(): number {
    return this.#table?.size ?? this.#usedBytes
  }

  /** Roughly the bytes that this will take in the file, before compression. */
  get size(): number {
    return this.bytes + this.#count * 2
  }

  /** Whether no other dictionary has been used so far. */
  isOnly(dictionary: PlainValues): boolean {
    return !this.#table && (this.#source === null || this.#source === dictionary)
  }

  add(dictionary: PlainValues, codes: Int32Array, picks: Int32Array | null, count: number): void {
    this.#use(dictionary)
    this.#reserve(count)
    const out = this.#codes
    const known = this.#ofSource
    let at = this.#count
    // Most rows pass through here. In a loop of their own, look-ups of codes wait for memory many at a time.
    if (picks) {
      for (let i = 0; i < count; i++) {
        const pick = picks[i] as number // within its length
        out[at + i] = pick < 0 ? -1 : (codes[pick] as number)
      }
    } else out.set(count === codes.length ? codes : codes.subarray(0, count), at)
    for (const end = at + count; at < end; at++) {
      const entry = out[at] as number // within its length
      const code = entry < 0 ? 0 : (known[entry] as number)
      out[at] = code > 0 || entry < 0 ? code - 1 : this.#meet(dictionary, entry)
    }
    this.#count = at
  }

  addNulls(count: number): void {
    this.#reserve(count)
    this.#codes.fill(-1, this.#count, this.#count + count)
    this.#count += count
  }

  /** Whether the rows take fewer bytes as plain values than with a dictionary. */
  isSmallerPlain(): boolean {
    const { distinct, bytes } = this
    // With few entries, or many rows per entry, a dictionary is always smaller.
    if (bytes < 1 << 12 || distinct * 4 < this.#count) return false
    const { dictionary } = this.finish()
    let plain = 0
    for (let i = 0; i < this.#count; i++) {
      const code = inRange(this.#codes[i])
      if (code >= 0) {
        plain += dictionary.width ?? inRange(dictionary.starts[code + 1]) - inRange(dictionary.starts[code])
      }
    }
    return plain <= dictionary.bytes.length + (this.#count * (32 - Math.clz32(distinct))) / 8
  }

  /** The dictionary in PLAIN form and the codes of the rows. */
  finish(): { readonly dictionary: PlainValues; readonly codes: Int32Array } {
    const codes = this.#codes.subarray(0, this.#count)
    if (this.#table) return { dictionary: this.#table.values(), codes }
    const source = this.#source
    if (!source) return { dictionary: { width: this.#width ?? 0, count: 0, bytes: new Uint8Array(0) }, codes }
    this.#gathered ??= gathered(source, this.#used.subarray(0, this.#usedCount), this.#usedBytes)
    return { dictionary: this.#gathered, codes }
  }

  /** Gives the memory of the codes back, after which neither the rows nor what finish() gave must be used. */
  release(): void {
    codePool.give(this.#codes)
  }

  /** Gives an entry of the current source its code. */
  #meet(dictionary: PlainValues, entry: number): number {
    const start =
      dictionary.width === null ? inRange(dictionary.starts[entry]) + dictionary.prefix : entry * dictionary.width
    const end = dictionary.width === null ? inRange(dictionary.starts[entry + 1]) : start + dictionary.width
    let code: number
    if (this.#table) code = this.#table.intern(dictionary.bytes, start, end)
    else {
      code = this.#usedCount++
      this.#gathered = null
      if (code >= this.#used.length) this.#used = grown(this.#used, code + 1)
      this.#used[code] = entry
      this.#usedBytes += end - start + (dictionary.width === null ? 4 : 0)
    }
    this.#ofSource[entry] = code + 1
    return code
  }

  #use(dictionary: PlainValues): void {
    if (this.#source === dictionary) return
    if (this.#source !== null) this.#intern()
    this.#source = dictionary
    this.#ofSource = new Int32Array(dictionary.count)
  }

  /** Switches to comparing by bytes. A dictionary may hold a value twice, so codes may change. */
  #intern(): void {
    if (this.#table) return
    const { dictionary } = this.finish()
    const table = new ByteTable(this.#width)
    const ours = table.internAll(dictionary)
    if (table.count < dictionary.count) {
      for (let i = 0; i < this.#count; i++) {
        const code = inRange(this.#codes[i])
        if (code >= 0) this.#codes[i] = inRange(ours[code])
      }
    }
    this.#table = table
  }

  #reserve(count: number): void {
    if (this.#count + count <= this.#codes.length) return
    const larger = codePool.take(Math.max(1024, this.#codes.length * 2, this.#count + count))
    larger.set(this.#codes.subarray(0, this.#count))
    codePool.give(this.#codes)
    this.#codes = larger
  }
}

/** The entries given, side by side in PLAIN form. */
function gathered(source: PlainValues, entries: Int32Array, size: number): PlainValues {
  if (source.width !== null) {
    const count = entries.length
    const bytes = new Uint8Array(size)
    const { width } = source
    for (let i = 0; i < count; i++) {
      const from = inRange(entries[i]) * width
      for (let k = 0; k < width; k++) bytes[i * width + k] = inRange(source.bytes[from + k])
    }
    return { width, count, bytes }
  }
  return gatheredArrays(source, entries, size)
}

/** Byte arrays with their lengths, side by side. Most are short, so they are copied eight bytes at a time. */
function gatheredArrays({ bytes, starts, prefix }: ByteArrays, entries: Int32Array, size: number): ByteArrays {
  const count = entries.length
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  // What is copied beyond a value is overwritten by the next one, and the last one needs the room.
  const to = new DataView(new ArrayBuffer(size + 8))
  const out = new Uint8Array(to.buffer, 0, size)
  const outStarts = new Int32Array(count + 1)
  const safe = bytes.length - 8
  let at = 0
  for (let i = 0; i < count; i++) {
    const entry = inRange(entries[i])
    const start = inRange(starts[entry]) + prefix
    const end = inRange(starts[entry + 1])
    const length = end - start
    outStarts[i] = at
    to.setInt32(at, length, true)
    at += 4
    if (length < 64 && end <= safe) {
      for (let k = 0; k < length; k += 8) to.setBigInt64(at + k, from.getBigInt64(start + k, true), true)
    } else out.set(bytes.subarray(start, end), at)
    at += length
  }
  outStarts[count] = at
  return { width: null, prefix: 4, count, bytes: out, starts: outStarts }
}
