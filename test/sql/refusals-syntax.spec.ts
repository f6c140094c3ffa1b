import assert from 'node:assert/strict'
import { compileQuery } from '../../functions/sql/compile.ts'
import { refusal, request } from '../support/compile-query.ts'

/** Each text that is no query, with the whole message that refuses it. */
const REFUSALS: readonly (readonly [sql: string, message: string])[] = [
  ['', 'silver.sql line 1, column 1: there is no statement; write one SELECT'],
  ['-- nothing', 'silver.sql line 1, column 11: there is no statement; write one SELECT'],
  ['SELECT FROM bronze_reviews', 'silver.sql line 1, column 8: expected an expression, found FROM'],
  [
    'SELECT review_id FORM bronze_reviews',
    'silver.sql line 1, column 23: expected the end of the query, found bronze_reviews; did you mean FROM?',
  ],
  [
    'SELECT review_id FROM bronze_reviews WHER star_rating = 1',
    'silver.sql line 1, column 43: expected the end of the query, found star_rating; did you mean WHERE?',
  ],
  [
    'SELECT upper(product_title FROM bronze_reviews',
    'silver.sql line 1, column 28: expected ) to close UPPER, whose ( is at line 1, column 13, found FROM',
  ],
  [
    "SELECT 'abc FROM bronze_reviews",
    "silver.sql line 1, column 8: the string that begins here has no end; close it with '",
  ],
  [
    'SELECT `abc FROM bronze_reviews',
    'silver.sql line 1, column 8: the name that begins here has no end; close it with a backtick',
  ],
  [
    'SELECT /* abc FROM bronze_reviews',
    'silver.sql line 1, column 8: the comment that begins here has no end; close it with */',
  ],
  [
    'SELECT review_id FROM bronze_reviews; DROP TABLE silver',
    'silver.sql line 1, column 39: there is a second statement; silver is defined by one SELECT',
  ],
  [
    'CREATE TABLE silver AS SELECT review_id FROM bronze_reviews',
    'silver.sql line 1, column 1: CREATE is not possible: the text must be one SELECT, whose rows are appended to silver',
  ],
  [
    'DELETE FROM silver',
    'silver.sql line 1, column 1: DELETE is not possible: the text must be one SELECT, whose rows are appended to silver',
  ],
  [
    'SELECT review_id FROM bronze_reviews WHERE star_rating ==> 1',
    'silver.sql line 1, column 58: expected an expression, found >',
  ],
  ['SELECT ? FROM bronze_reviews', 'silver.sql line 1, column 8: expected an expression, found ?'],
  [
    'SELECT r.review_id r.star_rating FROM bronze_reviews r',
    'silver.sql line 1, column 20: a comma is missing before r',
  ],
  [
    'SELECT r.review_id,\n  r.star_rating\n  upper(r.product_title) FROM bronze_reviews r',
    'silver.sql line 3, column 3: a comma is missing before upper',
  ],
  [
    'SELECT review_id star_rating product_id FROM bronze_reviews',
    'silver.sql line 1, column 30: a comma is missing before product_id',
  ],
  [
    'SELECT coalesce(review_id product_id) FROM bronze_reviews',
    'silver.sql line 1, column 27: expected ) to close COALESCE, whose ( is at line 1, column 16, found product_id; is a comma missing before it?',
  ],
  ['SELECT review_id, FROM bronze_reviews', 'silver.sql line 1, column 19: there is one comma too many before FROM'],
  ['SELECT review_id FROM bronze_reviews)', 'silver.sql line 1, column 37: there is a ) without a ('],
  [
    'SELECT review_id FROM bronze_reviews\nWHERE (star_rating > 1',
    'silver.sql line 2, column 23: expected ) to close the parenthesis, whose ( is at line 2, column 7, found the end of the text',
  ],
  [
    'SELECT review_id FROM bronze_reviews WHERE star_rating IN (1, 2',
    'silver.sql line 1, column 64: expected ) after the list of IN, whose ( is at line 1, column 59, found the end of the text',
  ],
]

describe('refusals of what is not a query', () => {
  for (const [sql, message] of REFUSALS) {
    it(sql || '(nothing)', async () => assert.equal(await refusal(sql), message))
  }
})

describe('refusals of views', () => {
  it('suggest the view whose name contains what was written', async () => {
    const expected = 'silver.sql line 1, column 18: unknown view reviews; did you mean bronze_reviews?'
    assert.equal(await refusal('SELECT r.x FROM  reviews r'), expected)
  })

  it('name two views that have one name', async () => {
    const { reviews, ...others } = request('SELECT * FROM x')
    const customers = { ...others.customers, view: 'X' }
    await assert.rejects(compileQuery({ ...others, reviews: { ...reviews, view: 'x' }, customers }), {
      name: 'InvalidQuery',
      message:
        'silver.sql line 1, column 15: the views of the reviews and of the customers are both called x; rename one of them',
    })
  })
})
