import { decompress as zstdInJavaScript } from 'fzstd'
import { gunzip } from 'hyparquet-compressors/src/gzip.js'
import { snappyCompressor, snappyUncompressor } from 'hysnappy'
import { crc32 } from '../../base/crc32.ts'
import type { CodecName } from '../metadata/format.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { checkPageLimit, READ_LIMITS, type ReadLimits } from '../metadata/read-limits.ts'
import { decompressLz4, decompressLz4Raw } from './lz4.ts'

/**
 * What a runtime can do natively; all of it is optional. Decompressors get the length that must come out, and may throw
 * anything.
 */
export interface NativeCodecs {
  readonly zstdCompress?: (bytes: Uint8Array) => Uint8Array
  readonly zstdDecompress?: (bytes: Uint8Array, length: number) => Uint8Array
  readonly gunzip?: (bytes: Uint8Array, length: number) => Uint8Array
  /** Without it, files with codec BROTLI are refused. */
  readonly brotliDecompress?: (bytes: Uint8Array, length: number) => Uint8Array
}

/**
 * Compression and decompression of pages, and the limits on what is read. Make one and keep it: each instantiates Snappy's
 * WebAssembly.
 */
export interface Codecs {
  readonly limits: ReadLimits
  /** The codec of the pages written here: ZSTD if the runtime has it natively, otherwise SNAPPY. */
  readonly codec: CodecName
  compress(bytes: Uint8Array): Uint8Array
  /** Throws ParquetError unless exactly `length` bytes come out. */
  decompress(codec: CodecName, bytes: Uint8Array, length: number): Uint8Array
}

/** The best ratio of a codec, so that a forged length is refused before memory is taken for it. */
const BEST_RATIO: Readonly<Partial<Record<CodecName, number>>> = { SNAPPY: 24, GZIP: 1040, LZ4: 256, LZ4_RAW: 256 }

/** `limits` apply to files read with these codecs. */
export function makeCodecs(native: NativeCodecs = {}, limits: ReadLimits = READ_LIMITS): Codecs {
  const snappyUncompress = snappyUncompressor()
  const snappyCompress = snappyCompressor()
  const { zstdCompress } = native

  const unpack = (codec: CodecName, bytes: Uint8Array, length: number): Uint8Array => {
    switch (codec) {
      case 'SNAPPY':
        if (snappyLength(bytes) !== length) throw new ParquetError('a SNAPPY page has a different length than it says')
        return length === 0 ? new Uint8Array(0) : snappyUncompress(bytes, length)
      case 'GZIP':
        return native.gunzip ? native.gunzip(bytes, length) : checkedGunzip(bytes, length)
      case 'ZSTD':
        return native.zstdDecompress
          ? native.zstdDecompress(bytes, length)
          : zstdInJavaScript(bytes, new Uint8Array(length))
      case 'LZ4':
        return decompressLz4(bytes, length)
      case 'LZ4_RAW':
        return decompressLz4Raw(bytes, length)
      case 'BROTLI':
        if (!native.brotliDecompress) throw new ParquetError('codec BROTLI is not read here')
        return native.brotliDecompress(bytes, length)
      default:
        throw new ParquetError(`codec ${codec} is not read here`)
    }
  }

  return {
    limits,
    codec: zstdCompress ? 'ZSTD' : 'SNAPPY',
    compress: zstdCompress ?? snappyCompress,
    decompress(codec, bytes, length) {
      if (codec === 'UNCOMPRESSED') {
        if (bytes.length !== length) throw new ParquetError('a page has a different length than it says')
        return bytes
      }
      const ratio = BEST_RATIO[codec]
      if (length < 0 || (ratio && length > (bytes.length + 64) * ratio)) {
        throw new ParquetError(`a page of ${bytes.length} bytes claims to hold ${length}`)
      }
      checkPageLimit(length, limits)
      let unpacked: Uint8Array
      try {
        unpacked = unpack(codec, bytes, length)
      } catch (error) {
        if (error instanceof ParquetError) throw error
        throw new ParquetError(`a ${codec} page can't be decompressed`, { cause: error })
      }
      if (unpacked.length !== length) throw new ParquetError(`a ${codec} page has a different length than it says`)
      return unpacked
    },
  }
}

/** The length at the start of Snappy's data (snappy's format_description.txt, section 1). */
function snappyLength(bytes: Uint8Array): number {
  let length = 0
  for (let i = 0; i < 5; i++) {
    const byte = bytes[i]
    if (byte === undefined) return -1
    length += (byte & 0x7f) * 2 ** (7 * i)
    if (byte < 0x80) return length
  }
  return -1
}

/** The JavaScript gunzip does not notice data that is cut or damaged, but gzip's trailer shows it (RFC 1952, 2.3.1). */
function checkedGunzip(bytes: Uint8Array, length: number): Uint8Array {
  const unpacked = gunzip(bytes, new Uint8Array(length))
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8)
  if (trailer.getUint32(4, true) !== length || trailer.getInt32(0, true) !== crc32(unpacked)) {
    throw new ParquetError('a GZIP page is damaged')
  }
  return unpacked
}
