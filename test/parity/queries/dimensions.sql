-- same: two dimensions
SELECT r.review_id, c.customer_name, p.sku, p.kind FROM bronze_reviews r
JOIN bronze_customers c ON r.customer_id = c.customer_id JOIN bronze_products p ON r.product_title = p.product_title

-- same: three dimensions, the third by a key of the second
SELECT r.review_id, c.city, p.sku, m.maker FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
JOIN bronze_products p ON p.product_title = r.product_title JOIN bronze_makers m ON m.maker_id = p.maker_id

-- same: left joins in a chain
SELECT r.review_id, p.sku, m.maker, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_products p ON r.product_title = p.product_title
LEFT JOIN bronze_makers m ON p.maker_id = m.maker_id LEFT JOIN bronze_customers c ON m.owner = c.customer_id

-- same: a left join, then an inner one by its key
SELECT r.review_id, p.sku, m.maker FROM bronze_reviews r LEFT JOIN bronze_products p ON r.product_title = p.product_title
JOIN bronze_makers m ON p.maker_id = m.maker_id

-- same: an inner join, then a left one by its key
SELECT r.review_id, p.sku, m.maker FROM bronze_reviews r JOIN bronze_products p ON r.product_title = p.product_title
LEFT JOIN bronze_makers m ON p.maker_id = m.maker_id

-- same: a semi join behind an inner one
SELECT r.review_id, c.city FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
LEFT SEMI JOIN bronze_products p ON r.product_title = p.product_title

-- same: an anti join by a key of the dimension before
SELECT r.review_id, p.sku FROM bronze_reviews r JOIN bronze_products p ON r.product_title = p.product_title
LEFT ANTI JOIN bronze_makers m ON p.maker_id = m.maker_id

-- same: an anti join before an inner one
SELECT r.review_id, p.sku FROM bronze_reviews r LEFT ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id
JOIN bronze_products p ON r.product_title = p.product_title

-- same: two EXISTS and an IN
SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id)
AND NOT EXISTS (SELECT 1 FROM bronze_products p WHERE p.product_title = r.product_title) AND cust_num IN (SELECT cust_num FROM bronze_customers)

-- same: EXISTS over a second dimension by a key of the first
SELECT r.review_id, p.sku FROM bronze_reviews r JOIN bronze_products p ON r.product_title = p.product_title
WHERE EXISTS (SELECT * FROM bronze_makers m WHERE m.maker_id = p.maker_id AND m.country = 'DE')

-- same: a comma join with all equalities in WHERE
SELECT r.review_id, c.city, p.sku, m.maker FROM bronze_reviews r, bronze_customers c, bronze_products p, bronze_makers m
WHERE r.customer_id = c.customer_id AND p.maker_id = m.maker_id AND r.product_title = p.product_title AND r.star_rating > 1

-- same: a comma join whose dimensions come first
SELECT m.maker, p.sku, r.review_id FROM bronze_makers m, bronze_products p, bronze_reviews r
WHERE m.maker_id = p.maker_id AND p.product_title = r.product_title

-- same: dimensions joined with each other, then with the reviews
SELECT r.review_id, p.sku, m.maker FROM bronze_products p JOIN bronze_makers m ON p.maker_id = m.maker_id
JOIN bronze_reviews r ON r.product_title = p.product_title

-- same: dimensions joined with each other in parentheses
SELECT r.review_id, p.sku, m.maker FROM bronze_reviews r JOIN (bronze_products p JOIN bronze_makers m ON p.maker_id = m.maker_id)
ON r.product_title = p.product_title

-- same: dimensions joined with each other in a subquery
SELECT r.review_id, d.* FROM bronze_reviews r JOIN (
  SELECT p.product_title AS title, p.sku, upper(m.maker) AS maker FROM bronze_products p JOIN bronze_makers m USING (maker_id) WHERE m.country = 'US' OR p.sku > 1
) d ON r.product_title = d.title

-- same: a join in a subquery, then another
SELECT j.review_id, j.city, p.sku FROM (
  SELECT r.review_id, r.product_title, c.city FROM bronze_reviews r JOIN bronze_customers c USING (customer_id) WHERE c.state = 'CA'
) j LEFT JOIN bronze_products p ON j.product_title = p.product_title

-- same: joins in WITH queries, one on the other
WITH known AS (SELECT r.*, c.city FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id),
  sold AS (SELECT known.review_id, known.city, p.sku, p.maker_id FROM known JOIN bronze_products p ON known.product_title = p.product_title)
SELECT sold.*, m.maker FROM sold LEFT JOIN bronze_makers m ON sold.maker_id = m.maker_id

-- same: one dimension twice
SELECT r.review_id, a.customer_name AS writer, b.customer_name AS other FROM bronze_reviews r
JOIN bronze_customers a ON r.customer_id = a.customer_id LEFT JOIN bronze_customers b ON r.cust_num = b.cust_num

-- same: one dimension twice, the second by a key of the first
SELECT r.review_id, a.maker, b.maker AS next FROM bronze_reviews r JOIN bronze_makers a ON r.cust_num * 10 = a.maker_id
LEFT JOIN bronze_makers b ON a.maker_id + 10 = b.maker_id

-- same: one WITH query twice
WITH people AS (SELECT customer_id AS id, cust_num AS num, upper(customer_name) AS name FROM bronze_customers WHERE gender IS NOT NULL)
SELECT r.review_id, a.name, b.name AS other FROM bronze_reviews r LEFT JOIN people a ON r.customer_id = a.id LEFT JOIN people b ON r.cust_num = b.num

-- same: a dimension joined, and asked for again by EXISTS
SELECT r.review_id, c.city FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
WHERE EXISTS (SELECT 1 FROM bronze_customers d WHERE d.cust_num = r.cust_num AND d.state = c.state)

-- same: two equalities as one key
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.cust_num = c.cust_num

-- same: two equalities as one key, in USING
SELECT * FROM bronze_reviews JOIN bronze_customers USING (customer_id, cust_num)

-- same: a natural join on two columns
SELECT * FROM bronze_reviews NATURAL JOIN bronze_customers

-- same: a natural left join on two columns
SELECT review_id, customer_id, customer_name FROM bronze_reviews NATURAL LEFT JOIN bronze_customers

-- same: a key of a review's column and one of a dimension's
SELECT r.review_id, c.city, p.sku FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
LEFT JOIN bronze_products p ON p.product_title = r.product_title AND p.state = c.state

-- same: a key of different types
SELECT r.review_id, m.maker FROM bronze_reviews r JOIN bronze_makers m ON r.raw = m.maker_id OR r.raw = m.country

-- same: a key of three parts with expressions
SELECT r.review_id, p.sku FROM bronze_reviews r LEFT JOIN bronze_products p
ON lower(r.product_title) = lower(p.product_title) AND r.price = p.price AND year(r.day) = year(p.listed)

-- same: a null-safe key
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id <=> c.customer_id

-- same: a null-safe key and another
SELECT r.review_id, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id <=> c.customer_id AND r.cust_num = c.cust_num

-- same: two null-safe keys
SELECT r.review_id, p.sku FROM bronze_reviews r JOIN bronze_products p ON r.product_title <=> p.product_title AND r.price <=> p.price

-- same: a null-safe key behind a left join
SELECT r.review_id, p.sku, m.maker FROM bronze_reviews r LEFT JOIN bronze_products p ON r.product_title = p.product_title
LEFT JOIN bronze_makers m ON p.maker_id <=> m.maker_id

-- same: null-safe keys in a semi and an anti join
SELECT review_id FROM bronze_reviews r LEFT SEMI JOIN bronze_customers c ON r.customer_id <=> c.customer_id
LEFT ANTI JOIN bronze_products p ON r.product_title <=> p.product_title

-- same: IS NOT DISTINCT FROM as a key
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id IS NOT DISTINCT FROM c.customer_id

-- same: an equality with OR and a range behind it
SELECT r.review_id, p.sku, p.state FROM bronze_reviews r JOIN bronze_products p ON r.product_title = p.product_title AND (p.sku > 2 OR r.star_rating < p.sku)

-- same: a range alone
SELECT r.review_id, b.label FROM bronze_reviews r JOIN bronze_bands b ON r.star_rating BETWEEN b.low AND b.high

-- same: a range alone, left
SELECT r.review_id, b.label FROM bronze_reviews r LEFT JOIN bronze_bands b ON r.star_rating >= b.low AND r.star_rating < b.high

-- same: a range alone, semi
SELECT r.review_id FROM bronze_reviews r LEFT SEMI JOIN bronze_bands b ON r.star_rating BETWEEN b.low AND b.high

-- same: a range alone, anti
SELECT r.review_id FROM bronze_reviews r LEFT ANTI JOIN bronze_bands b ON r.star_rating BETWEEN b.low AND b.high

-- same: a range alone, in WHERE
SELECT r.review_id, b.label FROM bronze_reviews r CROSS JOIN bronze_bands b WHERE r.star_rating BETWEEN b.low AND coalesce(b.high, 9)

-- same: EXISTS with a range
SELECT r.review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_bands b WHERE r.star_rating > b.low AND b.label LIKE '%o%')

-- same: a range behind an equality
SELECT r.review_id, c.city, b.label FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
LEFT JOIN bronze_bands b ON r.star_rating BETWEEN b.low AND b.high AND c.state <> 'TX'

-- same: OR alone
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id OR r.cust_num = c.cust_num

-- same: unlike alone
SELECT r.review_id, b.label FROM bronze_reviews r LEFT JOIN bronze_bands b ON r.star_rating <> b.low

-- same: a dimension without rows, inner
SELECT r.review_id, e.label FROM bronze_reviews r JOIN bronze_empty e ON r.star_rating = e.low

-- same: a dimension without rows, left, and then another
SELECT r.review_id, e.label, c.city FROM bronze_reviews r LEFT JOIN bronze_empty e ON r.star_rating = e.low
LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: a dimension without rows, anti and by a range
SELECT r.review_id FROM bronze_reviews r LEFT ANTI JOIN bronze_empty e ON r.star_rating BETWEEN e.low AND e.high

-- same: VALUES
SELECT r.review_id, v.label FROM bronze_reviews r JOIN (VALUES (1, 'one'), (5, 'five'), (NULL, 'none'), (5, NULL)) AS v(id, label) ON r.star_rating = v.id

-- same: VALUES without names, left
SELECT r.review_id, col2 FROM bronze_reviews r LEFT JOIN VALUES ('c1', 1.50), ('c2', 2), ('c2', NULL) ON r.customer_id = col1

-- same: VALUES of many types
SELECT r.review_id, v.* FROM bronze_reviews r LEFT JOIN (
  SELECT * FROM VALUES (1, 2.5, DATE'2014-01-05', true, CAST(7 AS bigint), NULL), (2L, 1e3, NULL, false, 8, 'x') AS t(id, n, d, b, big, s)
) v ON r.cust_num = v.id

-- same: VALUES in a WITH query and in IN
WITH wanted(state) AS (VALUES ('TX'), ('CA'))
SELECT r.review_id, c.state FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id
WHERE c.state IN (SELECT state FROM wanted)

-- same: VALUES as a range
SELECT r.review_id, v.label FROM bronze_reviews r JOIN (VALUES (0, 2, 'low'), (3, 5, 'high')) v(a, z, label) ON r.star_rating BETWEEN v.a AND v.z

-- same: a partition column of a dimension as key and output
SELECT r.review_id, p.kind, p.sku FROM bronze_reviews r JOIN bronze_products p ON r.small = p.kind

-- same: expressions over three relations
SELECT r.review_id, concat_ws('/', c.customer_name, p.sku, m.maker) AS names, coalesce(p.price, r.price) AS price,
  CASE WHEN c.state = p.state THEN 'same' ELSE 'other' END AS place FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id
LEFT JOIN bronze_products p ON r.product_title = p.product_title LEFT JOIN bronze_makers m ON m.maker_id = p.maker_id

-- same: conditions over several dimensions in WHERE
SELECT r.review_id, c.city, p.sku FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id
LEFT JOIN bronze_products p ON r.product_title = p.product_title
WHERE (c.state IS NULL OR p.state IS NULL OR c.state <> p.state) AND r.star_rating IS NOT NULL AND (p.sku IS NULL OR p.sku < 9)

-- same: constants of subqueries behind left joins
SELECT r.review_id, a.has AS has_customer, b.has AS has_product FROM bronze_reviews r
LEFT JOIN (SELECT customer_id, 'yes' AS has FROM bronze_customers) a ON r.customer_id = a.customer_id
LEFT JOIN (SELECT product_title, 1 AS has FROM bronze_products) b ON r.product_title = b.product_title

-- same: star of everything with USING twice
SELECT * FROM bronze_reviews JOIN (SELECT customer_id, city FROM bronze_customers) USING (customer_id)
LEFT JOIN (SELECT product_title, sku FROM bronze_products) USING (product_title)

-- same: right joins with the reviews on the right
SELECT r.review_id, c.city, p.sku FROM bronze_products p RIGHT JOIN (bronze_customers c RIGHT JOIN bronze_reviews r ON c.customer_id = r.customer_id)
ON p.product_title = r.product_title

-- same: a dimension in a subquery with its own conditions, left
SELECT r.review_id, m.maker FROM bronze_reviews r LEFT JOIN (SELECT * FROM bronze_makers WHERE country IS NOT NULL) m ON r.cust_num * 10 = m.maker_id

-- same: four joins of one review's columns
SELECT r.review_id, c.city, p.sku, b.label, v.n FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id
LEFT JOIN bronze_products p ON r.product_title = p.product_title LEFT JOIN bronze_bands b ON r.star_rating = b.low
LEFT JOIN (VALUES (true, 1), (false, 2)) v(flag, n) ON r.flag = v.flag

-- same: a full join of dimensions
SELECT r.review_id, p.sku FROM bronze_products p FULL JOIN bronze_makers m ON p.maker_id = m.maker_id JOIN bronze_reviews r ON r.product_title = p.product_title

-- refused here: a second dimension without a condition
SELECT r.review_id, p.sku FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id CROSS JOIN bronze_products p
