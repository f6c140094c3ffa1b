-- static: LATERAL VIEW over a static table
SELECT customer_id, w.word FROM bronze_customers LATERAL VIEW explode(split(customer_name, ' ')) w AS word
-- static: LATERAL VIEW OUTER, two of them, and a condition
SELECT customer_name, p, word, k FROM bronze_customers LATERAL VIEW OUTER posexplode(split(city, ' ')) w AS p, word LATERAL VIEW explode(array(1, cust_num)) n AS k WHERE k IS NULL OR k < 5
-- static: EXPLODE in a select list
SELECT review_id, explode(tags) AS tag FROM bronze_reviews
-- static: EXPLODE_OUTER, POSEXPLODE and names without AS
SELECT review_id, posexplode_outer(tags) FROM bronze_reviews WHERE flag
-- static: STACK and INLINE
SELECT customer_id, stack(2, 'a', cust_num, 'b', -cust_num) AS (k, v) FROM bronze_customers
-- static: rows of maps
SELECT customer_id, k, v FROM bronze_customers LATERAL VIEW explode(map('x', cust_num, 'y', 2)) m AS k, v
-- static: groups and windows over rows that are made
SELECT word, count(*) AS n, rank() OVER (ORDER BY count(*) DESC) AS r FROM (SELECT explode(split(customer_name, ' ')) AS word FROM bronze_customers) GROUP BY word
-- static: rows of a group's list
SELECT state, name FROM (SELECT state, sort_array(collect_list(customer_name)) AS names FROM bronze_customers GROUP BY state) LATERAL VIEW explode(names) t AS name
-- static: rows of a constant
SELECT explode(array(3, 1, 2)) AS x ORDER BY x DESC LIMIT 2
-- same: rows of a dimension, joined
SELECT r.review_id, c.word FROM bronze_reviews r JOIN (SELECT customer_id, explode(split(customer_name, ' ')) AS word FROM bronze_customers) c ON r.customer_id = c.customer_id
-- same: rows of a dimension by LATERAL VIEW, left-joined
SELECT r.review_id, c.p, c.word FROM bronze_reviews r LEFT JOIN (SELECT customer_id, p, word FROM bronze_customers LATERAL VIEW OUTER posexplode(split(city, ' ')) w AS p, word) c ON r.customer_id = c.customer_id AND c.p < r.star_rating
