import { elementAt, inRange } from '../../base/at.ts'
import { decodeStrictUtf8 } from '../../base/utf8.ts'
import type { Physical } from '../metadata/column-type.ts'
import type { Bound } from '../metadata/page-index.ts'
import type { PlainValues } from './plain-values.ts'

/** Longer bounds of strings and binaries are cut; parquet-mr cuts those of page indexes at the same length. */
const MAX_BOUND = 64

type Less = (a: DataView, aAt: number, aLength: number, b: DataView, bAt: number, bLength: number) => boolean

/**
 * The smallest and largest of a column's values, in the order of its type (parquet.thrift, "ColumnOrder"). Zeros are widened
 * to -0.0 and +0.0. Values that include a NaN have no bounds: Spark, DuckDB and Trino take it for the largest, and the format
 * has no way to say so. INT96 has no order, so it has no bounds either.
 */
export class Bounds {
  readonly #physical: Physical
  readonly #less: Less | null
  #min: DataView | null = null
  #max: DataView | null = null
  /** The first four bytes of the bounds as numbers, which settle most comparisons of byte arrays. */
  #minPrefix = 0
  #maxPrefix = 0
  #hasNaN = false
  /** The bytes used last: values come in short runs of one page. */
  #bytes: Uint8Array | null = null
  #view: DataView = new DataView(new ArrayBuffer(0))

  constructor(physical: Physical) {
    this.#physical = physical
    this.#less = orderOf(physical)
  }

  get min(): Bound | null {
    return this.#min && !this.#hasNaN ? this.#lower(bytesOf(this.#min)) : null
  }

  get max(): Bound | null {
    return this.#max && !this.#hasNaN ? this.#upper(bytesOf(this.#max)) : null
  }

  /** Takes in what other bounds cover. */
  merge(other: Bounds): void {
    if (other.#hasNaN) this.#hasNaN = true
    if (other.#min) this.#add(other.#min, 0, other.#min.byteLength)
    if (other.#max) this.#add(other.#max, 0, other.#max.byteLength)
  }

  /** Takes in the values from `from` to before `to`. */
  addAll(values: PlainValues, from: number, to: number): void {
    if (!this.#less) return
    const { bytes, width } = values
    const view = this.#viewOf(bytes)
    if (width !== null) {
      for (let index = from; index < to; index++) this.#add(view, index * width, width)
      return
    }
    const { starts, prefix } = values
    for (let index = from; index < to; index++) {
      const start = inRange(starts[index]) + prefix
      const length = inRange(starts[index + 1]) - start
      if (this.#min && length >= 4) {
        const head = view.getUint32(start)
        if (head > this.#minPrefix && head < this.#maxPrefix) continue
      }
      this.#add(view, start, length)
    }
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    return this.#view
  }

  #add(view: DataView, at: number, whole: number): void {
    const less = this.#less
    if (!less) return
    // What comes after the cut decides nothing, and a value may be as long as a page.
    const length = less === unsigned ? Math.min(whole, MAX_BOUND + 1) : whole
    if (this.#isNaN(view, at)) {
      this.#hasNaN = true
      return
    }
    const { type } = this.#physical
    if (!this.#min || less(view, at, length, this.#min, 0, this.#min.byteLength)) {
      this.#min = copyOf(view, at, length)
      if (type === 'FLOAT' && this.#min.getFloat32(0, true) === 0) this.#min.setFloat32(0, -0, true)
      if (type === 'DOUBLE' && this.#min.getFloat64(0, true) === 0) this.#min.setFloat64(0, -0, true)
      this.#minPrefix = type === 'BYTE_ARRAY' && length >= 4 && less === unsigned ? this.#min.getUint32(0) : 0xffffffff
    }
    if (!this.#max || less(this.#max, 0, this.#max.byteLength, view, at, length)) {
      this.#max = copyOf(view, at, length)
      if (type === 'FLOAT' && this.#max.getFloat32(0, true) === 0) this.#max.setFloat32(0, 0, true)
      if (type === 'DOUBLE' && this.#max.getFloat64(0, true) === 0) this.#max.setFloat64(0, 0, true)
      this.#maxPrefix = type === 'BYTE_ARRAY' && length >= 4 && less === unsigned ? this.#max.getUint32(0) : 0
    }
  }

  #isNaN(view: DataView, at: number): boolean {
    if (this.#physical.type === 'FLOAT') return Number.isNaN(view.getFloat32(at, true))
    return this.#physical.type === 'DOUBLE' && Number.isNaN(view.getFloat64(at, true))
  }

  #lower(bytes: Uint8Array): Bound {
    if (bytes.length <= MAX_BOUND || this.#less !== unsigned) return { bytes, exact: true }
    return { bytes: bytes.subarray(0, this.#cut(bytes)), exact: false }
  }

  /** A cut upper bound is raised, so that it is still above all values; null if that can't be done. */
  #upper(bytes: Uint8Array): Bound | null {
    if (bytes.length <= MAX_BOUND || this.#less !== unsigned) return { bytes, exact: true }
    const cut = bytes.slice(0, this.#cut(bytes))
    const raised = this.#physical.annotation === 'string' ? raiseText(cut) : raiseBytes(cut)
    return raised && { bytes: raised, exact: false }
  }

  /** Where to cut: text only before a character. */
  #cut(bytes: Uint8Array): number {
    let end = MAX_BOUND
    if (this.#physical.annotation === 'string') while (end > 0 && (elementAt(bytes, end) & 0xc0) === 0x80) end--
    return end
  }
}

function orderOf({ type, annotation }: Physical): Less | null {
  switch (type) {
    case 'BOOLEAN':
      return (a, i, _, b, j) => a.getUint8(i) < b.getUint8(j)
    case 'INT32':
      return (a, i, _, b, j) => a.getInt32(i, true) < b.getInt32(j, true)
    case 'INT64':
      return (a, i, _, b, j) => {
        const [high, other] = [a.getInt32(i + 4, true), b.getInt32(j + 4, true)]
        return high < other || (high === other && a.getUint32(i, true) < b.getUint32(j, true))
      }
    case 'FLOAT':
      return (a, i, _, b, j) => a.getFloat32(i, true) < b.getFloat32(j, true)
    case 'DOUBLE':
      return (a, i, _, b, j) => a.getFloat64(i, true) < b.getFloat64(j, true)
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return annotation === 'decimal' ? signed : unsigned
    case 'INT96':
      return null
  }
}

const unsigned: Less = (a, aAt, aLength, b, bAt, bLength) => {
  const shared = Math.min(aLength, bLength)
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.getUint8(aAt + i), b.getUint8(bAt + i)]
    if (x !== y) return x < y
  }
  return aLength < bLength
}

/** Big-endian two's complement of any length. */
const signed: Less = (a, aAt, aLength, b, bAt, bLength) => {
  const length = Math.max(aLength, bLength)
  const byteOf = (view: DataView, at: number, size: number, i: number) => {
    const index = i - (length - size)
    if (index >= 0) return view.getUint8(at + index)
    return size > 0 && view.getInt8(at) < 0 ? 0xff : 0
  }
  for (let i = 0; i < length; i++) {
    const [x, y] = [byteOf(a, aAt, aLength, i), byteOf(b, bAt, bLength, i)]
    if (x !== y) return i === 0 ? (x << 24) >> 24 < (y << 24) >> 24 : x < y
  }
  return false
}

function raiseBytes(bytes: Uint8Array): Uint8Array | null {
  for (let i = bytes.length - 1; i >= 0; i--) {
    const byte = elementAt(bytes, i)
    if (byte === 0xff) continue
    bytes[i] = byte + 1
    return bytes.subarray(0, i + 1)
  }
  return null
}

/** Raises the last character that can be raised, so that the bound stays text. */
function raiseText(bytes: Uint8Array): Uint8Array | null {
  const text = decodeStrictUtf8(bytes)
  if (text === null) return null
  const points = Array.from(text, character => character.codePointAt(0) ?? 0)
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last >= 0x10ffff) continue
    // Surrogates are not characters.
    const next = last === 0xd7ff ? 0xe000 : last + 1
    return new TextEncoder().encode(String.fromCodePoint(...points, next))
  }
  return null
}

function copyOf(view: DataView, at: number, length: number): DataView {
  const copy = new Uint8Array(length)
  copy.set(new Uint8Array(view.buffer, view.byteOffset + at, length))
  return new DataView(copy.buffer)
}

function bytesOf(view: DataView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
}
