import assert from 'node:assert/strict'
import { zstdCompressSync } from 'node:zlib'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { crc32 } from '../../functions/base/crc32.ts'
import { ENCODING, PAGE } from '../../functions/parquet/metadata/format.ts'
import { checkPageHeader, readPageHeader } from '../../functions/parquet/metadata/page-header.ts'
import { ParquetError } from '../../functions/parquet/metadata/parquet-error.ts'
import { READ_LIMITS } from '../../functions/parquet/metadata/read-limits.ts'
import type { ColumnChunk } from '../../functions/parquet/metadata/row-group.ts'
import { type SchemaElement, schemaTree } from '../../functions/parquet/metadata/schema.ts'
import { ThriftReader } from '../../functions/parquet/metadata/thrift-reader.ts'
import { ThriftWriter } from '../../functions/parquet/metadata/thrift-writer.ts'
import { ChunkReader } from '../../functions/parquet/pages/chunk-reader.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { plainValues } from '../../functions/parquet/pages/plain-values.ts'
import { decodeHybrid, encodeHybrid, hybridBound } from '../../functions/parquet/pages/rle.ts'
import { codecs } from '../support/joining.ts'

const ELEMENT: SchemaElement = {
  name: '',
  type: null,
  typeLength: 0,
  repetition: 'REQUIRED',
  children: 0,
  converted: null,
  scale: 0,
  precision: 0,
  logical: null,
}
const CHUNK: ColumnChunk = {
  type: 'INT32',
  encodings: [],
  codec: 'UNCOMPRESSED',
  values: 2,
  uncompressed: 0,
  compressed: 0,
  dataPage: 0,
  dictionaryPage: null,
  start: 0,
  end: 0,
  statistics: undefined,
  encodingStats: undefined,
  sizeStatistics: undefined,
  bloomFilter: undefined,
  offsetIndex: undefined,
  columnIndex: undefined,
  fault: null,
}

const refused = (work: () => unknown, message: RegExp) =>
  assert.throws(work, (error: unknown) => error instanceof ParquetError && message.test(error.message))

describe('hostile bytes are refused before memory is taken for them', () => {
  it('pages that claim to unfold to more than they can', () => {
    const small = new Uint8Array(100)
    for (const codec of ['SNAPPY', 'GZIP', 'LZ4', 'LZ4_RAW'] as const) {
      refused(() => codecs.decompress(codec, small, 200 << 20), /^a page of 100 bytes claims to hold 209715200$/)
      refused(() => codecs.decompress(codec, small, -1), /claims to hold -1/)
    }
    const bomb = zstdCompressSync(new Uint8Array(64 << 20))
    const narrow = makeCodecs(nativeCodecs, { ...READ_LIMITS, maxPageBytes: (64 << 20) - 1 })
    refused(
      () => narrow.decompress('ZSTD', bomb, 64 << 20),
      /^a page holds 67108864 bytes; maxPageBytes allows 67108863$/,
    )
    for (const codec of ['ZSTD', 'BROTLI'] as const) {
      refused(() => codecs.decompress(codec, small, 300 << 20), /maxPageBytes allows 268435456/)
      refused(() => codecs.decompress(codec, small, -1), /claims to hold -1/)
    }
    refused(() => codecs.decompress('ZSTD', bomb, 1 << 20), /^a ZSTD page can't be decompressed$/)
    refused(() => codecs.decompress('UNCOMPRESSED', small, 99), /a different length/)
  })

  it('counts of values that the bytes cannot hold', () => {
    refused(
      () => plainValues(new Uint8Array(100), 0, 1 << 30, 'INT32', 0),
      /^a page has 100 bytes for 1073741824 values/,
    )
    refused(() => plainValues(new Uint8Array(100), 0, 1 << 30, 'BYTE_ARRAY', 0), /1073741824 byte arrays/)
    refused(() => plainValues(new Uint8Array(100), 0, 801, 'BOOLEAN', 0), /801 booleans/)
    refused(() => plainValues(Uint8Array.of(255, 255, 255, 127, 1), 0, 1, 'BYTE_ARRAY', 0), /longer than its page/)
    refused(() => plainValues(Uint8Array.of(255, 255, 255, 255, 1), 0, 1, 'BYTE_ARRAY', 0), /longer than its page/)
  })

  it('runs that are empty or cut short', () => {
    const out = new Int32Array(100)
    refused(() => decodeHybrid(Uint8Array.of(0, 1), 0, 2, 1, out, 0, 100), /empty/)
    refused(() => decodeHybrid(Uint8Array.of(0x80), 0, 1, 1, out, 0, 100), /cut short/)
    refused(() => decodeHybrid(Uint8Array.of(0x1b, 1), 0, 2, 9, out, 0, 100), /cut short/)
    refused(() => decodeHybrid(Uint8Array.of(200, 1), 0, 1, 1, out, 0, 100), /cut short/)
  })

  it('a page whose header has lost the length of its levels, or says too much', () => {
    const header = (lengths: Readonly<Record<number, number>>) => {
      const thrift = new ThriftWriter()
      thrift.element(() => {
        thrift.i32(1, PAGE.DATA_V2)
        thrift.i32(2, 21)
        thrift.i32(3, 21)
        thrift.struct(8, () => {
          for (const [field, value] of [
            [1, 18],
            [2, 0],
            [3, 18],
            [4, ENCODING.PLAIN],
          ] as const)
            thrift.i32(field, value)
          for (const [field, value] of Object.entries(lengths)) thrift.i32(Number(field), value)
        })
      })
      return readPageHeader(new ThriftReader(thrift.finish()))
    }
    checkPageHeader(header({ 5: 2, 6: 0 }), 21)
    refused(() => checkPageHeader(header({ 5: 2, 6: 0 }), 20), /claims 21 bytes where 20 are left/)
    for (const lengths of [{ 5: 2 }, { 6: 0 }, { 5: 2, 6: 20 }])
      refused(() => checkPageHeader(header(lengths), 21), /levels of a page are longer/)
  })

  it('thrift that is longer than its bytes or nested endlessly', () => {
    refused(
      () => new ThriftReader(Uint8Array.of(0x19, 0xfc, 0xff, 0xff, 0xff, 0x7f)).skip(12),
      /longer than the bytes left/,
    )
    refused(() => new ThriftReader(Uint8Array.of(0x18, 0xff, 0xff, 0xff, 0x7f)).skip(12), /longer than the bytes left/)
    refused(() => new ThriftReader(new Uint8Array(1000).fill(0x1c)).skip(12), /nested too deep/)
    refused(() => new ThriftReader(new Uint8Array(1000).fill(0x19)).skip(9), /nested too deep|longer/)
    refused(() => new ThriftReader(Uint8Array.of(0x15)).skip(12), /cut short/)
  })
})

describe('page checksums', () => {
  const leaf = schemaTree([
    { ...ELEMENT, name: 'root', children: 1 },
    { ...ELEMENT, name: 'n', type: 'INT32' },
  ]).children[0]

  function chunkWith(body: Uint8Array, crc: number): ChunkReader {
    const thrift = new ThriftWriter()
    thrift.element(() => {
      thrift.i32(1, PAGE.DATA)
      thrift.i32(2, body.length)
      thrift.i32(3, body.length)
      thrift.i32(4, crc)
      thrift.struct(5, () => {
        thrift.i32(1, 2)
        thrift.i32(2, ENCODING.PLAIN)
        thrift.i32(3, ENCODING.RLE)
        thrift.i32(4, ENCODING.RLE)
      })
    })
    const header = thrift.finish()
    const bytes = new Uint8Array([...header, ...body])
    const chunk = { ...CHUNK, compressed: bytes.length, end: bytes.length }
    return new ChunkReader(bytes, chunk, leaf ?? assert.fail(), codecs)
  }

  it('are checked if a page has one', () => {
    const body = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0)
    const good = chunkWith(body, crc32(body))
    assert.deepEqual(
      [...good.pages()].map(page => good.decode(page).values.count),
      [2],
    )
    refused(() => [...chunkWith(body, crc32(body) ^ 1).pages()], /^column n has a page whose checksum does not match$/)
  })
})

describe('encodeHybrid()', () => {
  it('is undone by decodeHybrid(), for all widths and runs', () => {
    for (let width = 0; width <= 32; width++) {
      for (const count of [0, 1, 7, 8, 9, 100, 1000]) {
        const max = width === 32 ? -1 : 2 ** width - 1
        const values = Int32Array.from({ length: count }, (_, i) =>
          i % 50 < 20 ? max : Math.imul(i, 0x9e3779b1) & max,
        )
        const bytes = new Uint8Array(hybridBound(count, width))
        const end = encodeHybrid(values, 0, count, width, bytes, 0)
        const decoded = new Int32Array(count)
        decodeHybrid(bytes, 0, end, width, decoded, 0, count)
        assert.deepEqual(decoded, values, `${count} values of ${width} bits`)
      }
    }
  })
})

describe('crc32()', () => {
  it('is the CRC of ISO 3309', () => {
    assert.equal(crc32(new TextEncoder().encode('123456789')) >>> 0, 0xcbf43926)
    assert.equal(crc32(new Uint8Array(0)), 0)
  })
})
