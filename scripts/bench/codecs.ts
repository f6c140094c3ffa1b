import { constants, zstdCompressSync } from 'node:zlib'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { leavesOf, openFile } from '../../functions/parquet/metadata/footer.ts'
import { ChunkReader } from '../../functions/parquet/pages/chunk-reader.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { print } from '../terminal/print.ts'
import { benchLake } from './lake.ts'

/** What the codecs that rewritten pages could have make of the review bodies of one file. A table in Markdown. */
export async function measureCodecs(): Promise<string> {
  const pages = await bodies()
  const size = pages.reduce((sum, page) => sum + page.length, 0)
  const snappy = makeCodecs().compress
  const zstd = (level: number, more: Record<number, number> = {}) => {
    const params = { [constants.ZSTD_c_compressionLevel]: level, ...more }
    return (bytes: Uint8Array) => zstdCompressSync(bytes, { params, chunkSize: 1 << 19 })
  }
  const tried: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ['SNAPPY (WebAssembly)', snappy],
    ['ZSTD level 1', zstd(1)],
    ['ZSTD level 3', zstd(3)],
    ['ZSTD level -1', zstd(-1)],
    ['ZSTD level -5', zstd(-5)],
    ['ZSTD level 1, table of 2^11', zstd(1, { [constants.ZSTD_c_hashLog]: 11 })],
    ['ZSTD as used', nativeCodecs.zstdCompress ?? snappy],
  ]
  const lines = ['| codec | MB/s | of the size |', '|---|---|---|']
  for (const [name, compress] of tried) {
    let best = Number.POSITIVE_INFINITY
    let bytes = 0
    for (let run = 0; run < 5; run++) {
      const start = performance.now()
      bytes = pages.reduce((sum, page) => sum + compress(page).length, 0)
      best = Math.min(best, performance.now() - start)
    }
    print(JSON.stringify({ codec: name, mbPerSecond: size / 1e3 / best, ratio: bytes / size }))
    lines.push(`| ${name} | ${(size / 1e3 / best).toFixed(0)} | ${(bytes / size).toFixed(2)} |`)
  }
  return lines.join('\n')
}

/** The uncompressed pages of a file's review bodies. */
async function bodies(): Promise<Uint8Array[]> {
  const key = 'bronze/reviews/part-00000.snappy.parquet'
  const store = new DirectoryStore(await benchLake('batches'))
  const info = await store.head(key)
  if (!info) throw new Error(`no object ${key}`)
  const { footer, read } = await openFile({ ...info, read: range => store.get(key, { range }) })
  const leaves = leavesOf(footer.schema)
  const at = leaves.findIndex(({ element }) => element.name === 'review_body')
  const [leaf, chunk] = [leaves[at], footer.rowGroups[0]?.columns[at]]
  if (!leaf || !chunk) throw new Error('no review bodies')
  const codecs = makeCodecs(nativeCodecs)
  const pages: Uint8Array[] = []
  for (const { header, body } of new ChunkReader(await read(chunk), chunk, leaf, codecs).pages()) {
    pages.push(codecs.decompress(chunk.codec, body, header.uncompressed))
  }
  return pages
}
