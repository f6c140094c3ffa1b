import assert from 'node:assert/strict'
import { compileQuery } from '../../functions/sql/compile.ts'
import type { Column } from '../../functions/sql/types.ts'
import { columns, NOW } from '../support/compile-query.ts'

/** What producers of reviews were seen to write. */
const REVIEWS: Readonly<Record<string, readonly Column[]>> = {
  'everything a string': columns(
    'marketplace, customer_id, review_id, product_title, star_rating, total_votes, verified_purchase, review_body, purchase_date',
  ),
  'numbers and an INT96 timestamp': columns(
    'marketplace, customer_id, review_id, product_title, star_rating int, total_votes int, verified_purchase, review_body, review_timestamp timestamp',
  ),
  'a date': columns(
    'customer_id, review_id, product_title, star_rating int, total_votes bigint, verified_purchase, purchase_date date',
  ),
  "Kafka's columns in front": columns(
    'key binary, topic, partition int, offset bigint, timestamp timestamp, customer_id, review_id, product_title, star_rating int, total_votes int, verified_purchase',
  ),
  'a column named current_timestamp': columns(
    'customer_id, review_id, product_title, star_rating, total_votes, verified_purchase, review_date, load_timestamp timestamp, current_timestamp timestamp',
  ),
}

const CUSTOMERS: Readonly<Record<string, readonly Column[]>> = {
  'with names': columns('customer_id, customer_name, gender, date_of_birth, city, state'),
  'with a bigint key': columns('customer_id bigint, customer_name, gender, date_of_birth date, city, state'),
}

/** How people write the silver query. */
const QUERIES: readonly string[] = [
  `SELECT r.*, c.customer_name, c.gender, c.date_of_birth, c.city, c.state
   FROM bronze_reviews AS r INNER JOIN bronze_customers AS c ON r.customer_id = c.customer_id`,
  `SELECT bronze_reviews.review_id, product_title, star_rating, customer_name, gender, city, state
   FROM bronze_customers JOIN bronze_reviews ON bronze_reviews.customer_id = bronze_customers.customer_id
   WHERE verified_purchase = 'Y';`,
  `select R.review_id, C.City from bronze_reviews R left outer join bronze_customers C
   on R.CUSTOMER_ID = C.CUSTOMER_ID and R.verified_purchase = 'Y'`,
  `SELECT * FROM bronze_reviews JOIN bronze_customers USING (customer_id) WHERE CAST(star_rating AS int) >= 4`,
  `SELECT * FROM bronze_reviews NATURAL JOIN bronze_customers`,
  `SELECT r.*, CAST(total_votes AS int) AS votes, current_timestamp() AS processed_at
   FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id`,
]

describe('bronze contracts', () => {
  for (const [contract, reviews] of Object.entries(REVIEWS)) {
    for (const [keys, customers] of Object.entries(CUSTOMERS)) {
      it(`take the usual queries: ${contract}, customers ${keys}`, async () => {
        for (const sql of QUERIES) {
          const query = await compileQuery({
            sql,
            reviews: { view: 'bronze_reviews', columns: reviews },
            customers: { view: 'bronze_customers', columns: customers },
            now: NOW,
          })
          assert.ok(query.joins.length === 1 && query.output.length > 1)
        }
      })
    }
  }

  it('take customers without a header', async () => {
    const { output } = await compileQuery({
      sql: 'SELECT r.review_id, c._c1 AS customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c._c0',
      reviews: { view: 'bronze_reviews', columns: columns('review_id, customer_id') },
      customers: { view: 'bronze_customers', columns: columns('_c0, _c1, _c2') },
      now: NOW,
    })
    assert.deepEqual(output[1]?.expr, { op: 'column', view: 'customers', name: '_c1', type: 'string' })
  })

  it('take other names for the views', async () => {
    const { joins } = await compileQuery({
      sql: 'SELECT kafka.*, people.city FROM kafka JOIN people USING (customer_id)',
      reviews: { view: 'kafka', columns: columns('review_id, customer_id') },
      customers: { view: 'people', columns: columns('customer_id, city') },
      now: NOW,
    })
    assert.equal(joins[0]?.kind, 'inner')
  })
})
