-- Verified or not, every review with the customer who wrote it.
SELECT
  r.*, -- every column of the reviews, also one that bronze gets later
  c.customer_name,
  c.gender,
  c.date_of_birth,
  c.city,
  c.state
FROM bronze_reviews AS r
INNER JOIN bronze_customers AS c ON r.customer_id = c.customer_id

-- This query is the silver table: its columns are the table's, and the comment above is the table's in Athena. Change it
-- as you like, in Spark SQL. docs/sql.md has the dialect, and `npx silversmith explain` shows what a change means. For example
--
--   WHERE r.verified_purchase = 'Y' AND r.star_rating >= 4
--
-- takes some of the reviews only. A review whose customer is not known yet waits for it; with a LEFT JOIN it would be in
-- silver at once, without a customer. Batches that are there stay as they are, until
-- `npx silversmith backfill --reprocess --all`.
