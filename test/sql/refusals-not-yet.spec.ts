import assert from 'node:assert/strict'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { SPARK_FUNCTIONS } from '../../functions/sql/typing/spark-functions.ts'
import { columns, compile, refusal } from '../support/compile-query.ts'

const SHIFTS = '<< and >> are not in Spark 3.5; write shiftleft(value, bits) and shiftright(value, bits)'
const TEMPLATE =
  'templates ({{ … }}, {% … %}) are not filled in here: silver.sql is SQL as it runs; render it first, or write the value'

/** Expressions with the column and the message that refuse them in `SELECT … FROM bronze_reviews`. */
const EXPRESSIONS: readonly (readonly [expression: string, column: number, message: string])[] = [
  ['i << 1', 10, SHIFTS],
  ['i >> 1', 10, SHIFTS],
  ['* EXCEPT (s)', 10, '* EXCEPT (…) is not in Spark 3.5; list the columns one by one'],
  ['bronze_reviews.* EXCEPT (s)', 25, '* EXCEPT (…) is not in Spark 3.5; list the columns one by one'],
  ['{{ s }}', 8, TEMPLATE],
  ['{% if s %} s', 8, TEMPLATE],
  [
    `\${s}`,
    8,
    `variables (\${…}) are not filled in here: silver.sql is SQL as it runs; render it first, or write the value`,
  ],
]

const REVIEWS = columns('s, i int, d date, t timestamp, minute timestamp, tags array<string>, customer_id')

describe('what is not supported yet', () => {
  for (const [expression, column, message] of EXPRESSIONS) {
    it(`is said to be so: ${expression}`, async () => {
      const told = await refusal(`SELECT ${expression} FROM bronze_reviews`, REVIEWS)
      assert.equal(told, `silver.sql line 1, column ${column}: ${message}`)
    })
  }

  it('is not a difference by unit, whatever a column is named', async () => {
    await compile('SELECT datediff(MINUTE, t, t) AS v FROM bronze_reviews', REVIEWS)
    await compile('SELECT datediff(minute, coalesce(d, d)) AS v FROM bronze_reviews', REVIEWS)
  })

  it('is every other function of Spark, and none is taken for a misspelt one', async () => {
    assert.ok(SPARK_FUNCTIONS.size > 300)
    for (const name of SPARK_FUNCTIONS) {
      try {
        await compile(`SELECT ${name}(s, s, s, s, s, s, s, s, s) AS v FROM bronze_reviews`, REVIEWS)
      } catch (error) {
        assert(error instanceof InvalidQuery, String(error))
        assert.doesNotMatch(error.message, /unknown|did you mean/, name)
      }
    }
    assert.match(
      await refusal('SELECT xpath(s) FROM bronze_reviews', REVIEWS),
      /: XPATH is not supported yet; docs\/sql\.md lists the functions$/,
    )
  })

  it('is not suggested for a misspelt name either', async () => {
    assert.match(await refusal('SELECT xpathh(s) FROM bronze_reviews', REVIEWS), /: unknown function xpathh; docs/)
    assert.match(
      await refusal('SELECT uper(s) FROM bronze_reviews', REVIEWS),
      /: unknown function uper; did you mean upper\?$/,
    )
  })
})

describe('two relations of one name', () => {
  const from = 'FROM bronze_reviews x JOIN bronze_customers x ON'

  it('are refused where a column of both is named', async () => {
    const message = 'both sides of the join go by the name x; give one of them another alias'
    assert.equal(
      await refusal(`SELECT 1 AS v ${from} x.customer_id = x.customer_id`),
      `silver.sql line 1, column 64: ${message}`,
    )
    assert.equal(await refusal(`SELECT x.* ${from} x.review_id = x.city`), `silver.sql line 1, column 8: ${message}`)
  })

  it('do where each column is of one, as in Spark', async () => {
    const { joins } = await compile(`SELECT x.review_id, x.city ${from} x.review_id = x.city`)
    assert.equal(joins[0]?.kind, 'inner')
  })
})
