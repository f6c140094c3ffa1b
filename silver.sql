-- Verified or not, every review with the customer who wrote it.
SELECT
  r.*,
  c.customer_name,
  c.gender,
  c.date_of_birth,
  c.city,
  c.state
FROM bronze_reviews AS r
INNER JOIN bronze_customers AS c ON r.customer_id = c.customer_id
