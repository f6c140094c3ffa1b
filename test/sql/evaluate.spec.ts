import assert from 'node:assert/strict'
import fc from 'fast-check'
import { columnsUsed, evaluator } from '../../functions/sql/evaluate.ts'
import { decodeLiteral, encodeLiteral } from '../../functions/sql/literal.ts'
import { printType } from '../../functions/sql/type-text.ts'
import { decimalType, type SqlType, type Value } from '../../functions/sql/types.ts'
import { compile } from '../support/compile-query.ts'

async function value(sql: string): Promise<Value> {
  const { output } = await compile(`SELECT ${sql} AS x FROM bronze_reviews`)
  assert.ok(output[0])
  return evaluator(output[0].expr, [])([])
}

describe('evaluator()', () => {
  it('reads columns by the slot they stand in', async () => {
    const { output } = await compile('SELECT star_rating * 2 + length(product_title) AS x FROM bronze_reviews')
    assert.ok(output[0])
    const columns = columnsUsed(output[0].expr)
    assert.deepEqual(columns, [
      { view: 'reviews', name: 'star_rating' },
      { view: 'reviews', name: 'product_title' },
    ])
    const evaluate = evaluator(output[0].expr, columns)
    assert.equal(evaluate([5, 'abc']), 13)
    assert.equal(evaluate([null, 'abc']), null)
  })

  it('throws for a column without a slot', () => {
    assert.throws(
      () => evaluator({ op: 'column', view: 'reviews', name: 'x', type: 'int' }, []),
      /no slot for column reviews.x/,
    )
  })

  it('throws for a function it does not have', () => {
    assert.throws(() => evaluator({ op: 'call', name: 'no_such', args: [], type: 'string' }, []), /no function no_such/)
  })

  it('does not take a time of day as a timestamp, unlike Spark, which would add the day of the run', async () => {
    assert.equal(await value("CAST('07:15:00' AS timestamp)"), null)
  })

  it('prints doubles with the fewest digits, as Java 19 and later', async () => {
    assert.equal(await value('CAST(2e23 AS string)'), '2.0E23')
    assert.equal(await value('CAST(1e23 AS string)'), '1.0E23')
  })

  it('gives NULL where Spark would stop at a date that only its old parser takes', async () => {
    assert.equal(await value("to_date('2014-1-5', 'yyyy-MM-dd')"), null)
  })

  it('gives NULL for dates and timestamps beyond what can be stored', async () => {
    assert.equal(await value("CAST(DATE '300000-01-01' AS timestamp)"), null)
    assert.equal(await value("to_timestamp('300000', 'y')"), null)
    assert.equal(await value("to_date('99999999999', 'y')"), null)
    assert.equal(await value("date_trunc('YEAR', timestamp(-9223372036854.0))"), null)
    assert.equal(await value("last_day(DATE '5881580-06-11')"), 2_147_483_636)
  })

  it('wraps the last and the first day of a month as Spark does', async () => {
    assert.equal(await value("last_day(DATE '5881580-07-11')"), -2_147_483_629)
    assert.equal(await value("trunc(DATE '-5877641-06-23', 'MM')"), 2_147_483_626)
  })

  it('takes no minus before a zero in a field of a date', async () => {
    assert.equal(await value("to_timestamp('-0', 'm')"), null)
  })

  it('is quick with cells of megabytes', async () => {
    const { output } = await compile(
      "SELECT CAST(product_title AS int) AS a, CAST(product_title AS double) AS b, CAST(product_title AS decimal(38,10)) AS c, CAST(product_title AS date) AS d, CAST(product_title AS timestamp) AS e, product_title LIKE '%a%b%c%d' AS f, trim(product_title) AS g FROM bronze_reviews",
    )
    const start = performance.now()
    for (const text of [
      '1'.repeat(2_000_000),
      `${'1'.repeat(2_000_000)}x`,
      ' '.repeat(2_000_000),
      `1e${'9'.repeat(2_000_000)}`,
      'abc'.repeat(500_000),
    ]) {
      for (const { expr } of output) evaluator(expr, columnsUsed(expr))([text])
    }
    assert.ok(performance.now() - start < 5_000)
  })
})

describe('encodeLiteral()', () => {
  const values: readonly (readonly [SqlType, fc.Arbitrary<Value>])[] = [
    ['boolean', fc.boolean()],
    ['int', fc.integer()],
    ['bigint', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    ['double', fc.double()],
    ['string', fc.string({ unit: 'binary' })],
    ['binary', fc.uint8Array()],
    ['date', fc.integer()],
    ['timestamp', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
    [decimalType(38, 2), fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n })],
  ]
  for (const [type, arbitrary] of values) {
    it(`keeps every ${printType(type)} through JSON`, () => {
      fc.assert(
        fc.property(fc.option(arbitrary), value => {
          const back = decodeLiteral(JSON.parse(JSON.stringify(encodeLiteral(value, type))))
          assert.deepEqual(back, value)
        }),
      )
    })
  }
})
