import { brotliDecompressSync, constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { NativeCodecs } from '../parquet/codecs.ts'

/** What node:zlib does natively, on Node and Deno alike. Level 1 gives most of Zstandard's gain at Snappy's speed. */
export const nativeCodecs: NativeCodecs = {
  zstdCompress: bytes => zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  zstdDecompress: (bytes, length) => zstdDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
  gunzip: (bytes, length) => gunzipSync(bytes, { maxOutputLength: Math.max(1, length) }),
  brotliDecompress: (bytes, length) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, length) }),
}
