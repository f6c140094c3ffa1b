-- static: PIVOT
SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (sum(cust_num) FOR gender IN ('F', 'M'))
-- static: PIVOT by several aggregates, with names and a NULL
SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (sum(cust_num) AS s, count(*) FOR gender IN ('F' AS women, 'M', NULL))
-- static: PIVOT by several columns
SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (max(cust_num) FOR (gender, state) IN (('F', 'CA') AS fca, ('M', 'TX')))
-- static: PIVOT with an expression over an aggregate
SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (max(cust_num) + 1 AS m, bool_or(cust_num > 2) AS b FOR gender IN ('F', 'M'))
-- static: PIVOT of text, in which counts of nothing are 0
SELECT * FROM (SELECT state, gender, cust_num, city FROM bronze_customers) PIVOT (max(city) AS c, count(*) AS n, avg(cust_num) FOR gender IN ('F', 'zz'))
-- static: PIVOT into lists
SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (sort_array(collect_list(cust_num)) AS l FOR gender IN ('F', 'M'))
-- static: PIVOT by values that are cast
SELECT * FROM (SELECT star_rating, price, flag FROM bronze_reviews) PIVOT (count(price) FOR star_rating IN (1, '2', 5 AS five, -1, 4.7, 1 + 2))
-- static: PIVOT by days and booleans
SELECT * FROM (SELECT verified_purchase, day, flag FROM bronze_reviews) PIVOT (count(*) AS n FOR (day, flag) IN ((DATE '2014-01-05', true), (DATE '2014-01-05', false) AS f))
-- static: PIVOT with FILTER and DISTINCT
SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (sum(cust_num) FILTER (WHERE cust_num > 2) AS s, count(DISTINCT cust_num) AS d FOR gender IN ('F', 'M'))
-- static: PIVOT of no rows
SELECT * FROM (SELECT gender, cust_num FROM bronze_customers WHERE gender = 'zz') PIVOT (sum(cust_num) FOR gender IN ('F', 'M'))
-- static: PIVOT of a join, with clauses behind it
SELECT state, f + 1 AS x FROM (SELECT c.state, c.gender, r.star_rating FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id) PIVOT (count(star_rating) FOR gender IN ('F' AS f)) WHERE f > 1 ORDER BY state DESC LIMIT 2
-- same: PIVOT as a dimension
SELECT r.review_id, c.state, p.F, p.M FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id LEFT JOIN (SELECT * FROM (SELECT state, gender, cust_num FROM bronze_customers) PIVOT (count(*) FOR gender IN ('F', 'M'))) p ON p.state = c.state
