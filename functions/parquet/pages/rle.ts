import { inRange } from '../../base/at.ts'
import { ParquetError } from '../metadata/parquet-error.ts'

/*
 * Parquet's RLE / bit-packing hybrid: runs of one repeated value alternate with runs of bit-packed values, eight at a
 * time, lowest bits first (Encodings.md, "Run Length Encoding / Bit-Packing Hybrid"). It holds levels, dictionary
 * indexes and booleans.
 */

/** The most values that pad a bit-packed run: DuckDB packs 256 at a time. */
const MOST_PADDING = 1023

/** The bits that hold all values from 0 to `max`. */
export function bitWidth(max: number): number {
  return 32 - Math.clz32(max)
}

/**
 * Decodes `count` values of `width` bits from `start` to `end` of the bytes into `out`, from `position` on, and returns
 * the largest (unsigned). Throws if the bytes end too early and, with `isExact`, if a run holds more values than are wanted.
 */
export function decodeHybrid(
  bytes: Uint8Array,
  start: number,
  end: number,
  width: number,
  out: Int32Array | Uint8Array,
  position: number,
  count: number,
  isExact = false,
): number {
  if (width > 32) throw new ParquetError(`values of ${width} bits are impossible`)
  const stop = position + count
  let at = position
  let offset = start
  let max = 0
  while (at < stop) {
    let header = 0
    for (let shift = 0; ; shift += 7) {
      if (offset >= end || shift > 28) throw new ParquetError('a run of values is cut short')
      const byte = inRange(bytes[offset++])
      header |= (byte & 0x7f) << shift
      if (byte < 0x80) break
    }
    header >>>= 0
    const run = header & 1 ? (header >>> 1) * 8 - MOST_PADDING : header >>> 1
    if (isExact && run > stop - at) throw new ParquetError('a run holds more values than its page')
    if (header & 1) {
      const groups = header >>> 1
      const values = Math.min(groups * 8, stop - at)
      // The last run may be padded, and some writers leave the padding out.
      if (values * width > (end - offset) * 8) throw new ParquetError('a run of values is cut short')
      max = Math.max(max, unpackBits(bytes, offset, width, out, at, values))
      offset = Math.min(end, offset + groups * width)
      at += values
    } else {
      let value = 0
      const size = (width + 7) >> 3
      if (offset + size > end) throw new ParquetError('a run of values is cut short')
      for (let i = 0; i < size; i++) value |= inRange(bytes[offset++]) << (8 * i)
      const values = Math.min(header >>> 1, stop - at)
      if (values === 0) throw new ParquetError('a run of values is empty')
      out.fill(value, at, at + values)
      max = Math.max(max, value >>> 0)
      at += values
    }
  }
  return max
}

/** Unpacks `count` values of `width` bits and returns the largest. */
function unpackBits(
  bytes: Uint8Array,
  offset: number,
  width: number,
  out: Int32Array | Uint8Array,
  position: number,
  count: number,
): number {
  if (width === 0) {
    out.fill(0, position, position + count)
    return 0
  }
  let max = 0
  let i = 0
  if (width <= 25) {
    // Each value lies within four bytes; the last ones are left to the loop over single bytes.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const mask = (1 << width) - 1
    const safe = Math.min(count, Math.floor(((bytes.length - offset - 4) * 8) / width))
    for (let bit = offset * 8; i < safe; i++, bit += width) {
      const value = (view.getInt32(bit >>> 3, true) >>> (bit & 7)) & mask
      out[position + i] = value
      if (value > max) max = value
    }
  }
  for (; i < count; i++) {
    let value = 0
    for (let done = 0, bit = i * width; done < width; ) {
      const taken = Math.min(8 - (bit & 7), width - done)
      const part = (inRange(bytes[offset + (bit >>> 3)]) >>> (bit & 7)) & ((1 << taken) - 1)
      value |= part << done
      done += taken
      bit += taken
    }
    out[position + i] = value
    max = Math.max(max, value >>> 0)
  }
  return max
}

/** The most bytes that `count` values of `width` bits take when encoded here. */
export function hybridBound(count: number, width: number): number {
  const groups = (count + 7) >> 3
  // Each run of either kind covers at least eight values and has a header of at most five bytes.
  return groups * (width + ((width + 7) >> 3) + 5) + 16
}

/**
 * Encodes `count` values of `width` bits, taken from `position` on, into `out` at `offset` (with hybridBound bytes of
 * room), and returns the offset after them. Eight or more equal values become a run.
 */
export function encodeHybrid(
  values: Int32Array | Uint8Array,
  position: number,
  count: number,
  width: number,
  out: Uint8Array,
  offset: number,
): number {
  if (width === 0) return varint(out, offset, count * 2)
  const stop = position + count
  let at = position
  let packedFrom = position
  let end = offset
  const flush = (to: number) => {
    if (to > packedFrom) end = packBits(values, packedFrom, to - packedFrom, width, out, end)
  }
  while (at < stop) {
    const value = inRange(values[at])
    let next = at + 1
    while (next < stop && values[next] === value) next++
    // A packed run holds whole groups of eight unless it is the last, so it borrows from the equal values after it.
    const borrowed = (8 - ((at - packedFrom) & 7)) & 7
    if (next - at - borrowed >= 8) {
      flush(at + borrowed)
      end = varint(out, end, (next - at - borrowed) * 2)
      for (let i = 0; i < (width + 7) >> 3; i++) out[end++] = (value >>> (8 * i)) & 0xff
      packedFrom = next
    }
    at = next
  }
  flush(stop)
  return end
}

/** Writes one bit-packed run, its last group padded with zeros. */
function packBits(
  values: Int32Array | Uint8Array,
  position: number,
  count: number,
  width: number,
  out: Uint8Array,
  offset: number,
): number {
  const groups = (count + 7) >> 3
  const begin = varint(out, offset, groups * 2 + 1)
  const end = begin + groups * width
  let at = begin
  let bits = 0
  let pending = 0
  for (let i = position; i < position + count; i++) {
    let value = inRange(values[i])
    let left = width
    if (pending + left > 32) {
      // The upper part of a wide value would not fit with the pending bits.
      bits |= value << pending
      const taken = 32 - pending
      for (let k = 0; k < 4; k++) out[at++] = (bits >>> (8 * k)) & 0xff
      value = taken < 32 ? value >>> taken : 0
      left -= taken
      bits = 0
      pending = 0
    }
    bits |= value << pending
    pending += left
    while (pending >= 8) {
      out[at++] = bits & 0xff
      bits >>>= 8
      pending -= 8
    }
  }
  if (pending > 0) out[at++] = bits & 0xff
  out.fill(0, at, end)
  return end
}

/** Writes a number of up to 32 bits, seven bits a byte, and returns the offset after it. */
export function varint(out: Uint8Array, offset: number, value: number): number {
  let rest = value
  let at = offset
  while (rest > 0x7f) {
    out[at++] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  out[at++] = rest
  return at
}
