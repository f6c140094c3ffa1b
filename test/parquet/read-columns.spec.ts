import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { type FileMetaData, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'
import { ENCODING, PAGE } from '../../functions/parquet/metadata/format.ts'
import { ParquetError } from '../../functions/parquet/metadata/parquet-error.ts'
import { THRIFT } from '../../functions/parquet/metadata/thrift-reader.ts'
import { ThriftWriter } from '../../functions/parquet/metadata/thrift-writer.ts'
import { readColumns } from '../../functions/parquet/values/read-columns.ts'
import { Duck } from '../support/duckdb.ts'
import { codecs } from '../support/joining.ts'
import { sourceOf } from '../support/lake-files.ts'

/** A file of two rows with one column `id` of texts, whose chunk has these bytes. */
function fileOf(chunk: Uint8Array, change: (metadata: FileMetaData) => void = () => {}): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter()
  writer.appendUint32(0x31524150)
  writer.appendBytes(chunk)
  const size = BigInt(chunk.length)
  const metadata = {
    version: 1,
    schema: [
      { name: 'schema', num_children: 1 },
      { name: 'id', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
    ],
    num_rows: 2n,
    row_groups: [
      {
        columns: [
          {
            file_offset: 4n,
            meta_data: {
              type: 'BYTE_ARRAY',
              encodings: ['PLAIN'],
              path_in_schema: ['id'],
              codec: 'UNCOMPRESSED',
              num_values: 2n,
              total_uncompressed_size: size,
              total_compressed_size: size,
              data_page_offset: 4n,
            },
          },
        ],
        total_byte_size: size,
        num_rows: 2n,
      },
    ],
  } as unknown as FileMetaData // the length is what writeMetadata writes
  change(metadata)
  writeMetadata(writer, metadata)
  writer.appendUint32(0x31524150)
  return new Uint8Array(writer.getBuffer())
}

/** A v1 data page of two values with these levels and values; `more` writes into the header as well. */
function page(
  body: readonly number[],
  more: (thrift: ThriftWriter) => void = () => {},
  encoding: number = ENCODING.PLAIN,
): Uint8Array {
  const thrift = new ThriftWriter()
  thrift.element(() => {
    thrift.i32(1, PAGE.DATA)
    thrift.i32(2, body.length)
    thrift.i32(3, body.length)
    thrift.struct(5, () => {
      thrift.i32(1, 2)
      thrift.i32(2, encoding)
      thrift.i32(3, ENCODING.RLE)
      thrift.i32(4, ENCODING.RLE)
    })
    more(thrift)
  })
  return new Uint8Array([...thrift.finish(), ...body])
}

function levels(...bytes: number[]): number[] {
  return [bytes.length, 0, 0, 0, ...bytes]
}

const TEXTS = [1, 0, 0, 0, 0x61, 1, 0, 0, 0, 0x62]
/** 2^30 values of a run, as a varint. */
const HUGE_RUN = [0x80, 0x80, 0x80, 0x80, 0x08]

const idsOf = (bytes: Uint8Array<ArrayBuffer>) => readColumns(sourceOf('file', bytes), ['id'], codecs)

describe('readColumns()', () => {
  it('reads intact files', async () => {
    assert.deepEqual(await idsOf(fileOf(page([...levels(4, 1), ...TEXTS]))), [['a', 'b']])
  })

  it('reads columns of several row groups, of every type and codec, as hyparquet reads the whole file', async () => {
    const duck = await Duck.open()
    const sql = `SELECT 'r' || i AS id, CASE WHEN i % 3 > 0 THEN i END AS n, i::INT AS i, i / 7 AS d, i % 2 = 0 AS b,
      DATE '2026-01-01' + i::INT AS da, make_timestamptz(i * 1000000) AS ts, make_timestamp_ns(i * 1000) AS ns,
      (i / 10)::DECIMAL(9,1) AS de, uuid() AS u, (i % 200)::UTINYINT AS ut, i::UINTEGER AS ui FROM range(5000) t(i)`
    for (const codec of ['snappy', 'zstd', 'gzip', 'lz4_raw', 'brotli', 'uncompressed']) {
      const bytes = await duck.parquet(sql, `CODEC '${codec}', ROW_GROUP_SIZE 2048`)
      const rows = await parquetReadObjects({ file: bytes.buffer, compressors })
      const names = Object.keys(rows[0] ?? {})
      assert.equal(names.length, 12)
      const columns = await readColumns(sourceOf('file', bytes), names, codecs)
      for (const [i, name] of names.entries())
        assert.deepEqual(
          columns[i],
          rows.map(row => row[name]),
          name,
        )
    }
    const nested = await duck.parquet('SELECT [1] AS list')
    await assert.rejects(readColumns(sourceOf('file', nested), ['list'], codecs), { message: 'column list is nested' })
    duck.close()
  })

  const hostile: readonly (readonly [string, Uint8Array<ArrayBuffer>, RegExp])[] = [
    [
      'levels in a run of a thousand million values',
      fileOf(page([...levels(...HUGE_RUN, 1), ...TEXTS])),
      /^a run holds more values than its page$/,
    ],
    [
      'levels in a packed run of thousands of millions',
      fileOf(page([...levels(0x81, 0x80, 0x80, 0x80, 0x01, 3), ...TEXTS])),
      /^a run holds more values than its page$/,
    ],
    [
      'a page whose size stands twice in its header',
      fileOf(page([...levels(4, 1), ...TEXTS], thrift => thrift.raw(3, THRIFT.I64, Uint8Array.of(0)))),
      /^column id has a page header that readers understand differently$/,
    ],
    [
      'a page of negative size',
      fileOf(page([...levels(4, 1), ...TEXTS], thrift => thrift.i32(3, -20))),
      /^column id has a page that is longer than its chunk$/,
    ],
    [
      'an index page, at which hyparquet ends',
      fileOf(page([...levels(4, 1), ...TEXTS], thrift => thrift.i32(1, PAGE.INDEX))),
      /^column id has a page header that readers understand differently$/,
    ],
    [
      'a footer that gives a chunk less than it has',
      fileOf(page([...levels(4, 1), ...TEXTS]), ({ row_groups: [group] }) => {
        const chunk = group?.columns[0]?.meta_data
        if (chunk) chunk.total_compressed_size = 5n
      }),
      /^a thrift structure is cut short$/,
    ],
  ]
  for (const [what, bytes, message] of hostile) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(
        idsOf(bytes),
        (error: unknown) => error instanceof ParquetError && message.test(error.message),
      )
    })
  }

  it('refuses a column that is not there, or whose chunk is not where the footer says', async () => {
    const bytes = fileOf(page([...levels(4, 1), ...TEXTS]), ({ row_groups: [group] }) => {
      const chunk = group?.columns[0]?.meta_data
      if (chunk) chunk.data_page_offset = 100_000n
    })
    await assert.rejects(idsOf(bytes), { message: "column id lies outside of the file's body" })
    const other = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'other', data: ['x'], type: 'STRING' }] }))
    await assert.rejects(idsOf(other), { message: 'column id is not there' })
  })

  it('is the only way a file gets to hyparquet', () => {
    const importers = globSync('functions/**/*.ts').filter(path =>
      /^import .*'hyparquet\/src\/(column|read|query|scan|metadata).js'|^import \{.* from 'hyparquet'/m.test(
        readFileSync(path, 'utf8'),
      ),
    )
    assert.deepEqual(importers.toSorted(), [
      'functions/parquet/values/check-chunk.ts',
      'functions/parquet/values/read-columns.ts',
    ])
  })
})
