import assert from 'node:assert/strict'
import fc from 'fast-check'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { column, equal, joinQuery, literal, withFilter } from '../support/compiled-queries.ts'
import { Duck } from '../support/duckdb.ts'
import { customersOf, joined } from '../support/joining.ts'
import { sourceOf } from '../support/lake-files.ts'

/** Columns whose bounds are easily narrowed: microseconds, bytes that are no text, many digits, long texts. */
const COLUMNS = {
  micros: 'make_timestamptz(1700000000123456 + i * 1000001)',
  nanos: 'make_timestamp_ns(1700000000123456789 + i * 1000001)',
  bytes: "('\\xFF\\x00\\xC3'::BLOB || (i || '')::BLOB || '\\xFE'::BLOB)",
  decimal: '(i * 1234567.891 - 9876543.211)::DECIMAL(18,3)',
  wide: '(i::DECIMAL(38,10) * 12345678.1234567891 - 5)',
  long: "repeat('é', (i % 50)::INT) || repeat('漢', 40) || chr(1114111) || i",
  top: 'repeat(chr(1114111), 20) || i',
  bits: "unhex(repeat('FF', 80)) || (i || '')::BLOB",
  real: "CASE WHEN i % 7 = 0 THEN 'NaN'::DOUBLE WHEN i % 7 = 1 THEN -0.0 ELSE i / 3 - 20 END",
  zero: 'CASE WHEN i % 2 = 0 THEN 0.0 ELSE -0.0 END',
  narrow: '(i % 256 - 128)::TINYINT',
  days: "(DATE '1969-12-01' + i::INT)",
  yes: '(i % 3 = 0)',
  text: "CASE WHEN i % 5 = 0 THEN '' ELSE chr((60 + i % 60)::INT) || i END",
} as const
type Name = keyof typeof COLUMNS

describe('property: a filter on a bound finds the same rows with and without statistics', function () {
  this.timeout(300_000)
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('whether a column chunk was copied, rewritten, merged or computed', async () => {
    const arbitrary = fc.record({
      rows: fc.integer({ min: 1, max: 3000 }),
      names: fc.subarray(Object.keys(COLUMNS) as Name[], { minLength: 1, maxLength: 4 }), // the keys of COLUMNS
      path: fc.constantFrom('append', 'copy', 'rewrite', 'merge'),
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ rows, names, path }) => {
        const columns = names.map(name => `${COLUMNS[name]} AS ${name}`).join(', ')
        const source = sourceOf(
          'f',
          await duck.parquet(
            `SELECT i, 'k' || (i % 9) AS customer_id, i % 3 AS third, ${columns} FROM range(${rows}) t(i)`,
            'ROW_GROUP_SIZE 2048',
          ),
        )
        const customersFile = sourceOf(
          'c',
          await duck.parquet(
            `SELECT 'k' || j AS customer_id, ${columns.replaceAll(/ AS (\w+)/g, ' AS c_$1').replaceAll('i ', 'i ')} FROM (SELECT j, j AS i FROM range(9) t(j))`,
          ),
        )
        const all = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
        const shaped = path === 'copy' ? { ...all, output: all.output.toReversed() } : all
        const query =
          path === 'rewrite'
            ? withFilter(shaped, equal(column('reviews', 'third', 'bigint'), literal('1', 'bigint')))
            : shaped
        const customers = await customersOf([customersFile], query)
        const { silver } = await joined(query, customers, path === 'merge' ? [source, source] : [source])
        const file = `read_parquet('${duck.file(silver)}')`
        await duck.run(`CREATE OR REPLACE TABLE copied AS SELECT * FROM ${file}`)
        for (const { name } of query.output) {
          for (const bound of ['min', 'max']) {
            const value = `(SELECT ${bound}("${name}") FROM copied)`
            for (const operator of ['=', '<=', '>=', '<', '>']) {
              const count = async (from: string) =>
                (await duck.rows(`SELECT count(*) AS n FROM ${from} WHERE "${name}" ${operator} ${value}`))[0]?.n
              assert.equal(await count(file), await count('copied'), `${name} ${operator} ${bound}`)
            }
          }
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 8) },
    )
  })

  it('and a copied chunk keeps the bytes of its bounds', async () => {
    const columns = Object.entries(COLUMNS)
      .filter(([name]) => name !== 'nanos')
      .map(([name, sql]) => `${sql} AS ${name}`)
    const source = sourceOf(
      'f',
      await duck.parquet(`SELECT 'k' AS customer_id, ${columns.join(', ')} FROM range(500) t(i)`),
    )
    const customersFile = sourceOf('c', await duck.parquet("SELECT 'k' AS customer_id, 'x' AS name"))
    const all = joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
    const customers = await customersOf([customersFile], all)
    const bronze = await readFooter(source)
    for (const query of [all, { ...all, output: all.output.toReversed() }]) {
      const { silver } = await joined(query, customers, [source])
      const footer = await readFooter(sourceOf('s', silver))
      for (const [leaf, node] of bronze.schema.children.entries()) {
        const at = footer.schema.children.findIndex(({ element }) => element.name === node.element.name)
        const [before, after] = [bronze.rowGroups[0]?.columns[leaf], footer.rowGroups[0]?.columns[at]]
        assert.ok(before?.statistics)
        assert.deepEqual(after?.statistics, before.statistics, node.element.name)
      }
    }
  })
})
