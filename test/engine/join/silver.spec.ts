import assert from 'node:assert/strict'
import { UnreadableFile } from '../../../functions/engine/sources/file-fault.ts'
import { PROVENANCE } from '../../../functions/engine/sources/source-file.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { parseType } from '../../../functions/sql/type-text.ts'
import { column, equal, joinQuery, literal, output, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

const CUSTOMERS = `SELECT * FROM (VALUES ('c1', 'Ann', DATE '1990-01-02'), ('c2', 'Bob', NULL), ('c3', NULL, NULL), (NULL, 'Nil', NULL))
  AS c(customer_id, customer_name, born)`
const REVIEWS = `SELECT * FROM (VALUES ('r1', 'c1', 5, TIMESTAMPTZ '2024-01-01 00:00:00.123456Z', 'Y'),
  ('r2', 'c9', 4, NULL, 'N'), ('r3', NULL, 3, TIMESTAMPTZ '1969-12-31 23:59:59.999999Z', 'Y'), ('r4', 'c2', NULL, NULL, 'Y'),
  ('r5', 'c3', 1, NULL, NULL)) AS r(review_id, customer_id, star_rating, review_timestamp, verified_purchase)`

describe('writeSilver()', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  async function setUp(reviews = REVIEWS, customers = CUSTOMERS) {
    const files = [sourceOf('customers.parquet', await duck.parquet(customers))]
    const source = sourceOf('bronze/reviews/a.parquet', await duck.parquet(reviews))
    const query = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(files[0] ?? source)))
    return { source, query, customers: await customersOf(files, query) }
  }
  const read = async (bytes: Uint8Array) => await duck.rows(`SELECT * FROM read_parquet('${duck.file(bytes)}')`)

  it('keeps rows with a customer and counts the others', async () => {
    const { source, query, customers } = await setUp()
    const { counts, silver } = await joined(query, customers, [source])
    assert.deepEqual(counts, [{ read: 5, filtered: 0, nullKey: 1, unmatched: 1, matched: 3, written: 3, parked: 0 }])
    assert.deepEqual(
      (await read(silver)).map(row => [
        row.review_id,
        row.star_rating,
        row.customer_name,
        row.born,
        row.review_timestamp,
      ]),
      [
        ['r1', 5, 'Ann', '1990-01-02', '2024-01-01 00:00:00.123456+00'],
        ['r4', null, 'Bob', null, null],
        ['r5', 1, null, null, null],
      ],
    )
  })

  it('filters before it joins', async () => {
    const { source, query, customers } = await setUp()
    const where = withFilter(query, equal(column('reviews', 'verified_purchase'), literal('Y')))
    const { counts, silver } = await joined(where, customers, [source])
    assert.deepEqual(counts, [{ read: 5, filtered: 2, nullKey: 1, unmatched: 0, matched: 2, written: 2, parked: 0 }])
    assert.deepEqual(
      (await read(silver)).map(row => row.review_id),
      ['r1', 'r4'],
    )
  })

  it('keeps every row with LEFT JOIN, and drops or keeps by match with SEMI and ANTI', async () => {
    const { source, query, customers } = await setUp()
    const results: Record<string, unknown> = {}
    for (const kind of ['left', 'semi', 'anti'] as const) {
      const other = joinQuery(query.reviews, query.dimensions[0]?.columns ?? [], 'customer_id', kind)
      const { counts, silver } = await joined(other, customers, [source])
      results[kind] = [counts[0]?.written, (await read(silver)).map(row => row.review_id)]
    }
    assert.deepEqual(results, {
      left: [5, ['r1', 'r2', 'r3', 'r4', 'r5']],
      semi: [3, ['r1', 'r4', 'r5']],
      anti: [2, ['r2', 'r3']],
    })
  })

  it('multiplies rows by duplicate customers', async () => {
    const { source, query, customers } = await setUp(REVIEWS, `${CUSTOMERS} UNION ALL SELECT 'c1', 'Anna', NULL`)
    const { counts, silver } = await joined(query, customers, [source])
    assert.equal(counts[0]?.matched, 3)
    assert.equal(counts[0]?.written, 4)
    assert.deepEqual(
      (await read(silver)).map(row => [row.review_id, row.customer_name]),
      [
        ['r1', 'Ann'],
        ['r1', 'Anna'],
        ['r4', 'Bob'],
        ['r5', null],
      ],
    )
  })

  it('parks rows without a customer, and joins them later, with where they came from', async () => {
    const { source, query, customers } = await setUp()
    const { counts, parked } = await joined(query, customers, [source], { parks: true })
    assert.equal(counts[0]?.parked, 1)
    assert.ok(parked)
    const [row] = await read(parked)
    assert.deepEqual(
      [row?.review_id, ...PROVENANCE.map(({ name }) => row?.[name])],
      ['r2', source.key, source.etag, '1', String(source.size), '2026-11-24 07:15:00+00'],
    )

    const again = sourceOf('parked.parquet', parked, { parked: true })
    const later = await customersOf(
      [sourceOf('c', await duck.parquet(`SELECT 'c9' AS customer_id, 'Zoe' AS customer_name, NULL::DATE AS born`))],
      query,
    )
    const path = { ...query, output: [...query.output, output('path', column('file', 'file_path'))] }
    const emitted = await joined(path, later, [again], { parks: true })
    assert.deepEqual(
      (await read(emitted.silver)).map(row => [row.review_id, row.customer_name, row.path]),
      [['r2', 'Zoe', source.key]],
    )
    const still = await joined(query, customers, [again], { parks: true })
    assert.ok(still.parked)
    assert.deepEqual(await read(still.parked), await read(parked))
  })

  it('leaves out rows that were parked before', async () => {
    const { source, query, customers } = await setUp()
    const { counts, silver } = await joined(query, customers, [{ ...source, excluded: [0, 1] }], { parks: true })
    assert.deepEqual(counts, [{ read: 5, filtered: 0, nullKey: 1, unmatched: 2, matched: 2, written: 2, parked: 0 }])
    assert.deepEqual(
      (await read(silver)).map(row => row.review_id),
      ['r4', 'r5'],
    )
  })

  it('writes a valid file with the schema when there are no rows', async () => {
    const { source, query, customers } = await setUp()
    const none = withFilter(query, equal(column('reviews', 'verified_purchase'), literal('never')))
    const empty = sourceOf('empty', await duck.parquet(`${REVIEWS} LIMIT 0`))
    for (const [one, sources] of [
      [none, [source]],
      [query, [empty]],
      [query, [empty, empty]],
    ] as const) {
      const { silver } = await joined(one, customers, sources)
      const schema = await duck.rows(`DESCRIBE SELECT * FROM read_parquet('${duck.file(silver)}')`)
      assert.deepEqual(
        schema.map(row => row.column_name),
        query.output.map(({ name }) => name),
      )
      assert.deepEqual(await read(silver), [])
    }
  })

  it('gives its type to a nested column that no file has', async () => {
    const { source, query, customers } = await setUp()
    const types = [
      'array<string>',
      'map<string,array<int>>',
      'struct<a:decimal(20,2),b:map<date,struct<c:timestamp,d:binary>>>',
    ]
    const more = types.map((type, i) => ({ name: `n${i}`, type: parseType(type) }))
    const wider = {
      ...query,
      reviews: [...query.reviews, ...more],
      output: [...query.output, ...more.map(({ name, type }) => output(name, column('reviews', name, type)))],
    }
    for (const sources of [[source], []]) {
      const { silver, counts } = await joined(wider, customers, sources)
      const columns = columnsOf(await readFooter(sourceOf('silver', silver)))
      assert.deepEqual(columns.slice(-3), more)
      const rows = await read(silver)
      assert.equal(rows.length, sources.length * 3)
      assert.equal(counts.length, sources.length)
      for (const row of rows) assert.deepEqual([row.n0, row.n1, row.n2], [null, null, null])
    }
  })

  it('copies the body of a file byte for byte if all of it is kept', async () => {
    const { source, query, customers } = await setUp(`${REVIEWS} WHERE customer_id IN ('c1', 'c2', 'c3')`)
    const { silver } = await joined(query, customers, [source])
    const bronze = await source.read({ start: 0, end: source.size })
    const { bodyEnd } = await readFooter(source)
    assert.deepEqual(silver.subarray(0, bodyEnd), bronze.subarray(0, bodyEnd))
  })

  it('puts its result into the footer', async () => {
    const { source, query, customers } = await setUp()
    const { silver, counts } = await joined(query, customers, [source, source])
    const footer = await readFooter(sourceOf('silver', silver))
    assert.deepEqual(JSON.parse(footer.keyValue.get('silversmith.rows') ?? ''), counts)
    assert.equal(footer.rows, 6)
    assert.deepEqual(
      footer.rowGroups.map(({ rows }) => rows),
      [6],
    )
  })

  it('names a file that is bad, that lacks the key, or whose type clashes', async () => {
    const { source, query, customers } = await setUp()
    const other = async (sql: string) => sourceOf('bad', await duck.parquet(sql))
    const cases = [
      [sourceOf('bad', new Uint8Array(100)), 'not a Parquet file: it does not end in PAR1'],
      [await other("SELECT 'r' AS review_id"), 'column customer_id is missing'],
      [
        await other("SELECT 'c1' AS customer_id, 'five' AS star_rating"),
        'column star_rating is string here, and int is expected',
      ],
    ] as const
    for (const [bad, reason] of cases) {
      await assert.rejects(joined(query, customers, [source, bad]), (error: UnreadableFile) => {
        assert.ok(error instanceof UnreadableFile)
        assert.deepEqual([error.key, error.reason], ['bad', reason])
        return true
      })
    }
  })
})
