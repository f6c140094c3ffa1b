-- same: comparisons of text
SELECT review_id, product_title < 'a' AS a, product_title >= 'Z' AS b, product_title = 'Zelda' AS c, product_title <> '' AS d, product_title > '😀' AS e, product_title < '\uffff' AS f, product_title <=> NULL AS g, NOT product_title <=> 'Zelda' AS h FROM bronze_reviews

-- same: comparisons of numbers with text
SELECT review_id, star_rating = raw AS a, raw > 1 AS b, raw < 2.5 AS c, raw = 1.5D AS d, helpful_votes >= raw AS e, tiny = raw AS f, price < raw AS g, raw <=> star_rating AS h FROM bronze_reviews

-- same: comparisons of dates with text
SELECT review_id, day = '2014-1-5' AS a, day < purchase_date AS b, review_timestamp > '2014' AS c, review_timestamp = purchase_date AS d, day < review_timestamp AS e, day = 'x' AS f FROM bronze_reviews

-- same: comparisons of numbers
SELECT review_id, score = 0 AS a, score > 1e9 AS b, score = score AS c, score < ratio AS d, price = 2.5 AS e, price > star_rating AS f, price < score AS g, star_rating < 2.5 AS h, helpful_votes > star_rating AS i, huge > price AS j, tiny < small AS k, ratio = 1.1 AS l FROM bronze_reviews

-- same: comparisons of booleans
SELECT review_id, flag = true AS a, flag < true AS b, flag = 1 AS c, flag = 'true' AS d, flag <> 0.0 AS e, flag <=> 1 AS f FROM bronze_reviews

-- same: three-valued logic
SELECT review_id, flag AND star_rating > 3 AS a, flag OR star_rating > 3 AS b, NOT flag AS c, NOT (flag OR star_rating > 3) AS d, flag AND NULL AS e, flag OR NULL AS f, NULL AND flag AND false AS g, !flag AS h FROM bronze_reviews

-- same: IS and its kin
SELECT review_id, star_rating IS NULL AS a, star_rating IS NOT NULL AS b, flag IS TRUE AS c, flag IS NOT FALSE AS d, flag IS UNKNOWN AS e, star_rating IS DISTINCT FROM cust_num AS f, star_rating IS NOT DISTINCT FROM cust_num AS g, isnull(flag) AS h, isnotnull(flag) AS i FROM bronze_reviews

-- same: IN
SELECT review_id, star_rating IN (1, 5) AS a, star_rating NOT IN (1, NULL) AS b, product_title IN ('Zelda', 'ZELDA') AS c, star_rating IN ('5', 'x') AS d, day IN ('2014-01-05') AS e, price IN (2.5, 10) AS f, score IN (0, 1.5) AS g, helpful_votes IN (1, 7) AS h, NULL IN (1) AS i, raw IN (1, 2) AS j, product_title IN ('a', NULL) AS k, ratio IN (0.5D) AS l FROM bronze_reviews

-- same: BETWEEN
SELECT review_id, star_rating BETWEEN 2 AND 4 AS a, star_rating NOT BETWEEN 2 AND 4 AS b, product_title BETWEEN 'A' AND 'Z' AS c, day BETWEEN '2014-01-01' AND DATE '2014-12-31' AS d, raw BETWEEN 1 AND 10 AS e, price BETWEEN 0 AND 10.5 AS f FROM bronze_reviews

-- same: LIKE
SELECT review_id, product_title LIKE 'Z%' AS a, product_title LIKE '%a%b%' AS b, product_title LIKE '_' AS c, product_title LIKE '%\\%' AS d, product_title LIKE 'a\\_b' AS e, product_title LIKE '%#_%' ESCAPE '#' AS f, product_title NOT LIKE '%e%' AS g, product_title ILIKE 'z%' AS h,
  product_title LIKE '' AS i, product_title LIKE '%' AS j, product_title LIKE '__' AS k, product_title LIKE 'line_break' AS l, product_title LIKE '%aa' AS m, product_title LIKE 'ab%ab' AS n, product_title LIKE '%_%' AS o, star_rating LIKE '5%' AS p FROM bronze_reviews

-- same: RLIKE
SELECT review_id, product_title RLIKE '^Z' AS a, product_title RLIKE r'\d+' AS b, product_title REGEXP 'a|b' AS c, product_title RLIKE '(?i)zelda' AS d, product_title RLIKE '^$' AS e, product_title RLIKE 'end$' AS f, product_title RLIKE r'\bhi\b' AS g, product_title RLIKE '^.$' AS h,
  product_title RLIKE r'\s$' AS i, product_title RLIKE '[^a-zA-Z0-9 ]' AS j, product_title RLIKE r'^\p{Lu}+$' AS k, product_title RLIKE r'\w+@' AS l, product_title RLIKE 'é' AS m, product_title RLIKE r'^\S+$' AS n, product_title NOT RLIKE 'a' AS o, product_title RLIKE 'line.break' AS p, product_title RLIKE '(?s)line.break' AS q,
  product_title RLIKE '(?m)^break$' AS r, product_title RLIKE r'\p{Alpha}\d' AS s, product_title RLIKE '[[a-c][x-z]]{2}' AS t, product_title RLIKE r'\Qa.b\E' AS u, regexp_like(product_title, 'b+$') AS v, product_title RLIKE r'end\Z' AS w, product_title RLIKE r'end\z' AS x FROM bronze_reviews

-- same: arithmetic on whole numbers
SELECT review_id, star_rating + 1 AS a, star_rating - helpful_votes AS b, star_rating * 2 AS c, star_rating / 2 AS d, star_rating % 3 AS e, star_rating DIV 2 AS f, -star_rating AS g, +star_rating AS h, tiny + tiny AS i, tiny * small AS j, small + star_rating AS k, helpful_votes + 1 AS l, helpful_votes * 3 AS m, star_rating / 0 AS n, star_rating % 0 AS o,
  helpful_votes DIV 0 AS p, helpful_votes % 4 AS q, -tiny AS r, -helpful_votes AS s, tiny - 1Y AS t, mod(star_rating, 3) AS u FROM bronze_reviews

-- same: arithmetic on floating point
SELECT review_id, score + 1 AS a, score - score AS b, score * 2 AS c, score / 3 AS d, score % 2 AS e, -score AS f, ratio + 1 AS g, ratio * ratio AS h, ratio + score AS i, ratio / 2 AS j, score / 0 AS k, 0.1D + 0.2D AS l, ratio + star_rating AS m, ratio - helpful_votes AS n FROM bronze_reviews

-- same: arithmetic on decimals
SELECT review_id, price + 1 AS a, price - 0.005 AS b, price * price AS c, price / 3 AS d, price % 3 AS e, -price AS f, price DIV 2 AS g, price + score AS h, price * star_rating AS i, price / helpful_votes AS j, huge + huge AS k, huge * huge AS l, huge / 3 AS m, huge - price AS n, price / 0 AS o, 1.5 + 2.25 AS p, 1.5 * 2 AS q, 10 / 4.0 AS r, price + ratio AS s, price % 0 AS t, huge * 1000000000000 AS u FROM bronze_reviews

-- same: arithmetic on text
SELECT review_id, raw + 1 AS a, raw * '2' AS b, raw / 2 AS c, -raw AS d, star_rating + raw AS e, price + raw AS f, raw % 2 AS g, raw - raw AS h FROM bronze_reviews

-- same: arithmetic on NULL
SELECT star_rating + NULL AS a, NULL * price AS b, NULL / 2 AS c, score - NULL AS d FROM bronze_reviews WHERE review_id < 'r003'

-- same: precedence
SELECT 1 + 2 * 3 AS a, (1 + 2) * 3 AS b, 10 - 4 - 3 AS c, 2 * 3 % 4 AS d, -2 * 3 AS e, 1 + 1 = 2 AND NOT false OR false AS f, NOT true = false AS g, 7 DIV 2 * 2 AS h, 'a' || 1 + 1 AS i, 1 < 2 = true AS j, 5 - -3 AS k, NOT 1 > 2 AND true AS l, 1 = 1 IS NULL AS m FROM bronze_reviews WHERE review_id = 'r000'

-- same: CASE
SELECT review_id, CASE WHEN star_rating > 3 THEN 'good' WHEN star_rating > 1 THEN 'fair' ELSE 'bad' END AS a, CASE star_rating WHEN 5 THEN 'five' WHEN 1 THEN 'one' END AS b, CASE WHEN flag THEN 1 ELSE 2.5 END AS c, CASE WHEN flag THEN star_rating ELSE 'none' END AS d, CASE raw WHEN 1 THEN 'one' WHEN '1.5' THEN 'more' END AS e, CASE WHEN flag THEN NULL ELSE day END AS f,
  CASE WHEN flag THEN day ELSE review_timestamp END AS g FROM bronze_reviews

-- same: choosing between values
SELECT review_id, coalesce(star_rating, 0) AS a, nvl(product_title, 'none') AS b, ifnull(price, 0) AS c, if(flag, 'yes', 'no') AS d, nullif(star_rating, 5) AS e, nvl2(flag, 1, 2L) AS f, coalesce(day, 'none') AS g, coalesce(star_rating, helpful_votes, 1.5) AS h, coalesce(NULL, NULL, raw) AS i, coalesce(score, price) AS j, coalesce(day, review_timestamp) AS k, nullif(raw, 1) AS l FROM bronze_reviews

-- same: GREATEST and LEAST
SELECT review_id, greatest(star_rating, cust_num) AS a, least(star_rating, cust_num, 3) AS b, greatest(score, 1.5D) AS c, least(score, ratio) AS d, greatest(product_title, 'M') AS e, least(day, DATE '2014-06-01') AS f, greatest(price, 5) AS g, least(product_title, customer_id, NULL) AS h, greatest(flag, false) AS i, greatest(day, review_timestamp) AS j FROM bronze_reviews

-- same: rounding
SELECT review_id, round(score) AS a, round(score, 1) AS b, round(price) AS c, round(price, 1) AS d, round(price, -1) AS e, round(star_rating, -1) AS f, round(ratio, 1) AS g, round(helpful_votes, -2) AS h, round(CAST(raw AS DOUBLE), 2) AS i, round(huge, 3) AS j, round(raw, 1) AS k, round(price, 5) AS l, round(tiny, -2) AS m, round(2.5) AS n, round(-2.5D) AS o, round(1.005D, 2) AS p FROM bronze_reviews

-- same: floor, ceil and abs
SELECT review_id, floor(score) AS a, ceil(score) AS b, floor(price) AS c, ceiling(price) AS d, floor(star_rating) AS e, ceil(ratio) AS f, abs(star_rating) AS g, abs(helpful_votes) AS h, abs(price) AS i, abs(score) AS j, abs(raw) AS k, abs(tiny) AS l, floor(raw) AS m, ceil(huge) AS n, abs(huge) AS o, abs(ratio) AS p FROM bronze_reviews

-- same: dates plus and minus days
SELECT review_id, day + 1 AS a, day - 1 AS b, 3 + day AS c, day + tiny AS d, date_add(day, star_rating) AS e, date_sub(day, 31) AS f, date_add(purchase_date, 1) AS g, date_add(review_timestamp, '2') AS h, datediff(day, '2014-01-01') AS i, datediff(review_timestamp, day) AS j FROM bronze_reviews WHERE star_rating < 100
