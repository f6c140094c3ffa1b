import { deltaBinaryUnpack } from 'hyparquet/src/delta.js'
import { inRange } from '../../base/at.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { checkPageLimit, type ReadLimits } from '../metadata/read-limits.ts'
import { type ByteArrays, byteArrays, type FixedValues } from './plain-values.ts'

/*
 * The delta encodings (Encodings.md, "Delta Encoding", "Delta-length byte array", "Delta Strings") and
 * BYTE_STREAM_SPLIT, decoded into the PLAIN form.
 */

type Miniblock = (least: bigint, bits: number, packed: Uint8Array, values: number) => void

/**
 * Walks through the blocks of DELTA_BINARY_PACKED integers and checks that they are whole and hold at least `count` values.
 * It walks all blocks of the page, so that `end` is right even when only some of the values are wanted.
 */
function walkBlocks(
  bytes: Uint8Array,
  start: number,
  count: number,
  first: (value: bigint) => void,
  miniblock: Miniblock,
): { readonly end: number; readonly longest: number } {
  const reader = new Varints(bytes, start)
  const blockSize = reader.number()
  const miniblocks = reader.number()
  const total = reader.number()
  if (total < count) throw new ParquetError(`a page has ${total} values in place of ${count}`)
  if (miniblocks < 1 || miniblocks > 4096 || blockSize < 1 || blockSize > 1 << 20 || blockSize % miniblocks !== 0) {
    throw new ParquetError('a delta encoded page has blocks of an impossible size')
  }
  const perMiniblock = blockSize / miniblocks
  first(reader.zigzag())
  for (let seen = 1; seen < total; ) {
    const least = reader.zigzag()
    const widths = reader.bytes(miniblocks)
    for (let block = 0; block < miniblocks && seen < total; block++) {
      const bits = inRange(widths[block])
      if (bits > 64) throw new ParquetError(`a delta of ${bits} bits is impossible`)
      const packed = reader.bytes((perMiniblock * bits) / 8)
      const n = Math.min(perMiniblock, total - seen)
      if (seen + n > count && seen < count)
        throw new ParquetError('a delta encoded page has more values than its header says')
      if (seen < count) miniblock(least, bits, packed, n)
      seen += n
    }
  }
  return { end: reader.offset, longest: reader.longest }
}

/**
 * INT32 values: hyparquet's reader needs a quarter of the time of one with BigInt. It can't read numbers over 32 bits, which
 * DuckDB writes for unsigned columns.
 */
function packedInt32(
  bytes: Uint8Array,
  start: number,
  count: number,
): { readonly values: Int32Array<ArrayBuffer>; readonly end: number } {
  let isNarrow = true
  const see = (value: bigint) => {
    isNarrow &&= value === BigInt.asIntN(32, value)
  }
  const { end, longest } = walkBlocks(bytes, start, count, see, least => see(least))
  if (!isNarrow || longest > 5) return { values: Int32Array.from(packedInt64(bytes, start, count), lowHalf), end }
  const values = new Int32Array(count)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  deltaBinaryUnpack({ view, offset: start }, count, values)
  return { values, end }
}

function packedInt64(bytes: Uint8Array, start: number, count: number): BigInt64Array<ArrayBuffer> {
  const values = new BigInt64Array(count)
  let value = 0n
  let at = 0
  const first = (number: bigint) => {
    value = BigInt.asIntN(64, number)
    if (count > 0) values[at++] = value
  }
  walkBlocks(bytes, start, count, first, (least, bits, packed, n) => {
    for (let i = 0; i < n; i++) {
      value = BigInt.asIntN(64, value + least + unpack(packed, i * bits, bits))
      values[at++] = value
    }
  })
  return values
}

/** The low 32 bits of a number of 64: deltas of INT32 wrap around. */
function lowHalf(value: bigint): number {
  return Number(BigInt.asIntN(32, value))
}

/** DELTA_BINARY_PACKED values of an INT32 or INT64 column. */
export function deltaIntegers(bytes: Uint8Array, start: number, count: number, width: 4 | 8): FixedValues {
  const values = width === 8 ? packedInt64(bytes, start, count) : packedInt32(bytes, start, count).values
  return { width, count, bytes: new Uint8Array(values.buffer) }
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
export function deltaLengthByteArrays(bytes: Uint8Array, start: number, count: number): ByteArrays {
  const { values, end } = packedInt32(bytes, start, count)
  return byteArrays(values, bytes.subarray(end))
}

/** DELTA_BYTE_ARRAY: the length of the prefix that each value shares with the one before, then the rest of each value. */
export function deltaByteArrays(bytes: Uint8Array, start: number, count: number, limits: ReadLimits): ByteArrays {
  const { values: prefixes, end } = packedInt32(bytes, start, count)
  const { values: suffixes, end: data } = packedInt32(bytes, end, count)
  const lengths = new Int32Array(count)
  let total = 0
  let before = 0
  for (let i = 0; i < count; i++) {
    const prefix = inRange(prefixes[i])
    const suffix = inRange(suffixes[i])
    if (prefix < 0 || prefix > before) throw new ParquetError('a value shares more than the value before has')
    if (suffix < 0) throw new ParquetError('a byte array is longer than its page')
    before = prefix + suffix
    lengths[i] = before
    total += before
  }
  checkPageLimit(total, limits)
  const whole = new Uint8Array(total)
  let from = data
  let to = 0
  let last = 0
  for (let i = 0; i < count; i++) {
    const prefix = inRange(prefixes[i])
    const suffix = inRange(suffixes[i])
    if (from + suffix > bytes.length) throw new ParquetError('a byte array is longer than its page')
    if (prefix > 0) whole.copyWithin(to, last, last + prefix)
    whole.set(bytes.subarray(from, from + suffix), to + prefix)
    from += suffix
    last = to
    to += prefix + suffix
  }
  return byteArrays(lengths, whole)
}

/** BYTE_STREAM_SPLIT: the first bytes of all values, then the second bytes, and so on. */
export function byteStreamSplit(bytes: Uint8Array, start: number, count: number, width: number): FixedValues {
  if (count * width > bytes.length - start) throw new ParquetError(`a page has too few bytes for ${count} values`)
  const out = new Uint8Array(count * width)
  for (let k = 0; k < width; k++) {
    const stream = start + k * count
    for (let i = 0; i < count; i++) out[i * width + k] = inRange(bytes[stream + i])
  }
  return { width, count, bytes: out }
}

/** The `bits` bits from bit `position` on, lowest first. */
function unpack(bytes: Uint8Array, position: number, bits: number): bigint {
  let low = 0
  let value = 0n
  for (let done = 0; done < bits; ) {
    const bit = position + done
    const taken = Math.min(8 - (bit & 7), bits - done)
    const part = (inRange(bytes[bit >>> 3]) >>> (bit & 7)) & ((1 << taken) - 1)
    if (done + taken <= 31) low |= part << done
    else value |= BigInt(part) << BigInt(done)
    done += taken
  }
  return value | BigInt(low)
}

class Varints {
  readonly #bytes: Uint8Array
  offset: number
  /** The most bytes that a number took. */
  longest = 0

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes
    this.offset = offset
  }

  number(): number {
    const value = Number(this.#big())
    if (value > 0x7fffffff) throw new ParquetError('a delta encoded page has an impossible count')
    return value
  }

  zigzag(): bigint {
    const value = this.#big()
    return (value >> 1n) ^ -(value & 1n)
  }

  bytes(length: number): Uint8Array {
    const start = this.offset
    if (!(length <= this.#bytes.length - start)) throw new ParquetError('a delta encoded page is cut short')
    this.offset += length
    return this.#bytes.subarray(start, this.offset)
  }

  #big(): bigint {
    const start = this.offset
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) throw new ParquetError('a delta encoded page is cut short')
      value |= BigInt(byte & 0x7f) << shift
      this.longest = Math.max(this.longest, this.offset - start)
      if (byte < 0x80) return value
    }
    throw new ParquetError('a delta encoded page has an impossible number')
  }
}
