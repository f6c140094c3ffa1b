-- static: percentiles
SELECT flag, percentile(tiny, 0.5) AS a, percentile(star_rating, 0.25) AS b, percentile(price, 0.3) AS c, percentile(score, 0) AS d, percentile(helpful_votes, 1) AS e, percentile(tiny, 0.123) AS f FROM bronze_reviews GROUP BY flag
-- static: several percentiles, and with a frequency
SELECT verified_purchase, percentile(star_rating, array(0.25, 0.5, 0.9)) AS a, percentile(tiny, 0.5, abs(star_rating % 4)) AS b FROM bronze_reviews GROUP BY verified_purchase
-- static: median and mode
SELECT flag, median(tiny) AS a, median(price) AS b, median(score) AS c, mode(customer_id) AS d FROM bronze_reviews WHERE customer_id <> 'c2' GROUP BY flag
-- static: PERCENTILE_CONT and PERCENTILE_DISC
SELECT flag, percentile_cont(0.4) WITHIN GROUP (ORDER BY tiny) AS a, percentile_disc(0.4) WITHIN GROUP (ORDER BY tiny) AS b, percentile_disc(0.4) WITHIN GROUP (ORDER BY tiny DESC) AS c, percentile_cont(0.1) WITHIN GROUP (ORDER BY star_rating DESC) AS d, percentile_cont(array(0, 0.75)) WITHIN GROUP (ORDER BY star_rating) AS e FROM bronze_reviews GROUP BY flag
-- static: all places of PERCENTILE_DISC
SELECT percentile_disc(0) WITHIN GROUP (ORDER BY x) AS a, percentile_disc(0.25) WITHIN GROUP (ORDER BY x) AS b, percentile_disc(0.26) WITHIN GROUP (ORDER BY x) AS c, percentile_disc(0.5) WITHIN GROUP (ORDER BY x DESC) AS d, percentile_disc(0.51) WITHIN GROUP (ORDER BY x DESC) AS e, percentile_disc(1) WITHIN GROUP (ORDER BY x) AS f, percentile_disc(0) WITHIN GROUP (ORDER BY x DESC) AS g FROM VALUES (1), (2), (2), (7), (NULL) AS t(x)
-- static: percentiles of floats that are none, and of text
SELECT percentile(x, 0.5) AS a, median(x) AS b, percentile(x, array(0.5, 1)) AS c, percentile('3', 0.5) AS d, median('7') AS e FROM VALUES (1D), (double('NaN')), (0D), (0.5D) AS t(x)
-- static: percentiles of nothing
SELECT percentile(cust_num, 0.5) AS a, median(cust_num) AS b, mode(city) AS c, percentile(cust_num, array(0.5)) AS d, bit_and(cust_num) AS e FROM bronze_customers WHERE city = 'none'
-- static: names of statistics without AS
SELECT percentile(tiny, 0.5), percentile(tiny, 0.5, 2), median(tiny), mode(verified_purchase), bit_xor(tiny), regr_count(tiny, small), percentile_cont(0.5) WITHIN GROUP (ORDER BY tiny), percentile_disc(0.5) WITHIN GROUP (ORDER BY tiny DESC) FILTER (WHERE flag), try_sum(DISTINCT tiny), try_avg(tiny) FROM bronze_reviews
-- static: bits
SELECT flag, bit_and(tiny) AS a, bit_or(small) AS b, bit_xor(helpful_votes) AS c, bit_xor(star_rating) AS d FROM bronze_reviews GROUP BY flag
-- static: skewness and kurtosis
SELECT flag, round(skewness(tiny), 9) AS a, round(kurtosis(tiny), 9) AS b, round(skewness(price), 6) AS c FROM bronze_reviews GROUP BY flag
-- static: correlation and covariance
SELECT flag, round(corr(tiny, small), 9) AS a, round(covar_pop(tiny, small), 3) AS b, round(covar_samp(tiny, small), 3) AS c, round(corr(tiny, star_rating), 9) AS d FROM bronze_reviews GROUP BY flag
-- static: regressions
SELECT flag, round(regr_avgx(tiny, small), 6) AS a, round(regr_avgy(tiny, small), 9) AS b, regr_count(tiny, small) AS c, round(regr_intercept(tiny, small), 6) AS d, round(regr_r2(tiny, small), 9) AS e, round(regr_slope(tiny, small), 9) AS f, round(regr_sxx(tiny, small), 1) AS g, round(regr_sxy(tiny, small), 1) AS h, round(regr_syy(tiny, small), 1) AS i FROM bronze_reviews GROUP BY flag
-- static: statistics of pairs with NULLs
SELECT round(regr_avgx(x, y), 9) AS a, round(regr_avgy(x, y), 9) AS b, regr_count(x, y) AS c, round(regr_r2(x, y), 9) AS d, round(regr_slope(x, y), 9) AS e, round(corr(x, y), 9) AS f FROM VALUES (3, 1), (4, NULL), (NULL, 5), (7, 6), (9, 1) AS t(x, y)
-- static: statistics where one side does not vary, or there is one row or none
SELECT k, corr(x, y) AS a, regr_r2(x, y) AS b, regr_slope(x, y) AS c, regr_intercept(x, y) AS d, regr_r2(y, x) AS e, regr_slope(y, x) AS f, regr_intercept(y, x) AS g, covar_samp(x, y) AS h, covar_pop(x, y) AS i, skewness(x) AS j, kurtosis(x) AS l, regr_sxx(x, y) AS m, regr_count(x, y) AS n FROM VALUES (1, 3, 1), (1, 3, 2), (1, 3, 6), (2, 5, 5), (3, NULL, 5), (4, 2, 2), (4, 2, 2) AS t(k, x, y) GROUP BY k
-- static: TRY_SUM and TRY_AVG
SELECT flag, try_sum(tiny) AS a, try_sum(price) AS b, try_avg(tiny) AS c, try_avg(price) AS d, try_sum(huge * 1000000000000000000) AS e, try_sum(customer_id) AS f FROM bronze_reviews GROUP BY flag
-- static: TRY_SUM that does not fit
SELECT try_sum(x) AS a, sum(x) AS b FROM VALUES (9223372036854775807L), (1L) AS t(x)
-- static: statistics over windows
SELECT review_id, percentile(tiny, 0.5) OVER (PARTITION BY flag) AS a, percentile(star_rating, 0.5) OVER (PARTITION BY flag ORDER BY review_id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS b, median(star_rating) OVER (PARTITION BY flag) AS h, bit_xor(tiny) OVER (ORDER BY review_id) AS c, try_sum(tiny) OVER (ORDER BY review_id) AS d, regr_count(tiny, star_rating) OVER (ORDER BY review_id) AS e, round(corr(tiny, small) OVER (ORDER BY review_id), 9) AS f, percentile_cont(0.5) WITHIN GROUP (ORDER BY tiny) OVER (PARTITION BY verified_purchase) AS g FROM bronze_reviews
-- static: distinct and filtered statistics
SELECT percentile(DISTINCT star_rating, 0.5) AS a, median(DISTINCT tiny) AS b, try_sum(DISTINCT tiny) AS c, median(tiny) FILTER (WHERE flag) AS d FROM bronze_reviews
-- same: the median of each customer's state
SELECT r.review_id, s.middle, s.common FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id LEFT JOIN (SELECT state, median(cust_num) AS middle, percentile(cust_num, array(0.1, 0.9)) AS common FROM bronze_customers GROUP BY state) s ON s.state = c.state
