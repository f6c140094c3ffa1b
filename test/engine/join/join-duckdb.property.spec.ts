import assert from 'node:assert/strict'
import fc from 'fast-check'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import type { Join } from '../../../functions/sql/compiled.ts'
import { column, equal, joinQuery, literal, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

/** A column of random values as SQL over a row number `i` and a salt: few values or many, with some NULLs. */
const TYPES = {
  boolean: '(h % 2 = 0)',
  tinyint: '(h % 256 - 128)::TINYINT',
  smallint: '(h % 65536 - 32768)::SMALLINT',
  int: '(h % 4294967296 - 2147483648)::INTEGER',
  bigint: '(h % 9223372036854775807 - 4000000000000000000)::BIGINT',
  float: '((h % 2000001 - 1000000) / 8)::FLOAT',
  double: '((h % 2000001 - 1000000) / 7)::DOUBLE',
  string: "(repeat(chr((65 + h % 60)::INT), (h % 9)::INT) || CASE WHEN h % 5 = 0 THEN 'é漢' ELSE h::VARCHAR END)",
  long: '(repeat(md5(h::VARCHAR), (h % 4)::INT))',
  binary: '(md5(h::VARCHAR)::BLOB)',
  date: "(DATE '1970-01-01' + (h % 40000 - 20000)::INTEGER)",
  timestamptz: '(make_timestamptz((h % 4000000000000000 - 2000000000000000)::BIGINT))',
  timestamp: '(make_timestamp((h % 4000000000000000 - 2000000000000000)::BIGINT))',
  millis: '(make_timestamp((h % 4000000000000000 - 2000000000000000)::BIGINT)::TIMESTAMP_MS)',
  nanos: '(make_timestamp((h % 4000000000000000 - 2000000000000000)::BIGINT)::TIMESTAMP_NS)',
  decimal9: '((h % 1999999 - 999999) / 100)::DECIMAL(9,2)',
  decimal18: '((h % 1999999999 - 999999999) / 1000)::DECIMAL(18,3)',
  decimal38: '((h % 1999999999 - 999999999)::DECIMAL(38,10) * 12345678)',
  utinyint: '(h % 256)::UTINYINT',
  uinteger: '(h % 4294967296)::UINTEGER',
  ubigint: 'h::UBIGINT',
  list: '[(h % 10)::INTEGER, NULL, (h % 7)::INTEGER][:(h % 4)::INT]',
  struct: "{'a': (h % 10)::INTEGER, 'b': CASE WHEN h % 3 = 0 THEN NULL ELSE [h::VARCHAR, 'x'][:(h % 3)::INT] END}",
  map: 'MAP {(h % 10)::INTEGER: md5(h::VARCHAR)}',
} as const
type Type = keyof typeof TYPES

const arbitraryColumn = fc.record({
  type: fc.constantFrom(...(Object.keys(TYPES) as Type[])), // the keys of TYPES
  distinct: fc.constantFrom(1, 2, 30, 1_000_000),
  nulls: fc.constantFrom(0, 0, 3, 50, 100),
})
const arbitraryFile = fc.record({
  rows: fc.constantFrom(0, 1, 7, 100, 2500, 5000),
  salt: fc.nat(1000),
  codec: fc.constantFrom('uncompressed', 'snappy', 'gzip', 'zstd', 'lz4_raw', 'brotli'),
  version: fc.constantFrom('V1', 'V2'),
})
const arbitraryCase = fc.record({
  columns: fc.array(arbitraryColumn, { minLength: 1, maxLength: 6 }),
  files: fc.array(arbitraryFile, { minLength: 1, maxLength: 3 }),
  /** Of a hundred review keys, how many have no customer, and how often a customer is there. */
  unknown: fc.constantFrom(0, 0, 5, 60, 100),
  copies: fc.constantFrom(1, 1, 1, 3),
  nullKeys: fc.constantFrom(0, 0, 10),
  kind: fc.constantFrom<Join['kind']>('inner', 'inner', 'inner', 'left', 'semi', 'anti'),
  keep: fc.constantFrom(100, 100, 72, 3, 0),
  /** The output: all columns in order, in another order, or without some. */
  shape: fc.constantFrom('all', 'reversed', 'some'),
})

describe('property: silver read by DuckDB is the join that DuckDB computes over bronze', function () {
  this.timeout(300_000)
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('for all types, codecs, NULLs, matches and selections', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async one => {
        const select = (salt: number, rows: number) => {
          const columns = one.columns.map(({ type, distinct, nulls }, k) => {
            const h = `(hash(hash(i + ${salt * 7919}) % ${distinct} + ${k}) >> 2)::UBIGINT`
            return `CASE WHEN hash(i * 31 + ${salt + k}) % 100 < ${nulls} THEN NULL ELSE (SELECT ${TYPES[type]} FROM (SELECT ${h}::HUGEINT AS h)) END AS c${k}`
          })
          const key = `CASE WHEN hash(i + 5) % 100 < ${one.nullKeys} THEN NULL WHEN hash(i + ${salt}) % 100 < ${one.unknown} THEN 'x' || i ELSE 'k' || (hash(i) % 50) END`
          const flag = `CASE WHEN hash(i + 11) % 100 < ${one.keep} THEN 'Y' ELSE 'N' END`
          return `SELECT i::BIGINT AS id, ${key} AS customer_id, ${flag} AS flag, ${columns.join(', ')} FROM range(${rows}) t(i)`
        }
        const paths: string[] = []
        const sources = []
        for (const [f, { rows, salt, codec, version }] of one.files.entries()) {
          const options = `CODEC '${codec}', PARQUET_VERSION ${version}, ROW_GROUP_SIZE 2048`
          const bytes = await duck.parquet(select(salt, rows), options)
          paths.push(duck.file(bytes))
          sources.push(sourceOf(`f${f}`, bytes))
        }
        const customersSql = `SELECT 'k' || (i % 50) AS customer_id, 'name ' || (i % 20) AS name, CASE WHEN i % 4 = 0 THEN NULL ELSE i END AS number FROM range(${50 * one.copies}) t(i)`
        const customersBytes = await duck.parquet(customersSql)
        const [first] = sources
        assert.ok(first)
        const customersSource = sourceOf('customers', customersBytes)
        const all = joinQuery(
          columnsOf(await readFooter(first)),
          columnsOf(await readFooter(customersSource)),
          'customer_id',
          one.kind,
        )
        const output =
          one.shape === 'reversed'
            ? all.output.toReversed()
            : one.shape === 'some'
              ? all.output.filter((_, i) => i % 2 === 0)
              : all.output
        const shaped = { ...all, output }
        const query = one.keep < 100 ? withFilter(shaped, equal(column('reviews', 'flag'), literal('Y'))) : shaped
        const customers = await customersOf([customersSource], query)
        const { silver, parked, counts } = await joined(query, customers, sources, { parks: true })

        const kind = { inner: 'JOIN', left: 'LEFT JOIN', semi: 'SEMI JOIN', anti: 'ANTI JOIN' }[one.kind]
        const names = output.map(({ name }) => textOf(name, one.columns)).join(', ')
        const union = paths.map((path, f) => `SELECT ${f} AS f, * FROM read_parquet('${path}')`).join(' UNION ALL ')
        const where = one.keep < 100 ? "WHERE flag = 'Y'" : ''
        const expected = `SELECT ${names} FROM (${union}) r ${kind} read_parquet('${duck.file(customersBytes)}') c USING (customer_id) ${where}`
        const silverPath = duck.file(silver)
        await same(`SELECT ${names} FROM read_parquet('${silverPath}')`, expected)

        const sum = counts.reduce((rows, count) => rows + count.written, 0)
        assert.equal(Number((await duck.rows(`SELECT count(*) AS n FROM read_parquet('${silverPath}')`))[0]?.n), sum)
        for (const { read, filtered, nullKey, unmatched, matched } of counts) {
          assert.equal(read, filtered + nullKey + unmatched + matched)
        }
        const parkedRows = counts.reduce((rows, count) => rows + count.parked, 0)
        assert.equal(parked !== null, parkedRows > 0)
        if (parked) {
          const view = all.reviews.map(({ name }) => textOf(name, one.columns)).join(', ')
          const waiting = `SELECT ${view} FROM (${union}) r WHERE customer_id IS NOT NULL AND customer_id LIKE 'x%' ${where.replace('WHERE', 'AND')}`
          await same(`SELECT ${view} FROM read_parquet('${duck.file(parked)}')`, waiting)
        }
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 15) },
    )
  })

  /** The same rows, each as often. */
  async function same(actual: string, expected: string): Promise<void> {
    const missing = await duck.rows(`${expected} EXCEPT ALL ${actual} LIMIT 3`)
    const extra = await duck.rows(`${actual} EXCEPT ALL ${expected} LIMIT 3`)
    assert.deepEqual({ missing, extra }, { missing: [], extra: [] })
  }
})

/** Columns whose silver type differs from DuckDB's are compared as text, instants as such. */
function textOf(name: string, columns: readonly { readonly type: Type }[]): string {
  const type = columns[Number(name.slice(1))]?.type
  if (!/^c\d+$/.test(name) || !type) return name
  if (type === 'timestamp' || type === 'millis' || type === 'nanos') return `epoch_us(${name}::TIMESTAMP) AS ${name}`
  if (type.startsWith('u')) return `${name}::VARCHAR AS ${name}`
  return name
}
