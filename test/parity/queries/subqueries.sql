-- static: NOT IN
SELECT customer_id FROM bronze_customers WHERE customer_id NOT IN (SELECT customer_id FROM bronze_reviews WHERE customer_id IS NOT NULL)
-- static: NOT IN of a NULL
SELECT customer_id FROM bronze_customers WHERE customer_id NOT IN (SELECT customer_id FROM bronze_reviews)
-- static: NOT IN of nothing keeps NULL
SELECT customer_id FROM bronze_customers WHERE customer_id NOT IN (SELECT customer_id FROM bronze_reviews WHERE star_rating = 77)
-- static: NOT IN, written otherwise
SELECT customer_id FROM bronze_customers WHERE NOT customer_id IN (SELECT customer_id FROM bronze_reviews WHERE customer_id IS NOT NULL) AND NOT (state IN (SELECT 'CA' FROM bronze_customers) OR gender = 'F')
-- static: NOT IN of a grouped query
SELECT customer_id FROM bronze_customers WHERE cust_num NOT IN (SELECT max(cust_num) FROM bronze_reviews GROUP BY flag)
-- static: NOT IN of other types
SELECT customer_id, cust_num FROM bronze_customers WHERE cust_num NOT IN (SELECT price FROM bronze_reviews WHERE price IS NOT NULL)
-- static: a correlated NOT IN
SELECT customer_name FROM bronze_customers c WHERE cust_num NOT IN (SELECT star_rating FROM bronze_reviews r WHERE r.customer_id = c.customer_id)
-- static: a constant NOT IN and IN
SELECT customer_name FROM bronze_customers c WHERE 3 NOT IN (SELECT star_rating FROM bronze_reviews r WHERE r.customer_id = c.customer_id) AND 1 IN (SELECT 1) AND (2 NOT IN (SELECT 1) OR 1 IN (SELECT CAST(NULL AS int)))
-- static: IN of several columns
SELECT customer_name FROM bronze_customers WHERE (customer_id, cust_num) IN (SELECT customer_id, star_rating FROM bronze_reviews)
-- static: EXISTS and IN under OR
SELECT customer_name FROM bronze_customers c WHERE gender = 'F' OR customer_id IN (SELECT customer_id FROM bronze_reviews WHERE star_rating = 5) OR EXISTS (SELECT 1 FROM bronze_reviews r WHERE r.cust_num = c.cust_num AND r.flag)
-- static: NOT EXISTS and NOT IN under OR
SELECT customer_name FROM bronze_customers c WHERE cust_num = 1 OR NOT EXISTS (SELECT 1 FROM bronze_reviews r WHERE r.customer_id = c.customer_id) OR cust_num NOT IN (SELECT star_rating FROM bronze_reviews WHERE star_rating > 2)
-- static: IN under NOT and AND
SELECT customer_name FROM bronze_customers WHERE NOT (customer_id IN (SELECT customer_id FROM bronze_reviews) AND cust_num > 1)
-- static: EXISTS and IN in the select list and in CASE
SELECT customer_name, customer_id IN (SELECT customer_id FROM bronze_reviews WHERE flag) AS a, NOT EXISTS (SELECT 1 FROM bronze_reviews r WHERE r.customer_id <=> c.customer_id) AS b, CASE WHEN customer_id NOT IN (SELECT customer_id FROM bronze_reviews WHERE customer_id IS NOT NULL) THEN 'new' ELSE 'old' END AS d FROM bronze_customers c
-- static: names of subqueries without AS
SELECT customer_id IN (SELECT customer_id FROM bronze_reviews), cust_num NOT IN (SELECT star_rating FROM bronze_reviews r WHERE r.customer_id = c.customer_id), EXISTS (SELECT 1 FROM bronze_reviews r WHERE r.customer_id = c.customer_id), NOT EXISTS (SELECT 1 FROM bronze_reviews), (SELECT count(*) FROM bronze_reviews r WHERE upper(r.customer_id) = upper(c.customer_id) AND c.cust_num = r.cust_num), (SELECT 1) + 2 FROM bronze_customers c
-- static: HAVING with IN and EXISTS
SELECT state, count(*) AS n FROM bronze_customers GROUP BY state HAVING count(*) IN (SELECT 2 AS x) AND state NOT IN (SELECT 'CA' AS x) OR EXISTS (SELECT 1 FROM bronze_customers d WHERE d.cust_num > 100)
-- static: EXISTS that compares nothing, or the row around alone
SELECT customer_name FROM bronze_customers c WHERE EXISTS (SELECT 1 FROM bronze_reviews WHERE star_rating > 4) AND (gender = 'x' OR EXISTS (SELECT 1 FROM bronze_reviews r WHERE c.cust_num = 2))
-- static: a correlated scalar subquery
SELECT customer_name, (SELECT max(review_id) FROM bronze_reviews r WHERE r.customer_id = c.customer_id) AS last, (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id AND r.flag) AS n FROM bronze_customers c
-- static: a correlated scalar subquery in WHERE, ORDER BY and a window
SELECT customer_name, rank() OVER (ORDER BY (SELECT sum(star_rating) FROM bronze_reviews r WHERE r.cust_num = c.cust_num)) AS r FROM bronze_customers c WHERE (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id) < 10
-- static: what correlated aggregates of no rows are
SELECT customer_name, (SELECT coalesce(sum(star_rating), -1) + count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id) AS a, (SELECT collect_list(product_title) FROM bronze_reviews r WHERE r.customer_id = c.customer_id AND r.review_id = 'none') AS b, (SELECT count_if(flag) FROM bronze_reviews r WHERE r.customer_id = c.customer_id) AS d FROM bronze_customers c
-- static: a correlated scalar subquery with GROUP BY and HAVING
SELECT customer_name, (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id GROUP BY r.customer_id) AS a, (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id HAVING count(*) = 0) AS b, (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id HAVING count(*) > 7) AS d FROM bronze_customers c
-- static: correlated by several equalities, of expressions, null-safe, and by the row around alone
SELECT customer_name, (SELECT count(*) FROM bronze_reviews r WHERE lower(r.customer_id) = lower(c.customer_id) AND r.star_rating = c.cust_num + 1) AS a, (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id <=> c.customer_id) AS b, (SELECT max(review_id) FROM bronze_reviews r WHERE c.cust_num = 2) AS d FROM bronze_customers c
-- static: a correlated scalar subquery within an aggregate
SELECT state, sum((SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id)) AS n FROM bronze_customers c GROUP BY state
-- static: a subquery within a subquery
SELECT customer_name, (SELECT count(*) FROM bronze_reviews r WHERE r.customer_id = c.customer_id AND r.star_rating >= (SELECT avg(star_rating) FROM bronze_reviews)) AS n FROM bronze_customers c WHERE EXISTS (SELECT 1 FROM bronze_reviews r WHERE r.customer_id = c.customer_id AND r.star_rating IN (SELECT cust_num FROM bronze_customers))
-- static: a correlated subquery over a join and a WITH query
WITH f AS (SELECT * FROM bronze_reviews WHERE flag) SELECT customer_name, (SELECT max(d.city) FROM f JOIN bronze_customers d ON f.customer_id = d.customer_id WHERE f.cust_num = c.cust_num) AS x FROM bronze_customers c
-- static: conditions of a join beside NOT IN
SELECT r.review_id, c.customer_name FROM bronze_reviews r, bronze_customers c WHERE r.customer_id = c.customer_id AND c.cust_num NOT IN (SELECT 1 AS x) AND r.star_rating > 3
-- same: reviews: NOT IN a subquery
SELECT review_id, customer_id FROM bronze_reviews WHERE customer_id NOT IN (SELECT customer_id FROM bronze_customers WHERE customer_id IS NOT NULL)
-- same: reviews: NOT IN a subquery with a NULL
SELECT review_id, customer_id FROM bronze_reviews WHERE customer_id NOT IN (SELECT customer_id FROM bronze_customers)
-- same: reviews: NOT IN an empty subquery
SELECT review_id, customer_id FROM bronze_reviews WHERE customer_id NOT IN (SELECT customer_id FROM bronze_customers WHERE state = 'none')
-- same: reviews: NOT IN a grouped subquery, with other conditions
SELECT review_id FROM bronze_reviews r WHERE star_rating NOT IN (SELECT count(*) FROM bronze_customers GROUP BY state) AND flag
-- same: reviews: a correlated NOT IN
SELECT review_id FROM bronze_reviews r WHERE star_rating NOT IN (SELECT cust_num FROM bronze_customers c WHERE c.customer_id = r.customer_id)
-- same: reviews: NOT IN behind a join
SELECT r.review_id, c.city FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id WHERE c.state NOT IN (SELECT state FROM bronze_customers WHERE gender = 'F' AND state IS NOT NULL)
-- same: reviews: IN and EXISTS under OR
SELECT review_id FROM bronze_reviews r WHERE star_rating = 1 OR customer_id IN (SELECT customer_id FROM bronze_customers WHERE gender = 'F') OR EXISTS (SELECT 1 FROM bronze_customers c WHERE c.cust_num = r.cust_num AND c.state = 'TX')
-- same: reviews: NOT IN and NOT EXISTS under OR
SELECT review_id FROM bronze_reviews r WHERE star_rating = 1 OR customer_id NOT IN (SELECT customer_id FROM bronze_customers WHERE customer_id > 'c1') OR NOT EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id)
-- same: reviews: IN under NOT
SELECT review_id FROM bronze_reviews r WHERE NOT (flag AND customer_id IN (SELECT customer_id FROM bronze_customers WHERE gender = 'F'))
-- same: reviews: IN and EXISTS in the select list
SELECT review_id, customer_id IN (SELECT customer_id FROM bronze_customers WHERE gender = 'F') AS f, EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id) AS known, CASE WHEN star_rating NOT IN (SELECT cust_num FROM bronze_customers WHERE cust_num IS NOT NULL) THEN 'x' END AS x FROM bronze_reviews r
-- same: reviews: names of subqueries without AS
SELECT review_id, customer_id IN (SELECT customer_id FROM bronze_customers), EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id), (SELECT count(*) FROM bronze_customers c WHERE c.customer_id = r.customer_id) FROM bronze_reviews r
-- same: reviews: a correlated scalar subquery
SELECT review_id, (SELECT max(customer_name) FROM bronze_customers c WHERE c.customer_id = r.customer_id) AS name, (SELECT count(*) FROM bronze_customers c WHERE c.customer_id = r.customer_id AND c.gender = 'F') AS n FROM bronze_reviews r
-- same: reviews: a correlated scalar subquery in WHERE
SELECT review_id FROM bronze_reviews r WHERE star_rating > (SELECT avg(cust_num) FROM bronze_customers c WHERE c.customer_id = r.customer_id) OR (SELECT count(*) FROM bronze_customers c WHERE c.customer_id = r.customer_id) = 0
-- same: reviews: a correlated scalar subquery by a column of another dimension
SELECT r.review_id, c.city, (SELECT count(*) FROM bronze_customers d WHERE d.state = c.state AND d.gender <=> c.gender) AS n FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id
-- same: reviews: IN of several columns
SELECT review_id FROM bronze_reviews r WHERE (customer_id, star_rating) IN (SELECT customer_id, cust_num FROM bronze_customers)
-- same: reviews: a static query with NOT IN as a dimension
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN (SELECT * FROM bronze_customers WHERE state NOT IN (SELECT 'CA' AS x) OR cust_num IN (SELECT 1 AS x)) c ON r.customer_id = c.customer_id
-- same: reviews: EXISTS that compares nothing
SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers WHERE state = 'CA') AND NOT EXISTS (SELECT 1 FROM bronze_customers WHERE state = 'none')
-- same: reviews: EXISTS with a subquery in it
SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id AND c.cust_num >= (SELECT avg(cust_num) FROM bronze_customers) AND c.state NOT IN (SELECT 'CA' AS x))
-- same: reviews: EXISTS that compares the review alone
SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE r.star_rating = 2) OR star_rating = 1
-- static: IN of what the subquery does not read
SELECT customer_name FROM bronze_customers c WHERE cust_num = 1 OR cust_num IN (SELECT 2 AS x FROM bronze_reviews) OR (cust_num NOT IN (SELECT 3 AS x FROM bronze_reviews) AND gender = 'F') OR cust_num NOT IN (SELECT CAST(NULL AS int) AS x FROM bronze_reviews)
