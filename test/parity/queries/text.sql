-- same: case and trim
SELECT review_id, upper(product_title) AS a, lower(product_title) AS b, initcap(product_title) AS c, trim(product_title) AS d, ltrim(product_title) AS e, rtrim(product_title) AS f, trim(BOTH 'x' FROM product_title) AS g, trim(LEADING ' x' FROM product_title) AS h, trim(TRAILING FROM product_title) AS i, btrim(product_title, 'xZ') AS j, trim('a' FROM product_title) AS k, ucase(product_title) AS l, lcase(product_title) AS m FROM bronze_reviews

-- same: length and substring
SELECT review_id, length(product_title) AS a, char_length(product_title) AS b, substring(product_title, 2) AS c, substring(product_title, 1, 2) AS d, substr(product_title, -3) AS e, substring(product_title, -3, 2) AS f, substring(product_title, 0, 2) AS g, substring(product_title FROM 2 FOR 3) AS h, left(product_title, 3) AS i, right(product_title, 3) AS j, left(product_title, -1) AS k, right(product_title, 0) AS l, substring(product_title, star_rating, 2) AS m,
  substring(product_title, -100, 98) AS n, length(star_rating) AS o, len(review_body) AS p, substring(product_title, 2, -1) AS q, substring(product_title, 2147483647, 2147483647) AS s FROM bronze_reviews

-- same: concat
SELECT review_id, concat(product_title, '-', star_rating) AS a, product_title || '|' || price AS b, concat_ws(',', product_title, NULL, star_rating, day) AS c, concat_ws(product_title, 'a', 'b') AS d, concat('a') AS e, concat(score, ratio) AS f, flag || review_timestamp AS g, concat_ws('-') AS h, concat(bytes, product_title) AS i FROM bronze_reviews

-- same: replace and search
SELECT review_id, replace(product_title, 'a', 'b') AS a, replace(product_title, 'a') AS b, replace(product_title, '', 'x') AS c, contains(product_title, 'el') AS d, startswith(product_title, 'Z') AS e, endswith(product_title, 'a') AS f, instr(product_title, 'a') AS g, instr(product_title, '😀') AS h, replace(product_title, '$', '$&') AS i, instr(product_title, '') AS j, contains(product_title, '') AS k FROM bronze_reviews

-- same: regexp_replace
SELECT review_id, regexp_replace(product_title, '[aeiou]', '*') AS a, regexp_replace(product_title, r'(\w+)', '<$1>') AS b, regexp_replace(product_title, r'\d', '') AS c, regexp_replace(product_title, '', '-') AS d, regexp_replace(product_title, '(a)(b)?', r'$2\$$1') AS e, regexp_replace(product_title, 'x*', '.') AS f, regexp_replace(product_title, '^a', 'b') AS g, regexp_replace(product_title, '(?i)Z', 'z') AS h FROM bronze_reviews WHERE product_title NOT RLIKE '[^\u0000-\uffff]'

-- same: regexp_extract
SELECT review_id, regexp_extract(product_title, r'(\d+)', 1) AS a, regexp_extract(product_title, r'([a-z]+)(\d+)?', 2) AS b, regexp_extract(product_title, r'(\w)(\w)') AS c, regexp_extract(product_title, r'\d+', 0) AS d, regexp_extract(product_title, r'https?://([^/]+)/', 1) AS e, regexp_extract(product_title, '(?<name>o+)', 1) AS f FROM bronze_reviews

-- same: split
SELECT review_id, split(product_title, ',')[0] AS a, split(product_title, ',')[1] AS b, split(product_title, ',')[3] AS c, split(product_title, r'\.')[1] AS d, split(product_title, ',')[-1] AS e, split(product_title, '')[1] AS f, split(product_title, ',', 2)[1] AS g, split(product_title, r'\s+')[1] AS h, split(product_title, 'a')[0] AS i, split(product_title, ',')[star_rating] AS j FROM bronze_reviews

-- same: split by a pattern that matches nothing
SELECT review_id, split(product_title, 'x*')[1] AS a, split(product_title, '[^a-z]*')[2] AS b FROM bronze_reviews WHERE product_title NOT RLIKE '[^\u0000-\uffff]'

-- same: split_part
SELECT review_id, split_part(product_title, ',', 1) AS a, split_part(product_title, ',', 3) AS b, split_part(product_title, '.', -1) AS c, split_part(product_title, '', 1) AS d, split_part(product_title, ',', 99) AS e, split_part(product_title, ',', -99) AS f FROM bronze_reviews
