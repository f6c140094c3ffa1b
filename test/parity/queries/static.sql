-- static: group by a column
SELECT state, count(*) AS n, count(city) AS c FROM bronze_customers GROUP BY state
-- static: group by several, of which some are NULL
SELECT gender, state, count(*) AS n FROM bronze_customers GROUP BY gender, state
-- static: aggregates of all rows
SELECT count(*) AS n, count(balance) AS b, sum(balance) AS s, avg(balance) AS a, min(balance) AS lo, max(balance) AS hi FROM bronze_customers
-- static: aggregates of no rows
SELECT count(*) AS n, sum(cust_num) AS s, avg(cust_num) AS a, min(city) AS lo, max(city) AS hi, bool_and(city = '') AS b FROM bronze_customers WHERE state = 'none'
-- static: groups of no rows
SELECT state, count(*) AS n FROM bronze_customers WHERE state = 'none' GROUP BY state
-- static: sums of every numeric type
SELECT verified_purchase, sum(tiny) AS t, sum(small) AS s, sum(cust_num) AS i, sum(helpful_votes) AS l, sum(price) AS p FROM bronze_reviews GROUP BY verified_purchase
-- static: a sum that wraps
SELECT sum(helpful_votes) AS s FROM bronze_reviews WHERE helpful_votes > 1000
-- static: a sum of decimals that overflows
SELECT sum(huge * 1000000000000000000) AS s, sum(huge) AS h FROM bronze_reviews
-- static: averages
SELECT flag, avg(tiny) AS t, avg(cust_num) AS i, avg(price) AS p, avg(huge) AS h FROM bronze_reviews GROUP BY flag
-- static: sums of text
SELECT sum(customer_id) AS s, avg(customer_id) AS a FROM bronze_customers
-- static: floats
SELECT flag, min(score) AS lo, max(score) AS hi, min(ratio) AS rlo, max(ratio) AS rhi, count(DISTINCT score) AS n FROM bronze_reviews GROUP BY flag
-- static: floats as keys, -0.0 and NaN
SELECT score, count(*) AS n FROM bronze_reviews GROUP BY score
-- static: distinct floats
SELECT DISTINCT ratio FROM bronze_reviews
-- static: least and greatest of text, binary, dates, booleans
SELECT verified_purchase, min(product_title) AS t, max(product_title) AS u, min(bytes) AS b, max(bytes) AS c, min(day) AS d, max(day) AS e, min(flag) AS f, max(flag) AS g, min(review_timestamp) AS s, max(review_timestamp) AS x FROM bronze_reviews GROUP BY verified_purchase
-- static: distinct aggregates
SELECT verified_purchase, count(DISTINCT customer_id) AS c, count(DISTINCT customer_id, star_rating) AS p, sum(DISTINCT star_rating) AS s, avg(DISTINCT tiny) AS a FROM bronze_reviews GROUP BY verified_purchase
-- static: filtered aggregates
SELECT state, count(*) FILTER (WHERE gender = 'F') AS f, sum(cust_num) FILTER (WHERE city IS NOT NULL) AS s, count(DISTINCT gender) FILTER (WHERE city <> '') AS g FROM bronze_customers GROUP BY state
-- static: count of several arguments
SELECT count(city, state) AS n, count(1) AS one, count(NULL) AS none FROM bronze_customers
-- static: names without AS
SELECT count(*), count(city), sum(cust_num), avg(balance), mean(cust_num), max(upper(city)), count(DISTINCT state) FROM bronze_customers
-- static: names without AS, filters and flags
SELECT sum(DISTINCT cust_num) FILTER (WHERE cust_num > 1), bool_or(gender = 'F'), every(gender = 'F'), count_if(gender = 'F') FROM bronze_customers
-- static: count_if, bool_and, bool_or
SELECT verified_purchase, count_if(flag) AS c, bool_and(flag) AS a, bool_or(flag) AS o, every(flag) AS e, some(flag) AS s, any(flag) AS y FROM bronze_reviews GROUP BY verified_purchase
-- static: max_by and min_by
SELECT verified_purchase, max_by(review_id, offset) AS hi, min_by(review_id, offset) AS lo, max_by(star_rating, review_id) AS s FROM bronze_reviews GROUP BY verified_purchase
-- static: first and last of sorted rows in one group
SELECT first(city) AS f, last(city) AS l, first(city, true) AS ff, last(city, true) AS ll, any_value(state) AS a FROM bronze_customers WHERE customer_id = 'c4'
-- static: standard deviation and variance
SELECT flag, round(stddev(tiny), 6) AS a, round(stddev_pop(tiny), 6) AS b, round(variance(small), 3) AS c, round(var_pop(small), 3) AS d FROM bronze_reviews GROUP BY flag
-- static: standard deviation of one row
SELECT stddev(cust_num) AS a, stddev_pop(cust_num) AS b, var_samp(cust_num) AS c FROM bronze_customers WHERE customer_id = 'c4'
-- static: GROUP BY an expression, an alias and an ordinal
SELECT upper(state) AS s, length(city) AS l, count(*) AS n FROM bronze_customers GROUP BY upper(state), l
-- static: GROUP BY ordinals
SELECT substring(customer_id, 1, 1) AS c, gender, count(*) FROM bronze_customers GROUP BY 1, 2
-- static: GROUP BY ALL
SELECT gender, state || 'x' AS s, count(*) AS n FROM bronze_customers GROUP BY ALL
-- static: an alias that is a column's name too
SELECT upper(gender) AS gender, count(*) AS n FROM bronze_customers GROUP BY gender
-- static: expressions over keys and aggregates
SELECT concat(state, '-', count(*)) AS x, sum(cust_num) * 2 + 1 AS y, CASE WHEN count(*) > 1 THEN 'many' ELSE 'one' END AS z FROM bronze_customers GROUP BY state
-- static: HAVING
SELECT state, count(*) AS n FROM bronze_customers GROUP BY state HAVING count(*) > 1 AND max(cust_num) < 100
-- static: HAVING by an alias
SELECT state, count(*) AS n FROM bronze_customers GROUP BY state HAVING n > 1
-- static: HAVING without GROUP BY
SELECT count(*) AS n FROM bronze_customers HAVING count(*) > 100
-- static: DISTINCT
SELECT DISTINCT gender, state FROM bronze_customers
-- static: DISTINCT of expressions
SELECT DISTINCT coalesce(state, '?') AS s, cust_num IS NULL AS u FROM bronze_customers
-- static: ROW_NUMBER, the newest row of each
SELECT review_id, customer_id FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY review_timestamp DESC, review_id) AS rn FROM bronze_reviews) WHERE rn = 1
-- static: ROW_NUMBER over all
SELECT customer_name, row_number() OVER (ORDER BY date_of_birth, customer_name) AS n FROM bronze_customers
-- static: ranks
SELECT customer_name, rank() OVER (ORDER BY state) AS r, dense_rank() OVER (ORDER BY state) AS d, percent_rank() OVER (ORDER BY state) AS p, cume_dist() OVER (ORDER BY state) AS c FROM bronze_customers
-- static: ranks within partitions, in both directions
SELECT review_id, rank() OVER (PARTITION BY verified_purchase ORDER BY star_rating DESC) AS r, dense_rank() OVER (PARTITION BY verified_purchase ORDER BY star_rating NULLS LAST, tiny DESC NULLS FIRST) AS d FROM bronze_reviews
-- static: NTILE
SELECT review_id, ntile(7) OVER (ORDER BY review_id) AS a, ntile(3) OVER (PARTITION BY verified_purchase ORDER BY review_id DESC) AS b, ntile(500) OVER (ORDER BY review_id) AS c FROM bronze_reviews
-- static: LAG and LEAD
SELECT review_id, lag(star_rating) OVER (ORDER BY review_id) AS a, lead(star_rating, 2) OVER (ORDER BY review_id) AS b, lag(star_rating, 3, -1) OVER (PARTITION BY flag ORDER BY review_id) AS c, lead(review_id, 1, customer_id) OVER (PARTITION BY flag ORDER BY review_id) AS d FROM bronze_reviews
-- static: LAG and LEAD past NULLs
SELECT review_id, lag(star_rating) IGNORE NULLS OVER (ORDER BY review_id) AS a, lead(star_rating, 2) IGNORE NULLS OVER (ORDER BY review_id) AS b FROM bronze_reviews
-- static: aggregates over partitions
SELECT review_id, count(*) OVER (PARTITION BY flag) AS n, sum(tiny) OVER (PARTITION BY flag) AS s, max(day) OVER (PARTITION BY flag, verified_purchase) AS d FROM bronze_reviews
-- static: running aggregates with ties
SELECT review_id, sum(tiny) OVER (ORDER BY star_rating) AS s, count(*) OVER (PARTITION BY flag ORDER BY star_rating DESC) AS n, min(tiny) OVER (ORDER BY star_rating) AS m FROM bronze_reviews
-- static: frames of rows
SELECT review_id, sum(tiny) OVER (ORDER BY review_id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS a, sum(tiny) OVER (ORDER BY review_id ROWS 3 PRECEDING) AS b, count(tiny) OVER (ORDER BY review_id ROWS BETWEEN 1 FOLLOWING AND 4 FOLLOWING) AS c, max(tiny) OVER (PARTITION BY flag ORDER BY review_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS d, sum(tiny) OVER (ORDER BY review_id ROWS BETWEEN UNBOUNDED PRECEDING AND 2 PRECEDING) AS e FROM bronze_reviews
-- static: frames of ranges
SELECT review_id, sum(tiny) OVER (ORDER BY star_rating RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS a, count(*) OVER (ORDER BY star_rating RANGE BETWEEN CURRENT ROW AND CURRENT ROW) AS b, sum(tiny) OVER (PARTITION BY flag ORDER BY star_rating RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS c FROM bronze_reviews
-- static: FIRST_VALUE, LAST_VALUE, NTH_VALUE
SELECT review_id, first_value(star_rating) OVER (PARTITION BY flag ORDER BY review_id) AS a, last_value(star_rating) OVER (PARTITION BY flag ORDER BY review_id) AS b, nth_value(star_rating, 2) OVER (PARTITION BY flag ORDER BY review_id) AS c, first_value(star_rating) IGNORE NULLS OVER (ORDER BY review_id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS d, last(star_rating, true) OVER (ORDER BY review_id) AS e FROM bronze_reviews
-- static: names of window functions without AS
SELECT customer_id, row_number() OVER (PARTITION BY state ORDER BY cust_num DESC, customer_name), sum(cust_num) OVER (PARTITION BY state), lag(city) OVER (ORDER BY customer_name), max(cust_num) OVER (ORDER BY cust_num ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM bronze_customers
-- static: a window over aggregates
SELECT state, count(*) AS n, rank() OVER (ORDER BY count(*) DESC) AS r, sum(sum(cust_num)) OVER (ORDER BY state) AS s FROM bronze_customers GROUP BY state
-- static: a window's result in an expression and in a name further on
SELECT customer_name, row_number() OVER (ORDER BY customer_name) * 10 AS n, n + 1 AS m FROM bronze_customers
-- static: a named window
SELECT review_id, sum(tiny) OVER w AS s, count(*) OVER (w) AS c FROM bronze_reviews WINDOW w AS (PARTITION BY flag ORDER BY review_id)
-- static: ORDER BY and LIMIT
SELECT customer_name, state FROM bronze_customers ORDER BY state DESC, customer_name LIMIT 4
-- static: ORDER BY an ordinal, an alias, NULLS and OFFSET
SELECT upper(city) AS c, cust_num FROM bronze_customers ORDER BY 1 NULLS LAST, cust_num DESC LIMIT 5 OFFSET 2
-- static: ORDER BY what is not selected
SELECT customer_name FROM bronze_customers ORDER BY cust_num DESC LIMIT 3
-- static: ORDER BY an aggregate
SELECT state FROM bronze_customers GROUP BY state ORDER BY count(*) DESC, state LIMIT 3
-- static: DISTINCT, ORDER BY and LIMIT
SELECT DISTINCT gender FROM bronze_customers ORDER BY gender DESC LIMIT 2
-- static: UNION ALL
SELECT customer_id, cust_num FROM bronze_customers WHERE gender = 'F' UNION ALL SELECT customer_id, star_rating FROM bronze_reviews WHERE flag
-- static: UNION
SELECT state FROM bronze_customers UNION SELECT verified_purchase FROM bronze_reviews UNION SELECT NULL
-- static: UNION of types
SELECT cust_num AS x, day AS y FROM bronze_reviews WHERE flag UNION ALL SELECT price, city FROM bronze_reviews CROSS JOIN (SELECT city FROM bronze_customers WHERE customer_id = 'c4')
-- static: INTERSECT and EXCEPT
SELECT customer_id FROM bronze_reviews INTERSECT SELECT customer_id FROM bronze_customers EXCEPT SELECT 'c1'
-- static: a set operation with ORDER BY and LIMIT
(SELECT customer_id FROM bronze_customers ORDER BY customer_id LIMIT 2) UNION ALL SELECT state FROM bronze_customers ORDER BY 1 DESC LIMIT 5
-- static: VALUES
SELECT * FROM VALUES (1, 'a', NULL), (2L, NULL, 1.5), (NULL, 'c', 2) AS t(x, y, z)
-- static: VALUES without names, as a query
SELECT col1 + 1 AS a, col2 FROM (VALUES (1, 'x'), (2, 'y'))
-- static: an inner join
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.star_rating > 2
-- static: a join by WHERE
SELECT r.review_id, c.city, v.label FROM bronze_reviews r, bronze_customers c, VALUES ('TX', 'Texas'), ('CA', 'California') AS v(code, label) WHERE r.customer_id = c.customer_id AND c.state = v.code AND r.flag
-- static: outer joins
SELECT r.review_id, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id AND c.gender = 'F'
-- static: a right join
SELECT r.review_id, c.customer_name FROM bronze_reviews r RIGHT JOIN bronze_customers c ON r.cust_num = c.cust_num AND r.star_rating > 3
-- static: a full join with USING
SELECT customer_id, count(review_id) AS n, max(customer_name) AS m FROM bronze_reviews FULL JOIN bronze_customers USING (customer_id) GROUP BY customer_id
-- static: semi and anti joins
SELECT customer_id FROM bronze_customers c LEFT SEMI JOIN bronze_reviews r ON c.customer_id = r.customer_id AND r.flag UNION ALL SELECT customer_name FROM bronze_customers c LEFT ANTI JOIN bronze_reviews r USING (customer_id)
-- static: a self join by a range
SELECT a.customer_id, b.customer_id AS other FROM bronze_customers a JOIN bronze_customers b ON a.state = b.state AND a.cust_num < b.cust_num
-- static: a null-safe join
SELECT a.customer_name, b.customer_name AS other FROM bronze_customers a JOIN bronze_customers b ON a.balance <=> b.balance AND a.gender = b.gender
-- static: a join without an equality
SELECT a.customer_name, count(*) AS n FROM bronze_customers a JOIN bronze_customers b ON a.cust_num >= b.cust_num OR b.cust_num IS NULL GROUP BY a.customer_name
-- static: keys of different types
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.cust_num AND r.price > c.balance
-- static: EXISTS, NOT EXISTS and IN
SELECT customer_id FROM bronze_customers c WHERE EXISTS (SELECT 1 FROM bronze_reviews r WHERE r.customer_id = c.customer_id AND r.star_rating > c.cust_num) AND NOT EXISTS (SELECT * FROM bronze_reviews r WHERE r.cust_num = c.cust_num AND r.flag) AND gender IN (SELECT max(gender) FROM bronze_customers WHERE state = 'TX')
-- static: IN a grouped query
SELECT customer_id, customer_name FROM bronze_customers WHERE customer_id IN (SELECT customer_id FROM bronze_reviews GROUP BY customer_id HAVING count(*) > 7)
-- static: a scalar subquery in SELECT and WHERE
SELECT customer_name, cust_num - (SELECT min(cust_num) FROM bronze_customers) AS d FROM bronze_customers WHERE cust_num < (SELECT avg(cust_num) FROM bronze_customers)
-- static: a scalar subquery in HAVING and beside aggregates
SELECT state, count(*) + (SELECT count(*) FROM bronze_customers) AS n FROM bronze_customers GROUP BY state HAVING count(*) >= (SELECT 2)
-- static: a scalar subquery of no rows
SELECT customer_id, (SELECT city FROM bronze_customers WHERE city = 'none') AS x FROM bronze_customers
-- static: WITH queries that build on each other
WITH per AS (SELECT customer_id, count(*) AS n, max(star_rating) AS best FROM bronze_reviews GROUP BY customer_id), top AS (SELECT *, rank() OVER (ORDER BY n DESC) AS r FROM per WHERE customer_id IS NOT NULL) SELECT c.customer_name, t.n, t.best, t.r FROM top t JOIN bronze_customers c USING (customer_id) WHERE t.r <= 5
-- static: a WITH query that is used twice
WITH p AS (SELECT state, count(*) AS n FROM bronze_customers GROUP BY state) SELECT a.state, b.state AS other FROM p a JOIN p b ON a.n = b.n AND a.state < b.state
-- static: names for a subquery's columns
SELECT x, y + 1 AS y FROM (SELECT state, count(*) FROM bronze_customers GROUP BY state) AS t(x, y)
-- static: no FROM
SELECT 1 AS a, 'x' AS b, NULL AS c, current_date IS NULL AS d UNION ALL SELECT 2, 'y', 'z', true
-- static: lists
SELECT customer_id, collect_list(customer_name) AS l, collect_set(state) AS s, array_agg(city) AS n FROM bronze_customers WHERE state = 'CA' OR customer_id = 'lonely' GROUP BY customer_id
-- static: lists without AS, and of no rows
SELECT collect_list(city), collect_set(city), array_agg(city) FROM bronze_customers WHERE city = 'none'
