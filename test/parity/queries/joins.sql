-- same: every review with its customer
SELECT r.review_id, r.customer_id, c.customer_name, c.gender, c.date_of_birth, c.city, c.state
FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: r.* and five customer columns
SELECT r.*, c.customer_name, c.gender, c.date_of_birth, c.city, c.state
FROM bronze_reviews AS r INNER JOIN bronze_customers AS c ON r.customer_id = c.customer_id

-- same: customers first, without aliases
SELECT bronze_reviews.review_id, customer_name FROM bronze_customers JOIN bronze_reviews
ON bronze_customers.customer_id = bronze_reviews.customer_id;

-- same: left join keeps orphans and reviews without a key
SELECT r.review_id, r.customer_id, c.customer_id AS found, c.customer_name, c.balance
FROM bronze_reviews r LEFT OUTER JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: right join with the reviews on the right
SELECT r.review_id, c.customer_name FROM bronze_customers c RIGHT JOIN bronze_reviews r ON c.customer_id = r.customer_id

-- same: left join with a condition on reviews in ON
SELECT r.review_id, c.customer_name
FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.verified_purchase = 'Y'

-- same: left join with a condition on customers in ON
SELECT r.review_id, c.customer_name
FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id AND c.state = 'CA' AND c.gender IS NOT NULL

-- same: left join with a condition on customers in WHERE
SELECT r.review_id, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id
WHERE c.state <> 'CA' OR c.state IS NULL

-- same: left join that looks for the unmatched
SELECT r.review_id FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id WHERE c.customer_id IS NULL

-- same: left join with a condition on both sides
SELECT r.review_id, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_customers c
ON r.customer_id = c.customer_id AND length(r.product_title) > length(c.customer_name)

-- same: inner join with conditions on both sides in ON and WHERE
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c
ON r.customer_id = c.customer_id AND (r.star_rating > 3 OR c.state = 'TX') WHERE r.verified_purchase = 'Y' AND c.city > 'A'

-- same: left semi join
SELECT r.review_id FROM bronze_reviews r LEFT SEMI JOIN bronze_customers c ON r.customer_id = c.customer_id AND c.state = 'CA'

-- same: semi join, * of it
SELECT * FROM bronze_reviews LEFT SEMI JOIN bronze_customers USING (customer_id) WHERE star_rating = 5

-- same: left anti join
SELECT r.review_id, r.customer_id FROM bronze_reviews r LEFT ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: anti join with a condition on reviews
SELECT r.review_id FROM bronze_reviews r ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.star_rating > 3

-- same: anti join with conditions on customers
SELECT r.review_id FROM bronze_reviews r LEFT ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id AND c.balance > 0

-- same: exists
SELECT review_id FROM bronze_reviews r WHERE star_rating > 1
AND EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id AND c.state IS NOT NULL)

-- same: not exists
SELECT review_id FROM bronze_reviews r
WHERE NOT EXISTS (SELECT * FROM bronze_customers c WHERE c.customer_id = r.customer_id AND r.verified_purchase = 'Y')

-- same: in with a subquery
SELECT review_id FROM bronze_reviews WHERE customer_id IN (SELECT customer_id FROM bronze_customers WHERE state IN ('CA', 'TX'))

-- same: in with a subquery of another type
SELECT review_id FROM bronze_reviews WHERE cust_num IN (SELECT customer_id FROM bronze_customers)

-- same: comma join with the equality in WHERE
SELECT r.review_id, c.state FROM bronze_reviews r, bronze_customers c WHERE c.customer_id = r.customer_id AND c.gender = 'F'

-- same: cross join with the equality in WHERE
SELECT r.review_id, c.state FROM bronze_reviews r CROSS JOIN bronze_customers c WHERE c.customer_id = r.customer_id

-- same: using
SELECT * FROM bronze_reviews JOIN (SELECT customer_id, customer_name FROM bronze_customers) USING (customer_id) WHERE star_rating = 1

-- same: using, the columns one by one
SELECT customer_id, review_id, customer_name FROM bronze_reviews JOIN bronze_customers USING (customer_id)

-- same: using with a left join
SELECT customer_id, review_id, customer_name FROM bronze_reviews LEFT JOIN bronze_customers USING (customer_id)

-- same: using with a right join
SELECT customer_id, review_id, customer_name FROM bronze_customers RIGHT JOIN bronze_reviews USING (customer_id)

-- same: natural join
SELECT * FROM (SELECT review_id, customer_id FROM bronze_reviews) r NATURAL JOIN (SELECT customer_name, customer_id FROM bronze_customers) c

-- same: natural join with two columns, customers first
SELECT * FROM (SELECT customer_id, cust_num, state FROM bronze_customers) NATURAL JOIN (SELECT review_id, cust_num, customer_id FROM bronze_reviews)

-- same: two equalities
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.cust_num = c.cust_num

-- same: int key with a bigint
SELECT r.review_id, r.cust_num, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.cust_num = c.cust_num

-- same: int key with a string
SELECT r.review_id, r.cust_num, c.customer_id FROM bronze_reviews r JOIN bronze_customers c ON r.cust_num = c.customer_id

-- same: string key with a bigint
SELECT r.review_id, r.customer_id, c.cust_num FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.cust_num

-- same: decimal key with a bigint
SELECT r.review_id, r.price, c.cust_num FROM bronze_reviews r JOIN bronze_customers c ON r.price = c.cust_num

-- same: double key with a decimal
SELECT r.review_id, r.score, c.balance FROM bronze_reviews r JOIN bronze_customers c ON r.score = c.balance

-- same: keys that are expressions
SELECT r.review_id, c.customer_id FROM bronze_reviews r JOIN bronze_customers c ON lower(trim(r.customer_id)) = trim(c.customer_id)

-- same: keys cast by hand
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON CAST(r.cust_num AS STRING) = c.customer_id

-- same: no join at all
SELECT review_id, star_rating FROM bronze_reviews WHERE verified_purchase = 'Y'

-- same: with queries
WITH verified AS (SELECT * FROM bronze_reviews WHERE verified_purchase = 'Y'), people (id, who) AS (SELECT customer_id, customer_name FROM bronze_customers WHERE state = 'CA')
SELECT v.review_id, p.who FROM verified v JOIN people p ON v.customer_id = p.id

-- same: a with query that holds the join
WITH joined AS (SELECT r.review_id, r.star_rating * 2 AS twice, c.state FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id)
SELECT review_id, twice + 1 AS more FROM joined WHERE state = 'TX' AND twice > 4

-- same: subqueries in FROM
SELECT r.id, c.name FROM (SELECT review_id AS id, customer_id AS k FROM bronze_reviews WHERE star_rating > 2) r
LEFT JOIN (SELECT customer_id AS k, upper(customer_name) AS name FROM bronze_customers WHERE gender = 'F') c ON r.k = c.k

-- same: a constant of a subquery behind a left join
SELECT r.review_id, c.known FROM bronze_reviews r LEFT JOIN (SELECT customer_id, 'yes' AS known FROM bronze_customers) c ON r.customer_id = c.customer_id

-- same: coalesce of a subquery behind a left join
SELECT r.review_id, c.town FROM bronze_reviews r LEFT JOIN (SELECT customer_id, coalesce(city, 'unknown') AS town FROM bronze_customers) c ON r.customer_id = c.customer_id

-- same: columns named like keywords and functions
SELECT r.current_timestamp, timestamp, value, offset, r.order, `odd name`, `odd name` AS `still odd` FROM bronze_reviews r

-- same: names in any case
SELECT R.REVIEW_ID, Customer_Name FROM Bronze_Reviews R JOIN BRONZE_CUSTOMERS C ON r.Customer_Id = c.CUSTOMER_ID

-- same: the file of each row
SELECT review_id, r._metadata.file_name, _metadata.file_size > 0 AS sized FROM bronze_reviews r

-- same: a path segment as a column
SELECT review_id, region FROM bronze_reviews WHERE region = 'us'

-- same: a filter that never holds
SELECT review_id FROM bronze_reviews WHERE CAST(NULL AS BOOLEAN)

-- same: names of columns without AS
SELECT upper(product_title), CAST(star_rating AS STRING), star_rating + 1, -star_rating, 1, 'x', star_rating IS NULL, NOT flag, flag AND flag, product_title LIKE 'a%',
  star_rating * 2 - 1, CASE WHEN flag THEN 1 ELSE 2 END, star_rating <> 1, star_rating >= 2, length(trim(product_title)), TRUE, r.region FROM bronze_reviews r

-- same: a name of the select list used behind it
SELECT review_id AS id, upper(id) AS big, length(big) AS size FROM bronze_reviews
