import { inRange } from '../../base/at.ts'
import { type PhysicalType, widthOf } from '../metadata/format.ts'
import { ParquetError } from '../metadata/parquet-error.ts'

/**
 * Values in Parquet's PLAIN form, which all decoded values have in memory, except that booleans take a byte each. Value i of
 * a fixed width is at `i * width`. Byte array i goes from `starts[i] + prefix` to `starts[i + 1]`; the prefix is its length
 * in four bytes, or nothing.
 */
export type PlainValues = FixedValues | ByteArrays

export interface FixedValues {
  readonly width: number
  readonly count: number
  readonly bytes: Uint8Array
}

export interface ByteArrays {
  readonly width: null
  readonly prefix: 0 | 4
  readonly count: number
  readonly bytes: Uint8Array
  /** One more than there are values: the last is the end. */
  readonly starts: Int32Array
}

/** Reads `count` values in PLAIN encoding from `start` on (Encodings.md, "Plain"). Throws if the bytes end too early. */
export function plainValues(
  bytes: Uint8Array,
  start: number,
  count: number,
  type: PhysicalType,
  typeLength: number,
): PlainValues {
  const left = bytes.length - start
  if (type === 'BOOLEAN') return unpackBooleans(bytes, start, count)
  const width = widthOf(type, typeLength)
  if (width !== null) {
    if (count * width > left) throw new ParquetError(`a page has ${left} bytes for ${count} values of ${width} bytes`)
    return { width, count, bytes: bytes.subarray(start, start + count * width) }
  }
  if (count * 4 > left) throw new ParquetError(`a page has ${left} bytes for ${count} byte arrays`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const starts = new Int32Array(count + 1)
  const last = bytes.length - 4
  let offset = start
  for (let i = 0; i < count; i++) {
    starts[i] = offset
    if (offset > last) throw new ParquetError('a byte array is longer than its page')
    const length = view.getInt32(offset, true)
    if (length < 0) throw new ParquetError('a byte array is longer than its page')
    offset += 4 + length
  }
  if (offset > bytes.length) throw new ParquetError('a byte array is longer than its page')
  starts[count] = offset
  return { width: null, prefix: 4, count, bytes, starts }
}

/** Byte arrays from their lengths and their bytes side by side. */
export function byteArrays(lengths: Int32Array, data: Uint8Array): ByteArrays {
  const count = lengths.length
  const starts = new Int32Array(count + 1)
  let total = 0
  for (let i = 0; i < count; i++) {
    const length = inRange(lengths[i])
    if (length < 0) throw new ParquetError('a byte array has a negative length')
    total += length
    if (total > data.length) throw new ParquetError('a byte array is longer than its page')
  }
  const bytes = new Uint8Array(total + 4 * count)
  const view = new DataView(bytes.buffer)
  let from = 0
  let to = 0
  for (let i = 0; i < count; i++) {
    const length = inRange(lengths[i])
    starts[i] = to
    view.setInt32(to, length, true)
    bytes.set(data.subarray(from, from + length), to + 4)
    from += length
    to += 4 + length
  }
  starts[count] = to
  return { width: null, prefix: 4, count, bytes, starts }
}

/** The bytes of one value, without a length. */
export function valueBytes(values: PlainValues, index: number): Uint8Array {
  if (values.width === null) {
    return values.bytes.subarray(inRange(values.starts[index]) + values.prefix, values.starts[index + 1])
  }
  return values.bytes.subarray(index * values.width, (index + 1) * values.width)
}

function unpackBooleans(bytes: Uint8Array, start: number, count: number): FixedValues {
  if (count > (bytes.length - start) * 8) throw new ParquetError(`a page has too few bytes for ${count} booleans`)
  const out = new Uint8Array(count)
  for (let i = 0; i < count; i++) out[i] = (inRange(bytes[start + (i >>> 3)]) >>> (i & 7)) & 1
  return { width: 1, count, bytes: out }
}
