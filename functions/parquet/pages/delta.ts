import { ParquetError } from '../metadata/parquet-error.ts'
import { checkPageLimit, type ReadLimits } from '../metadata/read-limits.ts'
import { type ByteArrays, byteArrays, type FixedValues } from './plain-values.ts'

/*
 * The delta encodings (Encodings.md, "Delta Encoding", "Delta-length byte array", "Delta Strings") and
 * BYTE_STREAM_SPLIT, decoded into the PLAIN form.
 */

/** DELTA_BINARY_PACKED integers of 4 or 8 bytes from `start` on; `end` is the offset behind them. */
function deltaBinaryPacked(
  bytes: Uint8Array,
  start: number,
  count: number,
  width: 4 | 8,
): { readonly values: BigInt64Array; readonly end: number } {
  const reader = new Varints(bytes, start)
  const blockSize = reader.number()
  const miniblocks = reader.number()
  const total = reader.number()
  if (total < count) throw new ParquetError(`a page has ${total} values in place of ${count}`)
  if (miniblocks < 1 || miniblocks > 4096 || blockSize < 1 || blockSize > 1 << 20 || blockSize % miniblocks !== 0) {
    throw new ParquetError('a delta encoded page has blocks of an impossible size')
  }
  const perMiniblock = blockSize / miniblocks
  const wrap = width === 4 ? 32 : 64
  let value = BigInt.asIntN(wrap, reader.zigzag())
  const values = new BigInt64Array(count)
  let at = 0
  if (count > 0) values[at++] = value
  // All blocks are read that the page has, so that `end` is right when only some of the values are wanted.
  for (let seen = 1; seen < total; ) {
    const least = reader.zigzag()
    const widths = reader.bytes(miniblocks)
    for (let block = 0; block < miniblocks && seen < total; block++) {
      const bits = widths[block] ?? 0
      if (bits > 64) throw new ParquetError(`a delta of ${bits} bits can't be`)
      const packed = reader.bytes((perMiniblock * bits) / 8)
      const n = Math.min(perMiniblock, total - seen)
      if (at + n > count && at < count)
        throw new ParquetError('a delta encoded page has more values than its header says')
      for (let i = 0; i < n && at < count; i++) {
        value = BigInt.asIntN(wrap, value + least + unpack(packed, i * bits, bits))
        values[at++] = value
      }
      seen += n
    }
  }
  return { values, end: reader.offset }
}

/** DELTA_BINARY_PACKED values of an INT32 or INT64 column. */
export function deltaIntegers(bytes: Uint8Array, start: number, count: number, width: 4 | 8): FixedValues {
  const { values } = deltaBinaryPacked(bytes, start, count, width)
  if (width === 8) return { width, count, bytes: new Uint8Array(values.buffer) }
  const narrow = new Int32Array(count)
  for (let i = 0; i < count; i++) narrow[i] = Number(values[i])
  return { width, count, bytes: new Uint8Array(narrow.buffer) }
}

/** DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes. */
export function deltaLengthByteArrays(bytes: Uint8Array, start: number, count: number): ByteArrays {
  const { values, end } = deltaBinaryPacked(bytes, start, count, 4)
  return byteArrays(lengthsOf(values), bytes.subarray(end))
}

/** DELTA_BYTE_ARRAY: the length of the prefix shared with the value before, then the rest of each value. */
export function deltaByteArrays(bytes: Uint8Array, start: number, count: number, limits: ReadLimits): ByteArrays {
  const prefixes = deltaBinaryPacked(bytes, start, count, 4)
  const suffixes = deltaBinaryPacked(bytes, prefixes.end, count, 4)
  const lengths = lengthsOf(suffixes.values)
  let total = 0
  for (let i = 0; i < count; i++) {
    const prefix = Number(prefixes.values[i])
    const before = i === 0 ? 0 : Number(prefixes.values[i - 1]) + (lengths[i - 1] ?? 0)
    if (prefix < 0 || prefix > before) throw new ParquetError('a value shares more than the value before has')
    total += prefix + (lengths[i] ?? 0)
  }
  checkPageLimit(total, limits)
  const data = new Uint8Array(total)
  const whole = new Int32Array(count)
  let from = suffixes.end
  let to = 0
  for (let i = 0; i < count; i++) {
    const prefix = Number(prefixes.values[i])
    const suffix = lengths[i] ?? 0
    if (suffix < 0 || from + suffix > bytes.length) throw new ParquetError('a byte array is longer than its page')
    if (prefix > 0) data.copyWithin(to, to - (whole[i - 1] ?? 0), to - (whole[i - 1] ?? 0) + prefix)
    data.set(bytes.subarray(from, from + suffix), to + prefix)
    from += suffix
    to += prefix + suffix
    whole[i] = prefix + suffix
  }
  return byteArrays(whole, data)
}

/** BYTE_STREAM_SPLIT: the first bytes of all values, then the second bytes, and so on. */
export function byteStreamSplit(bytes: Uint8Array, start: number, count: number, width: number): FixedValues {
  if (count * width > bytes.length - start) throw new ParquetError(`a page has too few bytes for ${count} values`)
  const out = new Uint8Array(count * width)
  for (let k = 0; k < width; k++) {
    const stream = start + k * count
    for (let i = 0; i < count; i++) out[i * width + k] = bytes[stream + i] ?? 0
  }
  return { width, count, bytes: out }
}

function lengthsOf(values: BigInt64Array): Int32Array {
  const lengths = new Int32Array(values.length)
  for (let i = 0; i < values.length; i++) lengths[i] = Number(values[i])
  return lengths
}

/** The `bits` bits from bit `position` on, lowest first. */
function unpack(bytes: Uint8Array, position: number, bits: number): bigint {
  let low = 0
  let value = 0n
  for (let done = 0; done < bits; ) {
    const bit = position + done
    const taken = Math.min(8 - (bit & 7), bits - done)
    const part = ((bytes[bit >>> 3] ?? 0) >>> (bit & 7)) & ((1 << taken) - 1)
    if (done + taken <= 31) low |= part << done
    else value |= BigInt(part) << BigInt(done)
    done += taken
  }
  return value | BigInt(low)
}

class Varints {
  readonly #bytes: Uint8Array
  offset: number

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
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.offset++]
      if (byte === undefined) throw new ParquetError('a delta encoded page is cut short')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new ParquetError('a delta encoded page has an impossible number')
  }
}
