-- same: text to whole numbers
SELECT review_id, raw, CAST(raw AS TINYINT) AS t, CAST(raw AS SMALLINT) AS s, CAST(raw AS INT) AS i, CAST(raw AS BIGINT) AS b FROM bronze_reviews

-- same: text to floating point
SELECT review_id, CAST(raw AS FLOAT) AS f, CAST(raw AS DOUBLE) AS d FROM bronze_reviews

-- same: text to decimals
SELECT review_id, CAST(raw AS DECIMAL(10,2)) AS a, CAST(raw AS DECIMAL(38,18)) AS b, CAST(raw AS DECIMAL) AS c, CAST(raw AS DECIMAL(3,3)) AS d FROM bronze_reviews

-- same: text to booleans
SELECT review_id, CAST(raw AS BOOLEAN) AS b, raw = true AS c FROM bronze_reviews

-- same: text to dates and timestamps
SELECT review_id, purchase_date, CAST(purchase_date AS DATE) AS d, CAST(purchase_date AS TIMESTAMP) AS t FROM bronze_reviews

-- same: try_cast of text
SELECT review_id, TRY_CAST(raw AS TINYINT) AS t, TRY_CAST(raw AS INT) AS i, TRY_CAST(raw AS BIGINT) AS b, TRY_CAST(raw AS DOUBLE) AS d, TRY_CAST(raw AS DECIMAL(10,2)) AS e, TRY_CAST(raw AS BOOLEAN) AS f,
  TRY_CAST(purchase_date AS DATE) AS g, TRY_CAST(purchase_date AS TIMESTAMP) AS h FROM bronze_reviews

-- same: whole numbers to others
SELECT review_id, CAST(helpful_votes AS TINYINT) AS a, CAST(helpful_votes AS INT) AS b, CAST(helpful_votes AS DOUBLE) AS c, CAST(helpful_votes AS FLOAT) AS d,
  CAST(helpful_votes AS STRING) AS e, CAST(helpful_votes AS BOOLEAN) AS f, CAST(helpful_votes AS DECIMAL(10,2)) AS g, CAST(star_rating AS SMALLINT) AS h, CAST(tiny AS BIGINT) AS i FROM bronze_reviews

-- same: try_cast of numbers
SELECT review_id, TRY_CAST(helpful_votes AS INT) AS a, TRY_CAST(helpful_votes AS DECIMAL(10,2)) AS b, TRY_CAST(score AS INT) AS c, TRY_CAST(price AS TINYINT) AS d,
  TRY_CAST(star_rating AS TINYINT) AS e, TRY_CAST(score AS BIGINT) AS f, TRY_CAST(huge AS INT) AS g FROM bronze_reviews

-- same: doubles to others
SELECT review_id, CAST(score AS INT) AS a, CAST(score AS BIGINT) AS b, CAST(score AS TINYINT) AS c, CAST(score AS FLOAT) AS d, CAST(score AS STRING) AS e, CAST(score AS BOOLEAN) AS f, CAST(score AS DECIMAL(20,3)) AS g FROM bronze_reviews

-- same: floats to others
SELECT review_id, ratio, CAST(ratio AS INT) AS a, CAST(ratio AS DOUBLE) AS b, CAST(ratio AS STRING) AS c, CAST(ratio AS DECIMAL(10,3)) AS d FROM bronze_reviews

-- same: decimals to others
SELECT review_id, CAST(price AS INT) AS a, CAST(price AS DOUBLE) AS b, CAST(price AS STRING) AS c, CAST(price AS DECIMAL(4,1)) AS d, CAST(price AS TINYINT) AS e, CAST(price AS BOOLEAN) AS f, CAST(huge AS STRING) AS g,
  CAST(huge AS BIGINT) AS h, CAST(huge AS DECIMAL(10,2)) AS i, CAST(huge AS FLOAT) AS j, huge FROM bronze_reviews

-- same: booleans to others
SELECT review_id, CAST(flag AS INT) AS a, CAST(flag AS STRING) AS b, CAST(flag AS DOUBLE) AS c, CAST(flag AS DECIMAL(3,1)) AS d, CAST(flag AS BIGINT) AS e FROM bronze_reviews

-- same: dates and timestamps to others
SELECT review_id, CAST(day AS STRING) AS a, CAST(day AS TIMESTAMP) AS b, CAST(review_timestamp AS STRING) AS c, CAST(review_timestamp AS DATE) AS d, CAST(review_timestamp AS BIGINT) AS e,
  CAST(review_timestamp AS DOUBLE) AS f, CAST(review_timestamp AS DECIMAL(20,6)) AS g, CAST(review_timestamp AS INT) AS h FROM bronze_reviews

-- same: dates to numbers are NULL
SELECT review_id, CAST(day AS INT) AS a, CAST(day AS DOUBLE) AS b, CAST(day AS BOOLEAN) AS c FROM bronze_reviews WHERE star_rating = 5

-- same: numbers to timestamps
SELECT review_id, CAST(star_rating AS TIMESTAMP) AS a, CAST(price AS TIMESTAMP) AS c, CAST(CAST(raw AS DOUBLE) AS TIMESTAMP) AS d, CAST(flag AS TIMESTAMP) AS e FROM bronze_reviews WHERE score < 1e6

-- same: binary to text and back
SELECT review_id, bytes, CAST(bytes AS STRING) AS a, CAST(product_title AS BINARY) AS b, length(bytes) AS c, bytes = CAST('abc' AS BINARY) AS d, CAST(star_rating AS BINARY) AS e FROM bronze_reviews

-- same: casts by function names
SELECT review_id, int(raw) AS a, double(raw) AS b, string(star_rating) AS c, date(purchase_date) AS d, boolean(raw) AS e, decimal(raw) AS f FROM bronze_reviews

-- same: literals
SELECT 1 AS a, 1L AS b, 2S AS c, 3Y AS d, 1.5 AS e, 1.5D AS f, 1.5F AS g, 1.50BD AS h, 1e3 AS i, 3000000000 AS j, 12345678901234567890 AS k, .5 AS l, 5. AS m, -2147483648 AS n, -9223372036854775808 AS o, X'1fF' AS p,
  DATE '2014-1-5' AS q, TIMESTAMP '2014-01-05 07:15:00.5' AS r, TIMESTAMP '2014-01-05 07:15:00+02:00' AS s, true AS t, 1.0e2BD AS u, -1.5 AS v, 0.00 AS w, 007 AS x FROM bronze_reviews WHERE review_id = 'r000'

-- same: string literals
SELECT 'it''s' AS a, "a\"b" AS b, 'a\'b' AS c, r'\d' AS d, '\d\n\t\\' AS e, '\u0041\101\Z' AS f, '\%\_' AS g, 'a' "b" 'c' AS h, '😀' AS i, '\U0001F600' AS j, '\0x' AS k, "it's" AS l FROM bronze_reviews WHERE review_id = 'r000'
