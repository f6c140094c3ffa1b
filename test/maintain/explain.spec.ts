import assert from 'node:assert/strict'
import { explain, explanationText } from '../../functions/maintain/explain.ts'
import { compile } from '../support/compile-query.ts'

const table = { database: 'silver', table: 'reviews' }
const location = 's3://lake/silver/reviews'

describe('explain()', () => {
  it('says where each column comes from and what is left out where', async () => {
    const query = await compile(`-- Verified reviews.
SELECT r.review_id, c.city, CAST(r.purchase_date AS date) AS day, r.star_rating IS NULL AS unrated, 'x' AS source
FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.star_rating = c.customer_id AND c.state <> 'CA'
WHERE r.verified_purchase = 'Y' AND (c.city LIKE 'A%' OR c.city IS NULL)`)
    assert.equal(
      explanationText(explain(query, table, location)),
      `Columns (5)
  review_id  string   nullable  copied     reviews.review_id
  city       string   nullable  looked up  customers.city
  day        date     nullable  computed   cast(reviews.purchase_date AS date)
  unrated    boolean  not null  computed   isnull(reviews.star_rating)
  source     string   not null  constant   'x'

A review is filtered unless
  r.verified_purchase = 'Y'

Join (left) with customers, keys compared as int
  reviews.star_rating = cast(customers.customer_id AS int)
  and for each pair: (NOT (customers.state = 'CA'))
  a review without one is kept, with NULLs

A joined row is left out unless
  (c.city LIKE 'A%' OR c.city IS NULL)

CREATE EXTERNAL TABLE IF NOT EXISTS \`silver\`.\`reviews\` (
  \`review_id\` string,
  \`city\` string,
  \`day\` date,
  \`unrated\` boolean,
  \`source\` string
)
COMMENT 'Verified reviews.'
PARTITIONED BY (\`ingest_date\` string, \`batch\` string)
STORED AS PARQUET
LOCATION 's3://lake/silver/reviews/'

or, over the Delta log
CREATE EXTERNAL TABLE \`silver\`.\`reviews_delta\` LOCATION 's3://lake/silver/reviews/' TBLPROPERTIES ('table_type' = 'DELTA')
`,
    )
  })

  it('says which timestamps are written in another form than bronze may have', async () => {
    const query = await compile(
      'SELECT review_id, review_timestamp AS at, CAST(purchase_date AS timestamp) AS day FROM bronze_reviews',
    )
    const text = (timestamps: 'int64' | 'as-is') => explanationText(explain({ ...query, timestamps }, table, location))
    assert.match(text('int64'), /^at: written as INT64 microseconds where bronze has INT96, unless .* as-is\n/m)
    assert.doesNotMatch(text('as-is'), /INT96/)
  })

  it('says which names Delta tables of other engines can have with column mapping alone', async () => {
    const named = explain(
      await compile('SELECT upper(review_id), review_id AS `a b`, review_id FROM bronze_reviews'),
      table,
      location,
    )
    assert.deepEqual(named.needAlias, ['upper(review_id)', 'a b'])
    assert.match(
      explanationText(named),
      /^upper\(review_id\), a b: every reader takes these names, .*\n.* write AS and a name/m,
    )
    const plain = explain(await compile('SELECT review_id FROM bronze_reviews'), table, location)
    assert.equal(plain.needAlias, undefined)
    assert.doesNotMatch(explanationText(plain), /column mapping/)
  })

  it('says what rules expect, and what becomes of a row that breaks one', async () => {
    const query = await compile(`CONSTRAINT valid EXPECT (stars BETWEEN 1 AND 5) ON VIOLATION DROP ROW
CONSTRAINT has_id EXPECT (review_id IS NOT NULL) ON VIOLATION FAIL UPDATE
CONSTRAINT rare EXPECT (stars <> 3)
SELECT review_id, star_rating AS stars FROM bronze_reviews`)
    const explanation = explain(query, table, location)
    assert(
      explanationText(explanation).includes(`
An output row breaks a rule unless it is TRUE
  valid   stars BETWEEN 1 AND 5  else it is rejected
  has_id  review_id IS NOT NULL  else nothing is committed
  rare    stars <> 3             else it is counted
`),
    )
    assert.deepEqual(explanation.rules?.[0], { name: 'valid', expect: 'stars BETWEEN 1 AND 5', action: 'drop' })
  })

  it('says that there is no join', async () => {
    const { joins, filters } = explain(await compile('SELECT review_id FROM bronze_reviews'), table, location)
    assert.deepEqual(joins, [])
    assert.deepEqual(filters, [])
  })

  it('says what is computed once per run, and what its order leaves open', async () => {
    const notes = async (inner: string) => {
      const sql = `SELECT r.review_id, d.n FROM bronze_reviews r JOIN (${inner}) d ON r.customer_id = d.customer_id`
      return explain(await compile(sql), table, location).joins[0]?.derived
    }
    const window = 'row_number() OVER (PARTITION BY customer_id ORDER BY city)'
    assert.deepEqual(await notes(`SELECT customer_id, ${window} AS n FROM bronze_customers`), {
      tables: ['customers'],
      notes: [`${window} is not deterministic where two rows tie`],
    })
    const grouped = 'SELECT customer_id, count(*) AS c FROM bronze_customers GROUP BY customer_id'
    const ranked = 'SELECT customer_id, row_number() OVER (ORDER BY c, customer_id) AS n'
    assert.deepEqual((await notes(`${ranked} FROM (${grouped})`))?.notes, [])
    assert.deepEqual((await notes('SELECT customer_id, city AS n FROM bronze_customers LIMIT 3'))?.notes, [
      'LIMIT without ORDER BY takes the first rows of the files, whichever they are',
    ])
    assert.deepEqual((await notes('SELECT customer_id, first(city) AS n FROM bronze_customers GROUP BY 1'))?.notes, [
      'first(city) depends on the order of the rows',
    ])
    const sql = `SELECT r.review_id FROM bronze_reviews r JOIN (${grouped}) d ON r.customer_id = d.customer_id`
    assert.match(
      explanationText(explain(await compile(sql), table, location)),
      /\n {2}derived: computed once per run from customers\n/,
    )
  })

  it('is plain JSON', async () => {
    const explanation = explain(
      await compile('SELECT review_id, price * 1.5 AS p, current_date AS d FROM bronze_reviews'),
      table,
      location,
    )
    assert.deepEqual(JSON.parse(JSON.stringify(explanation)), explanation)
    assert.deepEqual(
      explanation.columns.map(({ from }) => from),
      ['reviews.review_id', '(reviews.price * 1.5)', "DATE '2026-11-24'"],
    )
  })
})
