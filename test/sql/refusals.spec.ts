import assert from 'node:assert/strict'
import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { compile } from '../support/compile-query.ts'
import { describeRefusals, type Refusals } from '../support/describe-refusals.ts'

/** Each query with the whole message that refuses it. */
const REFUSALS: Refusals = {
  'names that mean nothing, or two things': [
    [
      'SELECT\n  r.review_id,\n  r.custmer_id\nFROM bronze_reviews r',
      'silver.sql line 3, column 5: unknown column r.custmer_id; did you mean r.customer_id?',
    ],
    [
      'SELECT product_titel FROM bronze_reviews',
      'silver.sql line 1, column 8: unknown column product_titel; did you mean product_title?',
    ],
    [
      'SELECT nothing_like_it FROM bronze_reviews',
      'silver.sql line 1, column 8: unknown column nothing_like_it; there are marketplace, customer_id, review_id, product_id, product_title, star_rating, helpful_votes, verified_purchase, review_timestamp, purchase_date, price',
    ],
    ['SELECT x.review_id FROM bronze_reviews r', 'silver.sql line 1, column 8: unknown view or alias x; there is r'],
    [
      'SELECT bronze_reviews.review_id FROM bronze_reviews r',
      'silver.sql line 1, column 8: the view bronze_reviews goes by its alias r here',
    ],
    ['SELECT c.* FROM bronze_reviews r', 'silver.sql line 1, column 8: unknown view or alias c; there is r'],
    [
      'SELECT review_id FROM bronze_review',
      'silver.sql line 1, column 23: unknown view bronze_review; did you mean bronze_reviews?',
    ],
    [
      'SELECT review_id FROM lake.bronze_reviews',
      'silver.sql line 1, column 23: lake.bronze_reviews is not known; the views have one name, without a database',
    ],
    [
      'SELECT customer_id FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id',
      'silver.sql line 1, column 8: the column customer_id is in both views; say which one, with the alias before it',
    ],
    [
      'SELECT uper(product_title) FROM bronze_reviews',
      'silver.sql line 1, column 8: unknown function uper; did you mean upper?',
    ],
    [
      'SELECT r._metadata.file_nam FROM bronze_reviews r',
      'silver.sql line 1, column 20: _metadata has no file_nam; did you mean file_name?',
    ],
    [
      'SELECT _metadata FROM bronze_reviews',
      'silver.sql line 1, column 8: _metadata as a whole is not supported; take file_path, file_name, file_size, file_modification_time',
    ],
    [
      'SELECT r.product_title.length FROM bronze_reviews r',
      'silver.sql line 1, column 24: there is no field length: string has no fields',
    ],
    [
      'SELECT star_rating * 2 AS twice FROM bronze_reviews WHERE twice > 4',
      "silver.sql line 1, column 59: unknown column twice; it is a name of the select list, which WHERE can't use yet: repeat its expression",
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r JOIN bronze_customers USING (review_id)',
      'silver.sql line 1, column 71: unknown column review_id; there are customer_id, customer_name, gender, date_of_birth, city, state',
    ],
  ],
  "columns that a table can't have": [
    [
      'SELECT * FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id',
      'silver.sql line 1, column 8: two output columns are named customer_id, but a table can have each name only once; list the columns one by one, rename one with AS, or join with USING',
    ],
    [
      'SELECT review_id AS id, product_title AS Id FROM bronze_reviews',
      'silver.sql line 1, column 25: two output columns are named id and Id, but a table can have each name only once; list the columns one by one, rename one with AS, or join with USING',
    ],
    [
      'SELECT review_id AS Batch FROM bronze_reviews',
      'silver.sql line 1, column 8: the column Batch has the name of a partition column of silver.reviews; rename it with AS',
    ],
    [
      "SELECT concat(review_id, 'x') FROM bronze_reviews",
      'silver.sql line 1, column 8: the column name concat(review_id, x) has "," in it, which a column in Athena can\'t have; give it a name with AS',
    ],
    [
      'SELECT NULL AS nothing FROM bronze_reviews',
      'silver.sql line 1, column 8: the column nothing is NULL without a type; write CAST(NULL AS string)',
    ],
    [
      'SELECT struct(star_rating, STAR_RATING) AS s FROM bronze_reviews',
      'silver.sql line 1, column 8: STRUCT: the field STAR_RATING occurs twice; rename one of them with AS',
    ],
    [
      'SELECT arrays_zip(array(1), array(2)) AS s, arrays_zip(tags, tags) AS t FROM (SELECT array(star_rating) AS tags FROM bronze_reviews)',
      'silver.sql line 1, column 45: ARRAYS_ZIP: the field tags occurs twice; rename one of them with AS',
    ],
  ],
  "what a stream in append mode can't do": [
    [
      'SELECT count(*) FROM bronze_reviews',
      'silver.sql line 1, column 8: the aggregate COUNT is not possible: silver is appended batch by batch, and an aggregate of a batch could still change with the next; aggregate silver.reviews in Athena',
    ],
    [
      'SELECT star_rating FROM bronze_reviews GROUP BY star_rating',
      'silver.sql line 1, column 40: GROUP BY is not possible: silver is appended batch by batch, and a group could still grow with the next; group silver.reviews in Athena',
    ],
    [
      'SELECT star_rating FROM bronze_reviews HAVING star_rating > 1',
      'silver.sql line 1, column 40: HAVING is not possible: it filters groups, and silver is appended batch by batch; use WHERE, or group silver.reviews in Athena',
    ],
    [
      'SELECT DISTINCT star_rating FROM bronze_reviews',
      'silver.sql line 1, column 8: DISTINCT is not possible: silver is appended batch by batch, and an equal row could come with a later one; use it over silver.reviews in Athena',
    ],
    [
      'SELECT review_id FROM bronze_reviews ORDER BY review_id',
      'silver.sql line 1, column 38: ORDER BY is not possible: silver is appended batch by batch, and a table has no order; sort when you read silver.reviews',
    ],
    [
      'SELECT review_id FROM bronze_reviews LIMIT 10',
      'silver.sql line 1, column 38: LIMIT is not possible: silver is appended batch by batch, and every review must be accounted for; limit when you read silver.reviews',
    ],
    [
      'SELECT row_number() OVER (ORDER BY review_id) FROM bronze_reviews',
      'silver.sql line 1, column 8: the window function ROW_NUMBER is not possible: silver is appended batch by batch, and later rows could change a window; use it over silver.reviews in Athena',
    ],
    [
      'SELECT upper(review_id) OVER (ORDER BY review_id) FROM bronze_reviews',
      'silver.sql line 1, column 25: UPPER is not a window function, and OVER needs one',
    ],
    [
      'SELECT review_id FROM bronze_reviews UNION SELECT review_id FROM bronze_reviews',
      'silver.sql line 1, column 38: UNION is not possible: it leaves equal rows out, and silver is appended batch by batch: an equal row could come with a later one; write UNION ALL',
    ],
    [
      'SELECT rand() FROM bronze_reviews',
      'silver.sql line 1, column 8: RAND is not possible: a batch that is processed again must give the same rows',
    ],
    [
      "SELECT upper(explode(split(product_title, ','))) FROM bronze_reviews",
      'silver.sql line 1, column 14: EXPLODE makes rows: it can only be a whole item of the select list, or come after LATERAL VIEW',
    ],
    [
      'SELECT explode(product_title) FROM bronze_reviews',
      'silver.sql line 1, column 16: EXPLODE takes an array or a map, not string',
    ],
    [
      'SELECT stack(2, star_rating, product_title) FROM bronze_reviews',
      'silver.sql line 1, column 8: column 1 of STACK has values of int and string; cast them',
    ],
    [
      'SELECT posexplode(array(1)) AS x FROM bronze_reviews',
      'silver.sql line 1, column 32: POSEXPLODE gives 2 columns, not 1',
    ],
    [
      'SELECT w FROM bronze_reviews r LATERAL VIEW upper(product_title) t AS w',
      'silver.sql line 1, column 45: UPPER makes no rows; LATERAL VIEW takes EXPLODE or a function like it',
    ],
    [
      "SELECT explode(split(c.city, ' ')) AS w FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id",
      'silver.sql line 1, column 8: EXPLODE reads city of customers: rows are made of a review, before it is joined; join (SELECT …, EXPLODE(city) FROM …) in place of customers, or make them where silver is read',
    ],
    [
      'SELECT review_id FROM bronze_reviews UNION ALL SELECT review_id, product_id FROM bronze_reviews',
      'silver.sql line 1, column 48: this query of the UNION has 2 columns, and the first has 1',
    ],
    [
      'SELECT review_id FROM bronze_reviews UNION ALL SELECT customer_id FROM bronze_customers',
      'silver.sql line 1, column 48: UNION ALL with a static table would append its rows again with every batch; each of its queries must read the reviews',
    ],
    [
      'SELECT review_id FROM bronze_reviews UNION ALL SELECT explode(array(product_id)) FROM bronze_reviews',
      'silver.sql line 1, column 48: this query of the UNION makes several rows of a review; make them after the UNION, in a query around it',
    ],
    [
      'SELECT review_id, NULL AS c FROM bronze_reviews UNION ALL SELECT r.review_id, c.city FROM bronze_reviews r JOIN bronze_customers c USING (customer_id)',
      'silver.sql line 1, column 59: the queries of the UNION are joined in different ways; write the join once, around the UNION',
    ],
    [
      'SELECT upper(review_id) AS (a, b) FROM bronze_reviews',
      'silver.sql line 1, column 32: several names after AS are for a function that makes rows, such as EXPLODE',
    ],
  ],
}

describeRefusals('refusals', REFUSALS)

describe('refusals', () => {
  it('carry the line and the column, counted in characters', async () => {
    await assert.rejects(compile("SELECT '😀😀', oops\r\nFROM bronze_reviews"), (error: unknown) => {
      assert.ok(error instanceof InvalidQuery)
      assert.equal(error.name, 'InvalidQuery')
      assert.deepEqual([error.line, error.column], [1, 14])
      return true
    })
  })
})
