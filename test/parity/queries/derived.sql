-- same: the newest row of each customer
WITH ranked AS (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY date_of_birth DESC, customer_name) AS rn FROM bronze_customers) SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN ranked c ON r.customer_id = c.customer_id WHERE c.rn = 1
-- same: the newest row, filtered in a subquery
SELECT r.review_id, c.* FROM bronze_reviews r LEFT JOIN (SELECT customer_name, city, customer_id AS id FROM (SELECT *, rank() OVER (PARTITION BY customer_id ORDER BY customer_name DESC) AS n FROM bronze_customers) WHERE n = 1) c ON r.customer_id = c.id
-- same: distinct customers
SELECT r.review_id, c.state FROM bronze_reviews r JOIN (SELECT DISTINCT customer_id, state FROM bronze_customers) c USING (customer_id)
-- same: a count for each state, looked up by the customer's
SELECT r.review_id, c.state, s.n, s.best FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id LEFT JOIN (SELECT state, count(*) AS n, max(customer_name) AS best FROM bronze_customers GROUP BY state) s ON s.state = c.state
-- same: groups with HAVING, joined with USING
SELECT review_id, n FROM bronze_reviews JOIN (SELECT customer_id, count(*) AS n, sum(balance) AS b FROM bronze_customers GROUP BY customer_id HAVING count(*) > 1) USING (customer_id)
-- same: IN a grouped subquery
SELECT review_id FROM bronze_reviews WHERE customer_id IN (SELECT customer_id FROM bronze_customers GROUP BY customer_id HAVING max(cust_num) < 4)
-- same: EXISTS over a WITH query with a window
WITH n AS (SELECT customer_id, row_number() OVER (ORDER BY customer_name) AS n FROM bronze_customers) SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM n WHERE n.customer_id = r.customer_id AND n.n > r.star_rating)
-- same: NOT EXISTS over distinct rows
SELECT review_id FROM bronze_reviews r WHERE NOT EXISTS (SELECT 1 FROM (SELECT DISTINCT customer_id, gender FROM bronze_customers) c WHERE c.customer_id = r.customer_id AND c.gender = 'F')
-- same: a union of tables
SELECT r.review_id, u.label FROM bronze_reviews r JOIN (SELECT customer_id, customer_name AS label FROM bronze_customers WHERE gender = 'F' UNION ALL SELECT customer_id, city FROM bronze_customers WHERE gender = 'M') u ON r.customer_id = u.customer_id
-- same: an outer join of static tables
SELECT r.review_id, x.customer_name, x.n FROM bronze_reviews r LEFT JOIN (SELECT c.customer_id, c.customer_name, s.n FROM bronze_customers c LEFT JOIN (SELECT state, count(*) AS n FROM bronze_customers GROUP BY state) s ON c.state = s.state) x ON r.customer_id = x.customer_id
-- same: a query that is joined twice
WITH s AS (SELECT state, count(*) AS n FROM bronze_customers GROUP BY state) SELECT r.review_id, a.n, b.n AS m FROM bronze_reviews r JOIN bronze_customers c USING (customer_id) LEFT JOIN s a ON c.state = a.state LEFT JOIN s b ON upper(substring(c.city, 1, 1)) || 'X' = b.state
-- same: the first of an order
SELECT r.review_id, t.customer_name FROM bronze_reviews r JOIN (SELECT * FROM bronze_customers WHERE customer_id IS NOT NULL ORDER BY cust_num DESC, customer_name LIMIT 5) t ON t.customer_id = r.customer_id
-- same: a scalar subquery in SELECT and WHERE
SELECT review_id, star_rating - (SELECT min(cust_num) FROM bronze_customers) AS d, (SELECT count(*) FROM bronze_customers) AS n FROM bronze_reviews WHERE star_rating >= (SELECT avg(cust_num) FROM bronze_customers WHERE cust_num < 10)
-- same: a scalar subquery of no rows
SELECT review_id, (SELECT city FROM bronze_customers WHERE city = 'none') AS c FROM bronze_reviews
-- same: keys that are computed
SELECT r.review_id, s.n FROM bronze_reviews r JOIN (SELECT lower(customer_id) AS id, count(*) AS n FROM bronze_customers GROUP BY lower(customer_id)) s ON lower(r.customer_id) = s.id AND s.n < r.star_rating
