import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { nativeCodecs } from '../../../functions/adapters/codecs.ts'
import { writeSilver } from '../../../functions/engine/join/silver.ts'
import type { SourceFile } from '../../../functions/engine/sources/source-file.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { READ_LIMITS } from '../../../functions/parquet/metadata/read-limits.ts'
import { makeCodecs } from '../../../functions/parquet/pages/codecs.ts'
import { column, equal, joinQuery, literal, output } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { MemoryWriter } from '../../support/memory-lake.ts'
import { withFooter } from '../../support/with-footer.ts'

type Bytes = Uint8Array<ArrayBuffer>

const text = (name: string, data: readonly (string | null)[]) => ({ name, type: 'STRING' as const, data: [...data] })
const file = (options: Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'> = {}, rows = 6): Bytes =>
  new Uint8Array(
    parquetWriteBuffer({
      ...options,
      columnData: [
        text(
          'review_id',
          Array.from({ length: rows }, (_, i) => `r${i}`),
        ),
        text(
          'customer_id',
          Array.from({ length: rows }, (_, i) => `C${i % 2}`),
        ),
      ],
    }),
  )

describe('odd but valid files', function () {
  this.timeout(60_000)
  let duck: Duck
  let customersFile: SourceFile
  before(async () => {
    duck = await Duck.open()
    customersFile = sourceOf('c', await duck.parquet("SELECT 'C' || i AS customer_id, i AS n FROM range(2) t(i)"))
  })
  after(() => duck.close())

  const queryOf = async (...sources: SourceFile[]) => {
    const columns = new Map((await Promise.all(sources.map(readFooter))).flatMap(columnsOf).map(c => [c.name, c]))
    return joinQuery([...columns.values()], columnsOf(await readFooter(customersFile)))
  }
  const join = async (...files: Bytes[]) => {
    const sources = files.map((bytes, i) => sourceOf(`f${i}`, bytes))
    const query = await queryOf(...sources)
    return joined(query, await customersOf([customersFile], query), sources)
  }
  const rowsOf = async (bytes: Bytes, select = '*') =>
    duck.rows(`SELECT ${select} FROM read_parquet('${duck.file(bytes)}') ORDER BY ALL`)
  const count = async (...files: Bytes[]) => (await rowsOf((await join(...files)).silver)).length

  describe('row groups without rows', () => {
    /** Their chunks as pyarrow writes them: no data page has an offset. */
    const emptied = (which: number, rowGroups = 3) =>
      withFooter(file({ rowGroupSize: 2 }), metadata => {
        const group = metadata.row_groups[which]
        if (!group) throw new TypeError('no such row group')
        metadata.num_rows -= group.num_rows
        group.num_rows = 0n
        for (const { meta_data: chunk } of group.columns) {
          if (chunk) Object.assign(chunk, { num_values: 0n, data_page_offset: 0n, dictionary_page_offset: undefined })
        }
        metadata.row_groups.splice(rowGroups)
      })
    for (const [where, which] of Object.entries({ first: 0, 'in the middle': 1, last: 2 })) {
      it(`are skipped: ${where}`, async () => {
        assert.equal(await count(emptied(which)), 4)
        assert.equal(await count(emptied(which), emptied(which)), 8)
      })
    }

    it('may be all there is, in customers too', async () => {
      const empty = withFooter(emptied(0), metadata => {
        metadata.row_groups.splice(1)
        metadata.num_rows = 0n
      })
      assert.equal(await count(empty), 0)
      const source = sourceOf('f', file())
      const query = await queryOf(source)
      const customers = await customersOf([sourceOf('e', empty), customersFile], query)
      assert.equal((await joined(query, customers, [source])).counts[0]?.matched, 6)
    })
  })

  it('of many tiny row groups are read in few requests and become one', async () => {
    const tiny = file({ rowGroupSize: 1 }, 300)
    const whole = sourceOf('f', tiny)
    const query = await queryOf(whole)
    const before = whole.requests()
    const customers = await customersOf([customersFile], query)
    const silver = new MemoryWriter()
    const request = { query, dimensions: [customers], sources: [whole], silver, parked: null, metadata: () => ({}) }
    await writeSilver(request, makeCodecs(nativeCodecs))
    assert.ok(whole.requests() - before <= 4, `${whole.requests() - before} requests`)
    assert.equal((await readFooter(sourceOf('s', silver.bytes()))).rowGroups.length, 1)
    assert.equal((await rowsOf(silver.bytes())).length, 300)
  })

  it('with a type on the root of the schema', async () => {
    const typed = withFooter(file(), metadata => {
      const [root] = metadata.schema
      if (root) root.type = 'INT32'
    })
    assert.equal(await count(typed), 6)
  })

  it('of old parquet-mr, whose chunks leave out the dictionary header (PARQUET-816), even when they are copied', async () => {
    const bytes = await duck.parquet(
      "SELECT 'r' || (i % 9) AS review_id, 'C' || (i % 2) AS customer_id, i // 50 AS x FROM range(400) t(i)",
      "PARQUET_VERSION V1, CODEC 'uncompressed'",
    )
    const short = withFooter(bytes, metadata => {
      metadata.created_by = 'parquet-mr version 1.2.8'
      for (const { columns } of metadata.row_groups) {
        for (const { meta_data: chunk } of columns) {
          if (!chunk?.dictionary_page_offset) continue
          chunk.total_compressed_size -= 15n
          chunk.total_uncompressed_size -= 15n
        }
      }
    })
    const expected = await rowsOf((await join(bytes)).silver)
    assert.equal(expected.length, 400)
    assert.deepEqual(await rowsOf((await join(short)).silver), expected)
    const sizes = (await readFooter(sourceOf('s', (await join(short)).silver))).rowGroups.flatMap(({ columns }) =>
      columns.map(({ compressed }) => compressed),
    )
    const wanted = (await readFooter(sourceOf('b', bytes))).rowGroups.flatMap(({ columns }) =>
      columns.map(({ compressed }) => compressed),
    )
    // behind the last one lie other sections here, which the old writer did not have
    assert.deepEqual(sizes.slice(0, 2), wanted.slice(0, 2))
    const later = withFooter(short, metadata => {
      metadata.created_by = 'parquet-mr version 1.2.9'
    })
    await assert.rejects(join(later, later), { name: 'UnreadableFile' })
  })

  it('with a U+FEFF at the start of values and names: it stays', async () => {
    const bom = '\ufeff'
    const bytes = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          text('review_id', ['a', 'b']),
          text('customer_id', [`${bom}C0`, 'C0']),
          text(`${bom}t`, [`${bom}x`, 'x']),
        ],
      }),
    )
    const source = sourceOf('f', bytes)
    const query = await queryOf(source)
    assert.equal(query.reviews[2]?.name, `${bom}t`)
    const key = { op: 'call', name: 'lower', args: [column('reviews', 'customer_id')], type: 'string' } as const
    const isX = output('is_x', equal(column('reviews', `${bom}t`), literal('x')))
    const looked = { ...query, output: [...query.output.slice(0, 2), isX] }
    const lowered = {
      ...looked,
      joins: query.joins.map(join => {
        const right = { ...key, args: [column('customers', 'customer_id')] }
        return { ...join, keys: [{ left: key, right, type: 'string' as const, nullSafe: false }] }
      }),
    }
    const customers = await customersOf([customersFile], lowered)
    const { silver, counts } = await joined(lowered, customers, [source])
    assert.deepEqual(counts[0], { read: 2, filtered: 0, nullKey: 0, unmatched: 1, matched: 1, written: 1, parked: 0 })
    assert.deepEqual(await rowsOf(silver), [{ review_id: 'b', customer_id: 'C0', is_x: true }])
    const alone = { ...looked, dimensions: [], joins: [] }
    assert.deepEqual(await rowsOf((await joined(alone, null, [source])).silver, 'is_x'), [
      { is_x: false },
      { is_x: true },
    ])
  })

  it('with names of customers that begin with a U+FEFF', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [text('customer_id', ['C0']), text('\ufeffname', ['n'])] }),
    )
    const query = await queryOf(sourceOf('f', file()))
    const customers = await customersOf([sourceOf('c', bytes)], query)
    assert.ok(customers.column('\ufeffname'))
    assert.equal(customers.column('name'), null)
  })

  it('of a large page that is one value over and over', async () => {
    const wide = await duck.parquet(
      "SELECT 'r' AS review_id, 'C0' AS customer_id, repeat('x', 20971520) AS x UNION ALL SELECT 's', 'C1', 'y'",
      "CODEC 'zstd'",
    )
    assert.deepEqual(await rowsOf((await join(wide, wide)).silver, 'sum(length(x)) AS n'), [
      { n: String(2 * 20971521) },
    ])
    const many = await duck.parquet(
      "SELECT 'r' AS review_id, 'C0' AS customer_id FROM range(3000000)",
      'ROW_GROUP_SIZE 3000000',
    )
    assert.deepEqual(await rowsOf((await join(many)).silver, 'count(*) AS n'), [{ n: '3000000' }])
  })

  it('beyond the limits are refused by the name of the limit, which is a setting', async () => {
    const source = sourceOf('f', await duck.parquet("SELECT 'r' AS review_id, 'C0' AS customer_id FROM range(60000)"))
    const query = await queryOf(source)
    const customers = await customersOf([customersFile], query)
    const write = (limits: Partial<typeof READ_LIMITS>) =>
      writeSilver(
        {
          query,
          dimensions: [customers],
          sources: [source],
          silver: new MemoryWriter(),
          parked: null,
          metadata: () => ({}),
        },
        makeCodecs(nativeCodecs, { ...READ_LIMITS, ...limits }),
        { verifyPages: true },
      )
    await assert.rejects(
      write({ maxFileRows: 10_000 }),
      /^UnreadableFile: f: the file claims 60000 rows in \d+ bytes; maxFileRows allows 10000$/,
    )
    await assert.rejects(write({ maxPageBytes: 4 }), /page holds \d+ bytes; maxPageBytes allows 4$/)
  })

  it('but not a list that begins in the middle of a row, whether copied or read', async () => {
    const lists = "SELECT 'a' AS review_id, 'C0' AS customer_id, [1, 2, 3] AS l UNION ALL SELECT 'b', 'C1', [4]"
    const bytes = await duck.parquet(lists, "COMPRESSION 'uncompressed'")
    const levels = Buffer.from(bytes).indexOf(Buffer.from([0x21, 0, 0, 0, 0x41, 0b0110]))
    assert.ok(levels > 0, 'the levels 0, 1, 1, 0')
    bytes[levels + 5] = 0b0101
    for (const files of [[bytes], [bytes, file()]]) {
      await assert.rejects(join(...files), /^UnreadableFile: f0: column element begins in the middle of a row$/)
    }
  })

  it('with lists, maps and structs of the same type except for what can be NULL, units and levels', async () => {
    const forms = [
      duck.parquet(
        `SELECT 'a' AS review_id, 'C0' AS customer_id, [1, NULL, 3] AS l, {'t': TIMESTAMP_MS '2020-01-02 03:04:05.678', 'm': MAP {'k': [true]}} AS s`,
      ),
      duck.parquet(
        `SELECT 'b' AS review_id, 'C1' AS customer_id, []::INT[] AS l, {'t': TIMESTAMP '2021-01-02 03:04:05.678901', 'm': MAP {'k': [NULL, false]}} AS s UNION ALL SELECT 'c', 'C1', NULL, NULL`,
      ),
    ]
    const required = new Uint8Array(readFileSync('test/fixtures/odd-files/required-levels.parquet'))
    const files = [required, ...(await Promise.all(forms))]
    const columns = 'review_id, l, {t: s.t::TIMESTAMPTZ, m: s.m} AS s'
    const expected = (await Promise.all(files.map(bytes => rowsOf(bytes, columns)))).flat()
    const { silver } = await join(...files)
    assert.deepEqual(
      await rowsOf(silver, columns),
      expected.sort((a, b) => (String(a.review_id) < String(b.review_id) ? -1 : 1)),
    )
  })
})
