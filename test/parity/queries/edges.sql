-- same: floats and doubles of one digit print with two
SELECT review_id, CAST(CAST('1e-45' AS float) AS string) AS least_float, CAST(CAST('4.9e-324' AS double) AS string) AS least_double,
  CAST(ratio AS string) AS a, CAST(score AS string) AS b
FROM bronze_reviews

-- same: TRY_CAST of decimals to text and whole numbers
SELECT review_id, TRY_CAST(huge AS string) AS a, CAST(huge AS string) AS b, TRY_CAST(huge AS int) AS c, TRY_CAST(price AS string) AS d,
  TRY_CAST(CAST('0.99999999999999999999999999999999999999' AS decimal(38,38)) AS int) AS rounded, TRY_CAST(huge * 0.9 AS bigint) AS e
FROM bronze_reviews

-- same: division of and by NULL
SELECT NULL / price AS a, price / NULL AS b, NULL % price AS c, NULL * huge AS d, price DIV NULL AS e FROM bronze_reviews

-- same: DIV of decimals beyond 38 digits
SELECT huge DIV CAST('0.00000000000000000000000000000000000001' AS decimal(38,38)) AS a, small DIV CAST('0.0000000000000000000000000000000000001' AS decimal(38,38)) AS b,
  huge DIV price AS c
FROM bronze_reviews

-- same: TO_DATE and TO_TIMESTAMP of what is no text
SELECT to_date(star_rating) AS a, to_date(tiny) AS b, to_date(CAST(2014 AS bigint)) AS c, to_timestamp(flag) AS d, to_timestamp(star_rating) AS e, to_date(bytes) AS f,
  to_timestamp(price) AS g, to_date(flag) AS h, to_timestamp(bytes) AS i
FROM bronze_reviews

-- same: IN of a subquery with values of another type
SELECT review_id FROM bronze_reviews WHERE star_rating IN (SELECT customer_id FROM bronze_customers)

-- same: IN of a subquery with text and numbers
SELECT review_id, cust_num FROM bronze_reviews WHERE raw IN (SELECT balance FROM bronze_customers)

-- same: IN of a subquery with numbers of other types
SELECT review_id, cust_num FROM bronze_reviews WHERE cust_num IN (SELECT cust_num FROM bronze_customers)

-- same: IN of a subquery with dates and text
SELECT review_id FROM bronze_reviews WHERE CAST(purchase_date AS date) IN (SELECT date_of_birth FROM bronze_customers)

-- same: the keys of USING come first in the star of a view
SELECT c.* FROM bronze_customers c JOIN bronze_reviews r USING (cust_num, customer_id)

-- same: the keys of USING come first in the star of the view that is not kept
SELECT c.*, review_id FROM bronze_customers c RIGHT JOIN (SELECT review_id, customer_id FROM bronze_reviews) r USING (customer_id)

-- same: the keys of USING come first in the star of reviews
SELECT r.*, city FROM bronze_reviews r LEFT JOIN bronze_customers c USING (cust_num)

-- same: INITCAP of letters with a title case
SELECT initcap('ǆ ǉ ǌ ǳ Ǆ ა ᾀ ᾳ ß ŉ 𐐨 ﬁne') AS a, initcap(product_title) AS b FROM bronze_reviews

-- same: TRIM of a point
SELECT TRIM(LEADING '.' FROM '..a.') AS a, TRIM(BOTH ',' FROM product_title) AS b, TRIM(TRAILING ')' FROM 'a))') AS c FROM bronze_reviews

-- same: SPLIT at nothing
SELECT split(product_title, '(?i)')[1] AS a, split(product_title, '')[1] AS b FROM bronze_reviews WHERE product_title NOT RLIKE '[^a-zA-Z0-9 ,]'

-- same: word boundaries and lines
SELECT regexp_replace(product_title, '\\b', '|') AS a, regexp_replace('ee\u0301x a_\u0301b', '\\b', '|') AS b, '' RLIKE '(?m)^' AS c, regexp_replace('a\n', '(?m)^', '>') AS d,
  'a😀' RLIKE '\\uD83D\\uDE00' AS e
FROM bronze_reviews WHERE product_title NOT LIKE '%😀%'

-- same: groups in repetitions
SELECT regexp_extract(product_title, '([a-z])+', 1) AS a, regexp_extract(product_title, '(?:([a-z])|[0-9])', 1) AS b, regexp_replace(raw, '^(?:(-)|x)?([0-9.])+$', '$1#$2') AS c
FROM bronze_reviews

-- refused: UNIX_MICROS of text
SELECT unix_micros(purchase_date) AS x FROM bronze_reviews

-- refused: UNIX_DATE of a timestamp
SELECT unix_date(review_timestamp) AS x FROM bronze_reviews

-- refused: an index that is no whole number
SELECT split(product_title, ',')[1.5] AS x FROM bronze_reviews

-- refused: days that are no number
SELECT date_add(day, 'x') AS x FROM bronze_reviews

-- refused: IN of a subquery with types that have nothing in common
SELECT review_id FROM bronze_reviews WHERE flag IN (SELECT customer_id FROM bronze_customers)

-- refused: NATURAL LEFT SEMI JOIN
SELECT review_id FROM bronze_reviews NATURAL LEFT SEMI JOIN bronze_customers

-- refused: TO_TIMESTAMP of a number with a pattern
SELECT to_timestamp(star_rating, 'yyyy') AS x FROM bronze_reviews

-- refused here: a group that a repetition can pass over
SELECT regexp_extract(product_title, '(?:(a)|b)*', 1) AS x FROM bronze_reviews

-- refused here: a repetition of nothing
SELECT regexp_replace(product_title, '(?:|a)*', 'x') AS x FROM bronze_reviews

-- refused here: the case of a property
SELECT product_title RLIKE '(?i)\\p{Lu}' AS x FROM bronze_reviews

-- same: repetitions that share out a text
SELECT product_title RLIKE '.*a.*b.*c.*d.*e' AS x FROM bronze_reviews

-- same: whole numbers against decimals beyond all of them
SELECT cust_num < 12345678901234567890 AS a, 12345678901234567890 < cust_num AS b, helpful_votes >= -9223372036854775808.5 AS c, helpful_votes <= 9223372036854775807.0 AS d,
  cust_num BETWEEN -99999999999999999999 AND 5 AS e, tiny > CAST('12345678901234567890' AS decimal(20,0)) AS f, cust_num = 12345678901234567890 AS g, helpful_votes < 9223372036854775807.5 AS h,
  price < 12345678901234567890 AS i, score < 12345678901234567890 AS j, 5 < 12345678901234567890 AS k
FROM bronze_reviews
