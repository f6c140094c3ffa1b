-- refused: an unknown column
SELECT r.custmer_id FROM bronze_reviews r

-- refused: an unknown view
SELECT * FROM bronze_review

-- refused: an unknown alias
SELECT x.review_id FROM bronze_reviews r

-- refused: the view's name behind an alias
SELECT bronze_reviews.review_id FROM bronze_reviews r

-- refused: an unknown function
SELECT uper(product_title) FROM bronze_reviews

-- refused: an ambiguous column
SELECT customer_id FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id

-- refused: one name twice
SELECT * FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id

-- refused here: one name twice in another case
SELECT review_id AS id, product_title AS ID FROM bronze_reviews

-- refused: a count
SELECT count(*) AS n FROM bronze_reviews

-- refused: a group
SELECT star_rating, max(price) AS p FROM bronze_reviews GROUP BY star_rating

-- refused: distinct
SELECT DISTINCT star_rating FROM bronze_reviews

-- refused: order
SELECT review_id FROM bronze_reviews ORDER BY review_id

-- refused: a window function
SELECT review_id, row_number() OVER (PARTITION BY customer_id ORDER BY review_id) AS n FROM bronze_reviews

-- refused: a join that keeps customers
SELECT r.review_id, c.state FROM bronze_reviews r RIGHT JOIN bronze_customers c ON r.customer_id = c.customer_id

-- refused: a join that keeps customers, written to the left
SELECT r.review_id, c.state FROM bronze_customers c LEFT JOIN bronze_reviews r ON r.customer_id = c.customer_id

-- refused: a full join
SELECT r.review_id, c.state FROM bronze_reviews r FULL OUTER JOIN bronze_customers c ON r.customer_id = c.customer_id

-- refused: a semi join from customers
SELECT c.state FROM bronze_customers c LEFT SEMI JOIN bronze_reviews r ON r.customer_id = c.customer_id

-- refused: two statements
SELECT review_id FROM bronze_reviews; SELECT review_id FROM bronze_reviews

-- refused: no select list
SELECT FROM bronze_reviews

-- refused: a missing parenthesis
SELECT upper(product_title FROM bronze_reviews

-- refused: a string without an end
SELECT 'abc FROM bronze_reviews

-- refused: NULL as a condition
SELECT review_id FROM bronze_reviews WHERE NULL

-- refused: a letter of old date patterns
SELECT date_format(day, 'uuuu') AS d FROM bronze_reviews

-- refused: a condition that is no boolean
SELECT review_id FROM bronze_reviews WHERE star_rating

-- refused: text where a boolean must be
SELECT review_id FROM bronze_reviews WHERE NOT verified_purchase

-- refused: a date compared with a number
SELECT review_id FROM bronze_reviews WHERE day = 5

-- refused: a number cast to a date
SELECT CAST(star_rating AS DATE) AS d FROM bronze_reviews

-- refused: a try_cast that the ANSI rules do not have
SELECT TRY_CAST(day AS INT) AS d FROM bronze_reviews

-- refused: DIV of doubles
SELECT score DIV 2 AS d FROM bronze_reviews

-- refused: types without a common one
SELECT coalesce(flag, 'x') AS d FROM bronze_reviews

-- refused: greatest of a number and text
SELECT greatest(star_rating, raw) AS d FROM bronze_reviews

-- refused: a function with too many arguments
SELECT upper(product_title, 'x') AS d FROM bronze_reviews

-- refused: greatest of one
SELECT greatest(star_rating) AS d FROM bronze_reviews

-- refused: the year of a number
SELECT year(star_rating) AS d FROM bronze_reviews

-- refused: days that are a double
SELECT date_add(day, 1.5D) AS d FROM bronze_reviews

-- refused: an unknown type
SELECT CAST(raw AS NUMBER) AS d FROM bronze_reviews

-- refused: a decimal of too many digits
SELECT CAST(raw AS DECIMAL(39,2)) AS d FROM bronze_reviews

-- refused: a column of USING that one side lacks
SELECT review_id FROM bronze_reviews JOIN bronze_customers USING (review_id)

-- refused: a literal that is no date
SELECT DATE '2014-02-30' AS d FROM bronze_reviews

-- refused: a whole number out of range
SELECT 300Y AS d FROM bronze_reviews

-- refused: a name of the select list in WHERE
SELECT star_rating * 2 AS twice FROM bronze_reviews WHERE twice > 4

-- refused: NULL without a type
SELECT NULL AS nothing FROM bronze_reviews

-- refused: rounding to a column
SELECT round(price, star_rating) AS d FROM bronze_reviews

-- refused: an insert
INSERT INTO silver SELECT * FROM bronze_reviews

-- refused here: a limit
SELECT review_id FROM bronze_reviews LIMIT 10

-- refused here: a product of both views
SELECT r.review_id, c.state FROM bronze_reviews r CROSS JOIN bronze_customers c

-- refused here: a random number
SELECT rand() AS x FROM bronze_reviews

-- refused here: a partition column's name
SELECT review_id AS batch FROM bronze_reviews

-- refused here: a name with a comma
SELECT concat(review_id, 'x') FROM bronze_reviews

-- refused here: a pattern from a column
SELECT product_title LIKE raw AS x FROM bronze_reviews

-- refused here: a regular expression that can hang
SELECT product_title RLIKE '(a+)+$' AS x FROM bronze_reviews

-- refused here: a back reference
SELECT product_title RLIKE r'(.)\1' AS x FROM bronze_reviews

-- refused here: a unit of time that does not exist
SELECT date_trunc('fortnight', review_timestamp) AS x FROM bronze_reviews

-- refused: customers alone
SELECT customer_id FROM bronze_customers
