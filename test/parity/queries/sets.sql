-- static: INTERSECT ALL
SELECT customer_id FROM bronze_reviews INTERSECT ALL SELECT customer_id FROM bronze_customers
-- static: INTERSECT ALL the other way, with several columns and NULLs
SELECT customer_id, cust_num FROM bronze_customers INTERSECT ALL SELECT customer_id, cust_num FROM bronze_reviews
-- static: EXCEPT ALL
SELECT customer_id FROM bronze_reviews EXCEPT ALL SELECT customer_id FROM bronze_customers
-- static: MINUS ALL of several columns
SELECT flag, star_rating FROM bronze_reviews MINUS ALL SELECT flag, star_rating FROM bronze_reviews WHERE verified_purchase = 'Y'
-- static: EXCEPT ALL of nothing, and of everything
SELECT state FROM bronze_customers EXCEPT ALL SELECT state FROM bronze_customers WHERE state = 'none' EXCEPT ALL SELECT 'CA'
-- static: INTERSECT ALL binds stronger than EXCEPT ALL
SELECT state FROM bronze_customers EXCEPT ALL SELECT state FROM bronze_customers INTERSECT ALL SELECT * FROM VALUES ('CA'), ('CA'), ('TX'), (NULL)
-- static: set operations of types, ALL
SELECT cust_num FROM bronze_customers INTERSECT ALL SELECT price FROM bronze_reviews UNION ALL SELECT star_rating FROM bronze_reviews EXCEPT ALL SELECT 5
-- static: floats in INTERSECT ALL and EXCEPT ALL
SELECT score FROM bronze_reviews INTERSECT ALL SELECT * FROM VALUES (0.0D), (-0.0D), (-0.0D), (double('NaN')), (double('NaN')), (NULL)
-- static: floats in EXCEPT ALL
SELECT ratio FROM bronze_reviews EXCEPT ALL SELECT * FROM VALUES (0.0F), (float('NaN')), (NULL)
-- static: INTERSECT ALL under a GROUP BY
SELECT x, count(*) AS n FROM (SELECT flag AS x FROM bronze_reviews INTERSECT ALL SELECT verified_purchase = 'Y' FROM bronze_reviews) GROUP BY x
