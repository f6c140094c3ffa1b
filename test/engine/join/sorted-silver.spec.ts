import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { type SortLimits, writeSorted } from '../../../functions/engine/join/sorted-silver.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { compileQuery } from '../../../functions/sql/compile.ts'
import type { CompiledQuery } from '../../../functions/sql/compiled.ts'
import { typedColumns, unionSchemas } from '../../../functions/sql/schema/bind.ts'
import { request } from '../../support/compile-query.ts'
import { Duck } from '../../support/duckdb.ts'
import { codecs } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { MemoryWriter } from '../../support/memory-lake.ts'
import { readParquetRows } from '../../support/parquet-rows.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Columns of each kind in an order of their own, with NULL and ties. */
const ROWS = `
  SELECT i AS id, CASE WHEN i % 13 > 0 THEN (i * 7919) % 1000 END::INTEGER AS int, (i * 104729) % 91 - 40 AS big,
    CASE i % 5 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN '-Infinity'::DOUBLE ELSE sin(i) END AS double, i % 3 = 0 AS bool,
    CASE WHEN i % 7 > 0 THEN md5(i::VARCHAR) || repeat('é𝄞', (i % 3)::INTEGER) END AS text, (i * 31 % 77)::DECIMAL(20, 2) AS decimal,
    encode(chr(200 + (i % 60)::INTEGER)) AS bin, DATE '2026-01-01' - ((i * 17) % 400)::INTEGER AS day,
    TIMESTAMPTZ '2026-01-01 00:00:00Z' - INTERVAL (i * 7 % 1000) MINUTE AS time,
    CASE WHEN i % 7 > 0 THEN range(i % 4) END AS list, {'a': i % 10, 'b': [{'x': NULLIF(i % 3, 0)}]} AS struct, MAP {'k' || i % 9: i} AS map`
const FLAT = ['id', 'int', 'big', 'double', 'bool', 'text', 'decimal', 'bin', 'day', 'time']

/** A query that takes all columns of files. */
async function takeAll(files: readonly Bytes[]): Promise<CompiledQuery> {
  const schemas = await Promise.all(
    files.map(async (bytes, i) => ({
      key: `${i}`,
      columns: columnsOf(await readFooter(sourceOf(`${i}`, bytes))),
      path: {},
    })),
  )
  return await compileQuery(request('SELECT * FROM bronze_reviews', typedColumns(unionSchemas(schemas).columns), []))
}

async function sorted(files: readonly Bytes[], column: string, limits: SortLimits = {}): Promise<Bytes> {
  const query = await takeAll(files)
  const silver = new MemoryWriter()
  const sources = files.map((bytes, i) => sourceOf(`${i}`, bytes))
  const by = query.output.findIndex(({ name }) => name === column)
  const rows = await writeSorted({ query, sources, silver, metadata: { of: column }, by }, codecs, limits)
  const counts = await Promise.all(files.map(async (bytes, i) => (await readFooter(sourceOf(`${i}`, bytes))).rows))
  assert.deepEqual(rows, counts)
  return silver.bytes()
}

describe('writeSorted()', function () {
  this.timeout(60_000)
  let duck: Duck
  let files: Bytes[]
  before(async () => {
    duck = await Duck.open()
    files = [
      await duck.parquet(`${ROWS} FROM range(0, 5000) t(i)`),
      await duck.parquet(`${ROWS} FROM range(5000, 5003) t(i)`),
      await duck.parquet(`${ROWS} FROM range(5003, 9000) t(i)`),
    ]
  })
  after(() => duck.close())

  /** How many rows of a file are not those that DuckDB has at their place. */
  async function misplaced(silver: Bytes, column: string): Promise<number> {
    const all = files.map(bytes => `SELECT * FROM read_parquet('${duck.file(bytes)}')`).join(' UNION ALL ')
    const [row] = await duck.rows(`
      WITH expected AS (SELECT *, row_number() OVER (ORDER BY ${column} NULLS FIRST, id) AS place FROM (${all})),
        written AS (SELECT *, file_row_number + 1 AS place FROM read_parquet('${duck.file(silver)}', file_row_number = true))
      SELECT count(*) AS wrong FROM expected e FULL JOIN written w USING (place)
      WHERE (${[...FLAT, 'list', 'struct', 'map'].map(name => `e.${name} IS DISTINCT FROM w.${name}`).join(' OR ')})`)
    return Number(row?.wrong)
  }

  for (const column of FLAT) {
    it(`writes the rows by ${column} as DuckDB does, ties in the order of the files`, async () => {
      const silver = await sorted(files, column)
      assert.equal(await misplaced(silver, column), 0)
      const { rowGroups } = await readFooter(sourceOf('silver', silver))
      const sorting = [{ leaf: FLAT.indexOf(column), descending: false, nullsFirst: true }]
      assert.deepEqual(
        rowGroups.map(group => group.sorting),
        [sorting],
      )
    })
  }

  it('writes row groups, and reads the files again for each part that has room in memory', async () => {
    const silver = await sorted(files, 'text', { room: 100_000, groupRows: 700 })
    assert.equal(await misplaced(silver, 'text'), 0)
    const { rowGroups } = await readFooter(sourceOf('silver', silver))
    assert.deepEqual(
      rowGroups.map(({ rows }) => rows),
      [...Array<number>(12).fill(700), 600],
    )
    const [row] = await duck.rows(`
      SELECT count(*) AS overlaps FROM parquet_metadata('${duck.file(silver)}') a JOIN parquet_metadata('${duck.file(silver)}') b
      ON a.row_group_id < b.row_group_id AND a.path_in_schema = 'text' AND b.path_in_schema = 'text' AND a.stats_max_value > b.stats_min_value`)
    assert.equal(Number(row?.overlaps), 0, 'so a reader can pass over row groups')
  })

  it('takes values in another form, and NULL where a file lacks the column', async () => {
    const file = (columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
      new Uint8Array(parquetWriteBuffer({ columnData }))
    const old = file([
      { name: 'id', type: 'STRING', data: ['c', 'a'] },
      { name: 'n', type: 'INT32', data: [3, -1] },
    ])
    const wide = file([
      { name: 'id', type: 'STRING', data: ['b', 'd'] },
      { name: 'n', type: 'INT64', data: [2n, null] },
    ])
    const without = file([{ name: 'id', type: 'STRING', data: ['e'] }])
    const { rows } = await readParquetRows(await sorted([old, wide, without], 'n'))
    assert.deepEqual(rows, [
      ['d', null],
      ['e', null],
      ['a', -1n],
      ['b', 2n],
      ['c', 3n],
    ])
  })

  it('names a file that is damaged', async () => {
    const [first, ...others] = files
    const damaged = (first ?? assert.fail()).slice()
    damaged.fill(0, 4, 2000)
    await assert.rejects(sorted([...others, damaged], 'id'), { name: 'UnreadableFile', message: /^2: / })
  })

  it('has an empty file for no rows', async () => {
    const none = await duck.parquet(`${ROWS} FROM range(0) t(i)`)
    assert.deepEqual((await readParquetRows(await sorted([none], 'id'))).rows, [])
  })
})
