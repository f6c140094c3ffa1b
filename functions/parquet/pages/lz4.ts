import { inRange } from '../../base/at.ts'
import { ParquetError } from '../metadata/parquet-error.ts'

/** Decompresses an LZ4 block (Compression.md, "LZ4_RAW") of exactly `length` bytes. */
export function decompressLz4Raw(input: Uint8Array, length: number): Uint8Array {
  const output = new Uint8Array(length)
  if (block(input, output, 0) !== length) throw corrupt()
  return output
}

/**
 * Decompresses codec LZ4: Hadoop's frames (big-endian sizes, then a block), or the bare block that some writers make
 * (Compression.md, "LZ4").
 */
export function decompressLz4(input: Uint8Array, length: number): Uint8Array {
  return hadoopFrames(input, length) ?? decompressLz4Raw(input, length)
}

function hadoopFrames(input: Uint8Array, length: number): Uint8Array | null {
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength)
  const frames: { readonly bytes: Uint8Array; readonly length: number }[] = []
  let total = 0
  for (let at = 0; at < input.length; ) {
    if (at + 8 > input.length) return null
    const unpacked = view.getUint32(at)
    const packed = view.getUint32(at + 4)
    if (packed > input.length - at - 8 || unpacked > length - total) return null
    frames.push({ bytes: input.subarray(at + 8, at + 8 + packed), length: unpacked })
    total += unpacked
    at += 8 + packed
  }
  if (total !== length) return null
  const output = new Uint8Array(length)
  let at = 0
  for (const frame of frames) {
    if (block(frame.bytes, output, at) !== at + frame.length) throw corrupt()
    at += frame.length
  }
  return output
}

/** Decompresses one block into `output` from `start` on and returns where it ends. */
function block(input: Uint8Array, output: Uint8Array, start: number): number {
  let from = 0
  let to = start
  while (from < input.length) {
    const token = inRange(input[from++])
    let literals = token >>> 4
    if (literals === 15) {
      for (let byte = 255; byte === 255; literals += byte) {
        if (from >= input.length) throw corrupt()
        byte = inRange(input[from++])
      }
    }
    if (literals > input.length - from || literals > output.length - to) throw corrupt()
    if (literals > 0) output.set(input.subarray(from, from + literals), to)
    from += literals
    to += literals
    if (from === input.length) return to
    const distance = inRange(input[from]) | (inRange(input[from + 1]) << 8)
    from += 2
    let match = token & 15
    if (match === 15) {
      for (let byte = 255; byte === 255; match += byte) {
        if (from >= input.length) throw corrupt()
        byte = inRange(input[from++])
      }
    }
    match += 4
    if (from > input.length || distance === 0 || distance > to - start || match > output.length - to) throw corrupt()
    if (distance >= match) output.copyWithin(to, to - distance, to - distance + match)
    else for (let i = 0; i < match; i++) output[to + i] = inRange(output[to + i - distance])
    to += match
  }
  return to
}

function corrupt(): ParquetError {
  return new ParquetError("an LZ4 page can't be decompressed")
}
