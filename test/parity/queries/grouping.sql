-- static: ROLLUP
SELECT gender, state, count(*) AS n, sum(cust_num) AS s FROM bronze_customers GROUP BY ROLLUP(gender, state)
-- static: CUBE
SELECT gender, state, count(*) AS n FROM bronze_customers GROUP BY CUBE(gender, state)
-- static: GROUPING SETS
SELECT gender, state, count(*) AS n, max(cust_num) AS m FROM bronze_customers GROUP BY GROUPING SETS ((gender, state), state, ())
-- static: WITH ROLLUP and WITH CUBE
SELECT gender, state, count(*) AS n FROM bronze_customers GROUP BY gender, state WITH ROLLUP UNION ALL SELECT gender, state, -count(*) FROM bronze_customers GROUP BY gender, state WITH CUBE
-- static: GROUPING SETS behind the keys
SELECT gender, state, count(*) AS n FROM bronze_customers GROUP BY state, gender GROUPING SETS ((gender), (state, gender), gender)
-- static: GROUPING and GROUPING_ID
SELECT gender, state, grouping(gender) AS g, grouping(state) AS s, grouping_id() AS i, grouping_id(gender, state) AS j, count(*) AS n FROM bronze_customers GROUP BY CUBE(gender, state)
-- static: names of GROUPING without AS
SELECT grouping(state), GROUPING_ID(), grouping_id(state), count(DISTINCT gender) FROM bronze_customers GROUP BY ROLLUP(state)
-- static: GROUPING in HAVING, ORDER BY and expressions
SELECT CASE WHEN grouping(state) = 1 THEN 'all' ELSE state END AS s, count(*) AS n FROM bronze_customers GROUP BY ROLLUP(state) HAVING grouping_id() = 1 OR count(*) > 1 ORDER BY grouping_id() DESC, n DESC, s LIMIT 3
-- static: keys beside ROLLUP, and composite ones
SELECT verified_purchase AS v, flag, star_rating AS r, count(*) AS n, grouping_id() AS i FROM bronze_reviews GROUP BY verified_purchase, ROLLUP((flag, star_rating), verified_purchase)
-- static: ROLLUP and CUBE within GROUPING SETS
SELECT flag, verified_purchase, star_rating, count(*) AS n, grouping_id() AS i FROM bronze_reviews GROUP BY GROUPING SETS (ROLLUP(flag, verified_purchase), CUBE(star_rating, flag), (verified_purchase))
-- static: two of them
SELECT flag, verified_purchase, count(*) AS n FROM bronze_reviews GROUP BY ROLLUP(flag), CUBE(verified_purchase)
-- static: expressions, ordinals and aliases as keys of ROLLUP
SELECT upper(gender) AS g, substring(state, 1, 1) AS s, count(*) AS n FROM bronze_customers GROUP BY ROLLUP(1, s)
-- static: an expression over a key that is rolled up
SELECT cust_num % 3 + 1 AS k, coalesce(gender, '?') AS g, count(cust_num) AS n FROM bronze_customers GROUP BY CUBE(cust_num % 3, gender)
-- static: an aggregate of a key
SELECT state, count(state) AS n, max(state) AS m, sort_array(collect_set(state)) AS c FROM bronze_customers GROUP BY ROLLUP(state)
-- static: ROLLUP of no rows
SELECT state, count(*) AS n FROM bronze_customers WHERE state = 'none' GROUP BY ROLLUP(state)
-- static: the empty grouping of no rows
SELECT count(*) AS n FROM bronze_customers WHERE state = 'none' GROUP BY GROUPING SETS (())
-- static: filters and distinct aggregates of ROLLUP
SELECT state, count(*) FILTER (WHERE gender = 'F') AS f, count(DISTINCT gender) AS d FROM bronze_customers GROUP BY ROLLUP(state)
-- static: a window over ROLLUP
SELECT state, count(*) AS n, rank() OVER (PARTITION BY grouping(state) ORDER BY count(*) DESC) AS r FROM bronze_customers GROUP BY ROLLUP(state)
-- static: floats as keys of CUBE
SELECT score, ratio, count(*) AS n FROM bronze_reviews GROUP BY CUBE(score, ratio)
-- same: subtotals as a dimension
SELECT r.review_id, c.state, t.n AS of_state, a.n AS of_all FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id LEFT JOIN (SELECT state, count(*) AS n, grouping(state) AS g FROM bronze_customers GROUP BY ROLLUP(state)) t ON t.state = c.state AND t.g = 0 LEFT JOIN (SELECT count(*) AS n, grouping_id() AS g FROM bronze_customers GROUP BY CUBE(gender, state)) a ON a.g = 3 AND r.star_rating >= 1 AND a.n > r.star_rating
