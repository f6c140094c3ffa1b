import assert from 'node:assert/strict'
import { elementAt } from '../../../functions/base/at.ts'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { rebasedDay, rebasedMicros } from '../../../functions/parquet/metadata/legacy-calendar.ts'
import { daysFromCivil } from '../../../functions/sql/evaluate/civil.ts'
import { column, equal, joinQuery, literal, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { diskSource, sourceOf } from '../../support/lake-files.ts'

/** Written by Spark 3.5.5 in its mode LEGACY (and CORRECTED), with the same 13 rows from 45 BC to 2024, nested ones too. */
const spark = (name: string) => diskSource(`test/fixtures/spark-calendar/${name}.parquet`, name)
const KINDS = ['int96', 'micros', 'millis'] as const

describe("Spark's legacy calendar", () => {
  let duck: Duck
  let customersFile: ReturnType<typeof sourceOf>
  before(async () => {
    duck = await Duck.open()
    customersFile = sourceOf('c', await duck.parquet("SELECT 'C' || i AS customer_id, i AS n FROM range(1, 3) t(i)"))
  })
  after(() => duck.close())

  const queryOf = async (source: ReturnType<typeof sourceOf>) =>
    joinQuery(columnsOf(await readFooter(source)), columnsOf(await readFooter(customersFile)))
  const join = async (query: Awaited<ReturnType<typeof queryOf>>, ...sources: ReturnType<typeof sourceOf>[]) =>
    (await joined(query, await customersOf([customersFile], query), sources)).silver
  const rowsOf = (bytes: Uint8Array, micros: boolean) =>
    duck.rows(
      `SELECT review_id, d::VARCHAR AS d, epoch_ms(t) AS t, ${micros ? 'epoch_us(i)' : 'epoch_ms(i)'} AS i,
        n.d::VARCHAR AS nd, n.a[1]::VARCHAR AS na, ${micros ? 'epoch_us(n.i)' : 'epoch_ms(n.i)'} AS ni
      FROM read_parquet('${duck.file(bytes)}') ORDER BY ALL`,
    )

  for (const kind of KINDS) {
    it(`is read as Spark reads it, and written as all others do: ${kind}, alone and with other files`, async () => {
      const corrected = spark(kind === 'millis' ? 'millis-corrected' : 'micros-corrected')
      const expected = await rowsOf(await corrected.read({ start: 0, end: corrected.size }), kind !== 'millis')
      const query = await queryOf(spark(`${kind}-legacy`))
      const alone = await join(query, spark(`${kind}-legacy`))
      assert.deepEqual(await rowsOf(alone, kind !== 'millis'), expected)
      const asInt64 = await join({ ...query, timestamps: 'int64' }, spark(`${kind}-legacy`))
      assert.deepEqual(await rowsOf(asInt64, kind !== 'millis'), expected)
      const { keyValue } = await readFooter(sourceOf('s', alone))
      assert.deepEqual(
        [...keyValue.keys()].filter(key => /legacy|timeZone/.test(key)),
        [],
      )
      assert.equal(keyValue.get('org.apache.spark.version'), '3.5.0') // without it Spark refuses old dates
      const both = await rowsOf(await join(query, spark(`${kind}-legacy`), corrected), kind !== 'millis')
      assert.deepEqual(
        both,
        expected.flatMap(row => [row, row]),
      )
    })
  }

  it('is read in predicates, whatever bounds the statistics have', async () => {
    const day = literal(daysFromCivil(1000, 3, 1), 'date')
    const query = withFilter(await queryOf(spark('micros-legacy')), equal(column('reviews', 'd', 'date'), day))
    const rows = await rowsOf(await join(query, spark('micros-legacy')), true)
    assert.deepEqual(
      rows.map(({ d }) => d),
      ['1000-03-01'],
    )
  })

  it('is read in customers', async () => {
    const { joins } = await queryOf(spark('micros-legacy'))
    const join = elementAt(joins, 0)
    const byReview = { ...join, keys: join.keys.map(key => ({ ...key, right: column('customers', 'review_id') })) }
    const customers = await customersOf([spark('micros-legacy')], { joins: [byReview] })
    const { codes, dictionary } = customers.column('d') ?? assert.fail()
    const days = new Int32Array(dictionary.bytes.slice().buffer)
    assert.equal(days[codes[4] ?? -1], daysFromCivil(1000, 3, 1))
  })

  it('is refused, by name, for timestamps in a zone other than UTC: only java.util has their old offsets', async () => {
    await assert.rejects(join(await queryOf(spark('los-angeles-legacy')), spark('los-angeles-legacy')), {
      name: 'UnreadableFile',
      message:
        /column t has timestamps before 1900 in Spark's legacy calendar, written in America\/Los_Angeles; .*CORRECTED$/,
    })
  })
})

describe('rebasedDay()', () => {
  it('gives the day of the same name, and 1 March for 29 February of years that have none', () => {
    // Spark 3.5.5: RebaseDateTime.rebaseJulianToGregorianDays
    assert.equal(rebasedDay(-141_428), daysFromCivil(1582, 10, 4))
    assert.equal(rebasedDay(-141_427), daysFromCivil(1582, 10, 15))
    assert.equal(rebasedDay(-719_164), daysFromCivil(1, 1, 1))
    assert.equal(rebasedDay(-682_945), daysFromCivil(100, 3, 1))
    assert.equal(rebasedDay(-682_946), daysFromCivil(100, 3, 1)) // 29 February
    assert.equal(rebasedDay(-682_947), daysFromCivil(100, 2, 28))
  })

  it('leaves instants since 1900 alone in all zones', () => {
    assert.equal(rebasedMicros(-2_208_988_800_000_000n, 'America/Los_Angeles'), -2_208_988_800_000_000n)
    assert.equal(rebasedMicros(-2_208_988_800_000_001n, 'America/Los_Angeles'), null)
    assert.equal(rebasedMicros(-2_208_988_800_000_001n, undefined), null)
  })
})
