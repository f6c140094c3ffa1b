import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { parquetMetadata } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { GroupReader } from '../../../functions/engine/join/group-reader.ts'
import { sortingOf } from '../../../functions/engine/join/row-group-writer.ts'
import { planSilver } from '../../../functions/engine/join/silver-plan.ts'
import { openSources } from '../../../functions/engine/join/source.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { SPARK_SCHEMA } from '../../../functions/parquet/metadata/footer-writer.ts'
import { ENCODING } from '../../../functions/parquet/metadata/format.ts'
import { column, equal, joinQuery, literal, output, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { codecs, customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

const ids = Array.from({ length: 100 }, (_, i) => i)

function bronze(keyValue: Record<string, string> = {}) {
  return new Uint8Array(
    parquetWriteBuffer({
      kvMetadata: Object.entries(keyValue).map(([key, value]) => ({ key, value })),
      columnData: [
        { name: 'id', type: 'INT32', data: ids, nullable: false, bloomFilter: true },
        { name: 'customer_id', type: 'STRING', data: ids.map(i => `k${i % 4}`), bloomFilter: true },
        { name: 'flag', type: 'STRING', data: ids.map(i => (i % 2 ? 'N' : 'Y')) },
      ],
    }),
  )
}
const customersFile = sourceOf(
  'c',
  new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'customer_id', type: 'STRING', data: ['k0', 'k1', 'k2', 'k3'] },
        { name: 'name', type: 'STRING', data: ['a', 'b', 'c', 'd'] },
      ],
    }),
  ),
)

async function queryOver(source: ReturnType<typeof sourceOf>) {
  const query = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
  return { query, customers: await customersOf([customersFile], query) }
}

describe('what a silver file takes over from bronze', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('is not its key-value metadata; Spark is told the silver columns, and that no date is of its legacy calendar', async () => {
    const source = sourceOf(
      'f',
      bronze({
        [SPARK_SCHEMA]: '{"type":"struct","fields":[{"name":"id"}]}',
        'ARROW:schema': 'AAAA',
        pandas: '{}',
        'org.apache.spark.version': '2.4.8',
        'org.apache.spark.legacyINT96': '',
      }),
    )
    const { query, customers } = await queryOver(source)
    const { silver } = await joined(query, customers, [source])
    const { keyValue, createdBy } = await readFooter(sourceOf('s', silver))
    assert.deepEqual([...keyValue.keys()].sort(), [
      'org.apache.spark.sql.parquet.row.metadata',
      'org.apache.spark.version',
      'silversmith.rows',
    ])
    const field = (name: string, type: string, nullable: boolean) => ({ name, type, nullable, metadata: {} })
    assert.deepEqual(JSON.parse(keyValue.get(SPARK_SCHEMA) ?? ''), {
      type: 'struct',
      fields: [
        field('id', 'integer', false),
        field('customer_id', 'string', true),
        field('flag', 'string', true),
        field('name', 'string', true),
      ],
    })
    const { version }: { readonly version: string } = JSON.parse(readFileSync('package.json', 'utf8'))
    assert.equal(createdBy, `silversmith version ${version}`)
    const other = sourceOf('g', bronze())
    const mixed = await readFooter(sourceOf('s', (await joined(query, customers, [source, other])).silver))
    assert.deepEqual([...mixed.keyValue.keys()].sort(), [...keyValue.keys()].sort())
  })

  it('includes bloom filters if the body is copied, but not if chunks are', async () => {
    const source = sourceOf('f', bronze())
    const { query, customers } = await queryOver(source)
    const before = await readFooter(source)
    assert.ok(before.rowGroups[0]?.columns[0]?.bloomFilter)
    const appended = await joined(query, customers, [source])
    const filters = async (bytes: Uint8Array<ArrayBuffer>) =>
      (await readFooter(sourceOf('s', bytes))).rowGroups[0]?.columns.map(chunk => chunk.bloomFilter)
    assert.deepEqual(await filters(appended.silver), [
      ...before.rowGroups[0].columns.map(chunk => chunk.bloomFilter),
      undefined,
    ])
    const copied = await joined({ ...query, output: query.output.toReversed() }, customers, [source])
    assert.deepEqual(await filters(copied.silver), [undefined, undefined, undefined, undefined])
    for (const { silver } of [appended, copied]) {
      for (const key of ['k1', 'k9']) {
        const rows = await duck.rows(
          `SELECT count(*)::INT AS n FROM read_parquet('${duck.file(silver)}') WHERE customer_id = '${key}'`,
        )
        assert.deepEqual(rows, [{ n: key === 'k1' ? 25 : 0 }])
      }
    }
  })

  it('includes no codecs and encodings that some readers lack', async () => {
    for (const codec of ['lz4_raw', 'brotli', 'gzip']) {
      const source = sourceOf(
        'f',
        await duck.parquet(
          "SELECT i AS id, 'k' || (i % 4) AS customer_id, 'Y' AS flag FROM range(100) t(i)",
          `CODEC '${codec}'`,
        ),
      )
      const { query, customers } = await queryOver(source)
      const { silver } = await joined(query, customers, [source])
      const codecsOf = (await readFooter(sourceOf('s', silver))).rowGroups[0]?.columns.map(chunk => chunk.codec)
      assert.deepEqual(new Set(codecsOf), new Set(codec === 'gzip' ? ['GZIP', 'ZSTD'] : ['ZSTD']))
    }
    const split = new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'id', type: 'INT64', encoding: 'BYTE_STREAM_SPLIT', data: ids.map(BigInt) },
          { name: 'customer_id', type: 'STRING', data: ids.map(i => `k${i % 4}`) },
        ],
      }),
    )
    const source = sourceOf('f', split)
    const { query, customers } = await queryOver(source)
    const { silver } = await joined(query, customers, [source])
    const chunks = (await readFooter(sourceOf('s', silver))).rowGroups[0]?.columns ?? []
    assert.ok(chunks.every(chunk => !chunk.encodings.includes(ENCODING.BYTE_STREAM_SPLIT)))
    const [sum] = await duck.rows(`SELECT sum(id)::INT AS sum FROM read_parquet('${duck.file(silver)}')`)
    assert.deepEqual(sum, { sum: 4950 })
  })

  it('may be its columns under other names, in another order, or twice', async () => {
    const source = sourceOf('f', bronze())
    const { query, customers } = await queryOver(source)
    const renamed = {
      ...query,
      output: [
        output('wer', column('reviews', 'customer_id')),
        output('name', column('customers', 'name')),
        output('nr', column('reviews', 'id', 'int')),
        output('nochmal', column('reviews', 'customer_id')),
      ],
    }
    const { silver, writer } = await joined(renamed, customers, [source])
    const rows = await duck.rows(`SELECT * FROM read_parquet('${duck.file(silver)}') LIMIT 2`)
    assert.deepEqual(rows, [
      { wer: 'k0', name: 'a', nr: 0, nochmal: 'k0' },
      { wer: 'k1', name: 'b', nr: 1, nochmal: 'k1' },
    ])
    assert.ok(writer.written > 0)
    assert.deepEqual(
      parquetMetadata(silver).row_groups[0]?.columns.map(chunk => chunk.meta_data?.path_in_schema),
      [['wer'], ['name'], ['nr'], ['nochmal']],
    )
  })

  it('may be all of one row group and a selection of the next', async () => {
    const sql =
      "SELECT i, 'k' || (i % 4) AS customer_id, CASE WHEN i >= 61440 AND i % 10 = 0 THEN 'N' ELSE 'Y' END AS flag, md5(i::VARCHAR) AS text FROM range(122880) t(i)"
    const source = sourceOf('f', await duck.parquet(sql, 'ROW_GROUP_SIZE 61440'))
    const { query, customers } = await queryOver(source)
    const filtered = withFilter(query, equal(column('reviews', 'flag'), literal('Y')))
    const { silver } = await joined(filtered, customers, [source])
    const [before, after] = [await readFooter(source), await readFooter(sourceOf('s', silver))]
    assert.deepEqual(
      after.rowGroups.map(({ rows }) => rows),
      [61440, 55296],
    )
    assert.equal(before.rowGroups.length, 2)
    const textOf = (footer: typeof before, group: number) => footer.rowGroups[group]?.columns[3]
    assert.equal(textOf(after, 0)?.codec, 'SNAPPY')
    assert.equal(textOf(after, 0)?.compressed, textOf(before, 0)?.compressed)
    assert.equal(textOf(after, 1)?.codec, 'ZSTD')
    const same = await duck.rows(
      `SELECT count(*)::INT AS n FROM (SELECT i, text FROM read_parquet('${duck.file(silver)}') EXCEPT ALL SELECT i, text FROM (${sql}) WHERE flag = 'Y')`,
    )
    assert.deepEqual(same, [{ n: 0 }])
  })

  it('is read only where its statistics allow a match', async () => {
    const sql =
      "SELECT i AS id, 'k' || (i % 4) AS customer_id, CASE WHEN i < 61440 THEN 'A' ELSE 'Y' END AS flag, md5(i::VARCHAR) AS text FROM range(122880) t(i)"
    const source = sourceOf('f', await duck.parquet(sql, 'ROW_GROUP_SIZE 61440'))
    const { query, customers } = await queryOver(source)
    const filtered = withFilter(query, equal(column('reviews', 'flag'), literal('Y')))
    const before = source.bytesRead()
    const { counts } = await joined(filtered, customers, [{ ...source, read: range => source.read(range) }])
    assert.equal(counts[0]?.written, 61440)
    assert.equal(counts[0]?.filtered, 61440)
    // Once whole by the test's own copy of the file, and then the footer and the second row group.
    assert.ok(source.bytesRead() - before < source.size * 1.6)
  })

  it('includes the order of its rows, as far as the columns stay', async () => {
    const sorted = await duck.parquet("SELECT * FROM (VALUES (1, 'k1', 'x'), (2, 'k2', 'y')) t(id, customer_id, flag)")
    const source = sourceOf('f', sorted)
    const { query, customers } = await queryOver(source)
    const sources = await openSources([source], query)
    const [opened] = sources
    const group = opened?.open.footer.rowGroups[0]
    assert.ok(opened && group && customers)
    const order = [0, 2, 1].map(leaf => ({ leaf, descending: false, nullsFirst: true }))
    const reader = new GroupReader(opened, { ...group, sorting: order }, 0, codecs)
    const remapped = (names: readonly string[]) => {
      const output = query.output.filter(({ name }) => names.includes(name)).toReversed()
      return sortingOf(reader, planSilver({ ...query, output }, sources)).map(({ leaf }) => leaf)
    }
    assert.deepEqual(remapped(['id', 'customer_id', 'flag']), [2, 0, 1])
    assert.deepEqual(remapped(['id', 'customer_id']), [1])
    assert.deepEqual(remapped(['flag', 'customer_id']), [])
  })

  it('is multiplied in row groups of a bounded size', async () => {
    const source = sourceOf(
      'f',
      await duck.parquet("SELECT i AS id, 'k' AS customer_id, 'Y' AS flag FROM range(3000) t(i)"),
    )
    const many = sourceOf('c', await duck.parquet("SELECT 'k' AS customer_id, i AS n FROM range(1000) t(i)"))
    const query = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(many)))
    const { silver, counts } = await joined(query, await customersOf([many], query), [source])
    assert.equal(counts[0]?.written, 3_000_000)
    const { rowGroups } = await readFooter(sourceOf('s', silver))
    assert.ok(rowGroups.every(({ rows }) => rows <= 1 << 20))
    const [sums] = await duck.rows(
      `SELECT count(*)::INT AS n, count(DISTINCT (id, n))::INT AS distinct FROM read_parquet('${duck.file(silver)}')`,
    )
    assert.deepEqual(sums, { n: 3_000_000, distinct: 3_000_000 })
  })
})
