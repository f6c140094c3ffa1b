import { describeRefusals, type Refusals } from '../support/describe-refusals.ts'

/** Each query with the whole message that refuses it. */
const REFUSALS: Refusals = {
  joins: [
    [
      'SELECT r.review_id FROM bronze_customers c LEFT JOIN bronze_reviews r ON r.customer_id = c.customer_id',
      'silver.sql line 1, column 44: this join keeps rows of a dimension without a review, which is not possible on a stream: a review of a later batch could match them; put the reviews on the kept side (reviews LEFT JOIN customers … or customers RIGHT JOIN reviews)',
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r RIGHT JOIN bronze_customers c ON r.customer_id = c.customer_id',
      'silver.sql line 1, column 42: this join keeps rows of a dimension without a review, which is not possible on a stream: a review of a later batch could match them; put the reviews on the kept side (reviews LEFT JOIN customers … or customers RIGHT JOIN reviews)',
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r FULL JOIN bronze_customers c ON r.customer_id = c.customer_id',
      'silver.sql line 1, column 42: this join keeps rows of a dimension without a review, which is not possible on a stream: a review of a later batch could match them; put the reviews on the kept side (reviews LEFT JOIN customers … or customers RIGHT JOIN reviews)',
    ],
    [
      'SELECT c.city FROM bronze_customers c LEFT ANTI JOIN bronze_reviews r ON r.customer_id = c.customer_id',
      'silver.sql line 1, column 39: LEFT ANTI JOIN from customers gives customers; silver holds reviews, so write reviews LEFT ANTI JOIN customers',
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r, bronze_customers c',
      "silver.sql line 1, column 41: reviews and customers can't be joined like this: the join needs a condition that compares the two, ideally an equality such as r.customer_id = c.customer_id",
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id CROSS JOIN bronze_customers d',
      "silver.sql line 1, column 99: reviews and customers_2 can't be joined like this: the join needs a condition that compares the two, ideally an equality such as r.customer_id = c.customer_id",
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.star_rating > 3',
      "silver.sql line 1, column 74: reviews and customers can't be joined like this: the join needs a condition that compares the two, ideally an equality such as r.customer_id = c.customer_id",
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r LEFT JOIN (bronze_customers c JOIN bronze_customers d ON c.state = d.state) ON r.customer_id = c.customer_id',
      "silver.sql line 1, column 121: customers and customers_2 can't be joined with the reviews as one here; join each of them with the reviews",
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r JOIN (VALUES (1), (1, 2)) v ON r.star_rating = v.col1',
      'silver.sql line 1, column 61: a row of VALUES has 2 values, and the first has 1',
    ],
    [
      "SELECT r.review_id FROM bronze_reviews r JOIN (VALUES (true), ('x'), (1)) v ON r.review_id = v.col1",
      'silver.sql line 1, column 56: column 1 of VALUES has values of boolean and string and int, which have no type in common',
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r JOIN (VALUES (r.star_rating)) v ON r.star_rating = v.col1',
      'silver.sql line 1, column 56: VALUES takes constants, and r.star_rating is not one',
    ],
    [
      'SELECT r.review_id FROM bronze_reviews r JOIN bronze_reviews s ON r.review_id = s.review_id',
      "silver.sql line 1, column 42: reviews can't be joined with reviews: a row could match those of other batches",
    ],
    [
      'SELECT customer_id FROM bronze_customers',
      'silver.sql line 1, column 25: the query must read bronze_reviews: silver holds reviews',
    ],
    [
      'SELECT review_id FROM bronze_reviews WHERE (customer_id, star_rating) NOT IN (SELECT customer_id, 1 AS x FROM bronze_customers)',
      'silver.sql line 1, column 44: NOT IN of several columns is not supported; write NOT EXISTS with their equalities',
    ],
    [
      'SELECT review_id FROM bronze_reviews r WHERE star_rating = 1 OR EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id > r.customer_id)',
      'silver.sql line 1, column 73: this subquery is looked up, so it must be compared with the rows around it by equalities, not by c.customer_id > r.customer_id',
    ],
    [
      'SELECT (SELECT customer_name FROM bronze_customers c WHERE c.customer_id = r.customer_id) AS x FROM bronze_reviews r',
      'silver.sql line 1, column 9: a subquery that compares its rows with those around it stands for one value where it is an aggregate',
    ],
    [
      'SELECT (SELECT count(*) FROM bronze_customers c WHERE c.customer_id = r.customer_id GROUP BY c.city) AS x FROM bronze_reviews r',
      'silver.sql line 1, column 94: a key of GROUP BY here must be compared with the rows around the subquery',
    ],
    [
      'SELECT (SELECT count(*) FROM bronze_customers c WHERE c.customer_id = r.customer_id LIMIT 1) AS x FROM bronze_reviews r',
      "silver.sql line 1, column 85: a subquery that compares its rows with those around it can't have this clause",
    ],
    [
      'SELECT review_id IN (SELECT customer_id, city FROM bronze_customers) AS x FROM bronze_reviews r',
      'silver.sql line 1, column 22: the subquery of IN must select one column',
    ],
    ['SELECT 1', 'silver.sql line 1, column 1: the query needs a FROM, such as FROM bronze_reviews'],
  ],
  types: [
    [
      'SELECT review_id FROM bronze_reviews WHERE star_rating',
      'silver.sql line 1, column 44: a condition must be boolean, but this is int; compare it with something',
    ],
    [
      'SELECT review_id FROM bronze_reviews WHERE NOT verified_purchase',
      'silver.sql line 1, column 48: NOT: expected boolean, not string; cast it',
    ],
    [
      'SELECT review_id FROM bronze_reviews WHERE current_date = 5',
      "silver.sql line 1, column 57: date and int can't be compared; cast one of them",
    ],
    ['SELECT CAST(star_rating AS DATE) FROM bronze_reviews', "silver.sql line 1, column 8: int can't be cast to date"],
    [
      'SELECT CAST(star_rating AS NUMBER) FROM bronze_reviews',
      'silver.sql line 1, column 28: NUMBER is not a type; there are boolean, tinyint, smallint, int, bigint, float, double, date, timestamp, string, binary, decimal(p,s)',
    ],
    [
      "SELECT coalesce(true, 'x') FROM bronze_reviews",
      'silver.sql line 1, column 8: COALESCE: boolean and string have no common type; cast them',
    ],
    [
      "SELECT upper(product_title, 'x') FROM bronze_reviews",
      'silver.sql line 1, column 8: UPPER takes 1 argument, not 2',
    ],
    [
      'SELECT greatest(star_rating) FROM bronze_reviews',
      'silver.sql line 1, column 8: GREATEST takes at least 2 arguments, not 1',
    ],
    [
      'SELECT year(star_rating) FROM bronze_reviews',
      'silver.sql line 1, column 13: YEAR: expected date, not int; cast it',
    ],
    [
      'SELECT true + 1 FROM bronze_reviews',
      'silver.sql line 1, column 13: + needs numbers, not boolean and int; cast them',
    ],
    ["SELECT date '2014-02-30' FROM bronze_reviews", "silver.sql line 1, column 8: '2014-02-30' is not a date"],
    ['SELECT 300Y FROM bronze_reviews', 'silver.sql line 1, column 8: 300 is out of the range of tinyint'],
  ],
  'constants, before any row is read': [
    [
      'SELECT product_title LIKE review_id FROM bronze_reviews',
      'silver.sql line 1, column 27: LIKE: this argument must be a constant, because it is checked before any row is read',
    ],
    [
      "SELECT product_title LIKE '10\\\\x' FROM bronze_reviews",
      "silver.sql line 1, column 27: LIKE: in the pattern '10\\x' the escape \\ at character 3 must be followed by _, % or itself",
    ],
    [
      "SELECT product_title RLIKE '(a+)+$' FROM bronze_reviews",
      "silver.sql line 1, column 28: RLIKE: the regular expression '(a+)+$' is refused at character 1: it could take exponential time: a repeated group can match the same text in two ways",
    ],
    [
      "SELECT product_title RLIKE '[a-' FROM bronze_reviews",
      "silver.sql line 1, column 28: RLIKE: the regular expression '[a-' is refused at character 1: there is a [ without its ]",
    ],
    [
      "SELECT regexp_extract(product_title, 'a(b)', 2) FROM bronze_reviews",
      'silver.sql line 1, column 38: REGEXP_EXTRACT: there is no group 2; the pattern has 1',
    ],
    [
      "SELECT regexp_replace(product_title, 'a', '$1') FROM bronze_reviews",
      "silver.sql line 1, column 38: REGEXP_REPLACE: the replacement '$1' has a $ or \\ that names no group; write \\$ for the character",
    ],
    [
      "SELECT date_format(review_timestamp, 'YYYY') FROM bronze_reviews",
      "silver.sql line 1, column 38: DATE_FORMAT: the date pattern 'YYYY' has YYYY, which is not supported for formatting; docs/sql.md lists the letters",
    ],
    [
      "SELECT date_trunc('moth', review_timestamp) FROM bronze_reviews",
      "silver.sql line 1, column 19: DATE_TRUNC: 'moth' is not a unit of time; did you mean MONTH?",
    ],
  ],
}

describeRefusals('refusals of joins, types and constants', REFUSALS)
