-- Queries that make several rows of one, or of several queries one.

-- same: UNION ALL of two filters
SELECT review_id, 'good' AS k FROM bronze_reviews WHERE star_rating >= 4 UNION ALL SELECT review_id, 'bad' AS k FROM bronze_reviews WHERE star_rating < 4

-- same: UNION ALL with types that widen
SELECT review_id, tiny AS n, NULL AS t, 1 AS one FROM bronze_reviews UNION ALL SELECT customer_id, helpful_votes, raw, 2.5 FROM bronze_reviews WHERE flag UNION ALL SELECT raw, star_rating, 'x', 1e0 FROM bronze_reviews WHERE NOT flag

-- same: UNION ALL of text and numbers
SELECT review_id, star_rating AS v FROM bronze_reviews UNION ALL SELECT review_id, raw FROM bronze_reviews

-- same: UNION ALL of dates and timestamps
SELECT day AS d, price AS p FROM bronze_reviews UNION ALL SELECT review_timestamp, score FROM bronze_reviews WHERE score IS NOT NULL

-- same: UNION ALL of decimals
SELECT price AS p FROM bronze_reviews UNION ALL SELECT CAST(price AS decimal(8,4)) FROM bronze_reviews UNION ALL SELECT tiny FROM bronze_reviews

-- same: UNION ALL whose filters overlap
SELECT review_id, 'low' AS band FROM bronze_reviews WHERE star_rating <= 3 UNION ALL SELECT review_id, 'high' FROM bronze_reviews WHERE star_rating >= 3 UNION ALL SELECT review_id, 'odd' FROM bronze_reviews WHERE star_rating % 2 = 1

-- same: UNION ALL of all columns
SELECT * FROM bronze_reviews WHERE region = 'eu' UNION ALL SELECT * FROM bronze_reviews WHERE region = 'us'

-- same: UNION ALL as an unpivot
SELECT review_id, 'tiny' AS measure, CAST(tiny AS bigint) AS value FROM bronze_reviews WHERE tiny IS NOT NULL
UNION ALL SELECT review_id, 'small', CAST(small AS bigint) FROM bronze_reviews WHERE small IS NOT NULL
UNION ALL SELECT review_id, 'votes', helpful_votes FROM bronze_reviews WHERE helpful_votes IS NOT NULL

-- same: UNION ALL in a WITH query that is joined
WITH events AS (SELECT review_id, customer_id, 'review' AS kind FROM bronze_reviews UNION ALL SELECT review_id, raw, 'raw' FROM bronze_reviews WHERE raw IS NOT NULL)
SELECT e.review_id, e.kind, c.city FROM events e JOIN bronze_customers c ON e.customer_id = c.customer_id

-- same: UNION ALL in a subquery with a LEFT JOIN and a condition
SELECT e.review_id, e.kind, c.customer_name FROM (SELECT review_id, customer_id, 1 AS kind FROM bronze_reviews UNION ALL SELECT review_id, lower(customer_id), 2 FROM bronze_reviews) AS e LEFT JOIN bronze_customers c ON e.customer_id = c.customer_id AND e.kind = 1 WHERE e.kind = 2 OR c.city IS NOT NULL

-- same: UNION ALL of the same join
SELECT r.review_id, c.city AS place FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id WHERE c.city IS NOT NULL UNION ALL SELECT r.review_id, c.state FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id WHERE r.star_rating > 3

-- same: UNION ALL in parentheses
(SELECT review_id FROM bronze_reviews WHERE star_rating = 1) UNION ALL ((SELECT customer_id FROM bronze_reviews) UNION ALL SELECT raw FROM bronze_reviews)

-- same: UNION ALL that nothing passes
SELECT review_id FROM bronze_reviews WHERE star_rating > 5000000 AND star_rating < 5 UNION ALL SELECT raw FROM bronze_reviews WHERE review_id = 'nobody'

-- same: UNION ALL with names of the first query
SELECT review_id AS a, 1 AS b FROM bronze_reviews UNION ALL SELECT customer_id AS b, 2 AS a FROM bronze_reviews

-- same: UNION ALL, filtered and computed around it
SELECT upper(id) AS id, n * 2 AS twice FROM (SELECT review_id AS id, star_rating AS n FROM bronze_reviews UNION ALL SELECT customer_id, tiny FROM bronze_reviews) WHERE n > 1 AND id IS NOT NULL

-- same: UNION ALL that is exploded
SELECT id, k, v FROM (SELECT review_id AS id, star_rating AS n, tiny AS m FROM bronze_reviews WHERE flag UNION ALL SELECT customer_id, small, tiny FROM bronze_reviews) LATERAL VIEW stack(2, 'n', CAST(n AS int), 'm', CAST(m AS int)) s AS k, v WHERE v IS NOT NULL

-- same: UNION ALL with EXISTS
SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id) UNION ALL SELECT raw FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id)

-- same: stack
SELECT review_id, stack(3, 'tiny', CAST(tiny AS double), 'score', score, 'ratio', CAST(ratio AS double)) AS (measure, value) FROM bronze_reviews

-- same: stack without names
SELECT stack(3, review_id, star_rating, raw, tiny + star_rating, customer_id), region FROM bronze_reviews

-- same: stack with a value too few
SELECT review_id, stack(2, 'a', 'b', 'c') AS (x, y) FROM bronze_reviews

-- same: stack in one row
SELECT stack(1, review_id, flag, day, CAST(NULL AS string), price) AS (a, b, c, d, e) FROM bronze_reviews WHERE review_id = 'never' OR star_rating = 5

-- same: stack behind LATERAL VIEW with a filter and a join
SELECT s.review_id, s.key, c.city FROM (SELECT review_id, key, id FROM bronze_reviews r LATERAL VIEW stack(2, 'a', customer_id, 'b', raw) t AS key, id WHERE id <> 'c2') s LEFT JOIN bronze_customers c ON s.id = c.customer_id

-- same: two LATERAL VIEWs
SELECT review_id, a.n, b.n AS m, x FROM bronze_reviews LATERAL VIEW stack(2, 1, 2) a AS n LATERAL VIEW OUTER stack(2, n * 10, n * 20, star_rating, NULL) b AS n, x WHERE a.n = 1 OR b.n > 20

-- same: stack and star
SELECT *, stack(2, 'x', 'y') AS letter FROM bronze_reviews WHERE star_rating = 5

-- same: words of a title
SELECT review_id, explode(split(product_title, ' ')) AS word FROM bronze_reviews

-- same: words without a name
SELECT explode(split(product_title, ' ')), review_id FROM bronze_reviews

-- same: words with NULL where there are none
SELECT review_id, explode_outer(split(product_title, ' ')) AS word FROM bronze_reviews

-- same: words with their place
SELECT review_id, posexplode(split(review_body, ' ')) AS (at, word) FROM bronze_reviews

-- same: words with their place, and NULL
SELECT posexplode_outer(split(review_body, ' ')), review_id FROM bronze_reviews

-- same: words behind LATERAL VIEW, filtered
SELECT r.review_id, lower(w.word) AS word FROM bronze_reviews r LATERAL VIEW explode(split(r.product_title, ' ')) w AS word WHERE w.word <> '' AND r.star_rating > 1

-- same: words behind LATERAL VIEW OUTER, without a name for the rows
SELECT review_id, word FROM bronze_reviews LATERAL VIEW OUTER explode(split(raw, '[.]')) AS word

-- same: words behind LATERAL VIEW without names
SELECT review_id, col, t.col AS again FROM bronze_reviews LATERAL VIEW explode(split(raw, '')) t

-- same: words and letters
SELECT review_id, word, n, letter FROM bronze_reviews LATERAL VIEW explode(split(product_title, ' ')) w AS word LATERAL VIEW posexplode(split(word, '')) l AS n, letter WHERE n < 3 AND length(word) > 2

-- same: words that are looked up
SELECT t.review_id, t.word, c.customer_name FROM (SELECT review_id, explode(split(concat_ws(' ', customer_id, raw, 'c2'), ' ')) AS word FROM bronze_reviews) t JOIN bronze_customers c ON t.word = c.customer_id

-- same: words that are looked up or kept
SELECT t.word, c.city FROM (SELECT explode(split(raw, ' ')) AS word FROM bronze_reviews) t LEFT JOIN bronze_customers c ON t.word = c.customer_id AND t.word <> 'c2'

-- same: words that nobody is called
SELECT t.review_id, t.word FROM (SELECT review_id, explode(split(concat_ws(' ', customer_id, 'c1', 'zz'), ' ')) AS word FROM bronze_reviews) t LEFT ANTI JOIN bronze_customers c ON t.word = c.customer_id

-- same: words joined by the review's own key
SELECT r.review_id, w, c.state FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id LATERAL VIEW explode(split(r.product_title, ' ')) x AS w WHERE c.state <> w

-- same: an array of literals
SELECT review_id, explode(array(1, 2, NULL)) AS n FROM bronze_reviews WHERE star_rating = 5

-- same: an array of columns
SELECT review_id, posexplode(array(star_rating, tiny, small)) AS (i, n) FROM bronze_reviews

-- same: an empty array and a NULL
SELECT review_id, v FROM bronze_reviews LATERAL VIEW explode(CASE WHEN flag THEN array(1, 2) WHEN NOT flag THEN CAST(array() AS array<int>) END) t AS v

-- same: an empty array and a NULL, OUTER
SELECT review_id, v FROM bronze_reviews LATERAL VIEW OUTER explode(CASE WHEN flag THEN array(1, 2) WHEN NOT flag THEN CAST(array() AS array<int>) END) t AS v

-- same: a map
SELECT review_id, explode(map('stars', star_rating, 'tiny', CAST(tiny AS int))) FROM bronze_reviews

-- same: a map with names and places
SELECT review_id, posexplode(map('stars', star_rating, 'tiny', CAST(tiny AS int))) AS (n, measure, amount) FROM bronze_reviews

-- same: structs
SELECT review_id, inline(array(struct(1 AS a, 'x' AS b), struct(star_rating AS a, raw AS b))) FROM bronze_reviews

-- same: structs behind LATERAL VIEW
SELECT review_id, s.n, label FROM bronze_reviews LATERAL VIEW inline(array(named_struct('n', tiny, 'label', 'tiny'), named_struct('n', CAST(star_rating AS tinyint), 'label', 'stars'))) s WHERE s.n > 2

-- same: structs that are NULL
SELECT review_id, inline_outer(array(IF(flag, struct(1 AS a, 'x' AS b), NULL))) AS (a, b) FROM bronze_reviews

-- same: sequences of days
SELECT review_id, explode(sequence(DATE '2024-01-30', DATE '2024-02-02')) AS d FROM bronze_reviews WHERE star_rating = 5

-- refused: an aggregate over generated rows
SELECT count(*) FROM (SELECT explode(array(1, 2)) AS n FROM bronze_reviews)

-- same: two generators in a list
SELECT explode(array(1, 2)) AS a, explode(array(3)) AS b, review_id FROM bronze_reviews

-- refused: a generator in an expression
SELECT 1 + explode(array(1, 2)) AS a FROM bronze_reviews

-- refused: UNION ALL of other numbers of columns
SELECT review_id FROM bronze_reviews UNION ALL SELECT review_id, raw FROM bronze_reviews

-- refused: UNION ALL of types without a common one
SELECT flag AS a FROM bronze_reviews UNION ALL SELECT star_rating FROM bronze_reviews

-- refused: DISTINCT over UNION ALL
SELECT DISTINCT k FROM (SELECT 1 AS k FROM bronze_reviews UNION ALL SELECT 2 FROM bronze_reviews)

-- same: fields of JSON
SELECT review_id, json_tuple(value, 'a', 'b') FROM bronze_reviews

-- same: fields of JSON behind LATERAL VIEW, all kinds of values, twice and with names of the review's
SELECT review_id, t.text, t.again, t.n, t.list, t.object, t.flag, t.gone FROM bronze_reviews LATERAL VIEW json_tuple(concat('{"text":"', lower(raw), '","n":1.50,"list":[1, "x",{"b":null}],"object":{"a":"\\u00e9"},"flag":true,"gone":null,"', customer_id, '":7}'), 'text', 'text', 'n', 'list', 'object', 'flag', 'gone') t AS text, again, n, list, object, flag, gone

-- same: fields of JSON by a column's names, the last of those that are there twice
SELECT review_id, k, v FROM bronze_reviews LATERAL VIEW json_tuple('{"c1":1,"c2":"a","c1":"last","c1":null,"":"empty"}', customer_id, 'c1') t AS k, v

-- same: fields of what is no JSON, no object, or goes on
SELECT review_id, a FROM bronze_reviews LATERAL VIEW OUTER json_tuple(CASE offset % 6 WHEN 0 THEN '{"a":1' WHEN 1 THEN '[{"a":1}]' WHEN 2 THEN '{"a":1} x' WHEN 3 THEN '' WHEN 4 THEN '{\'a\':\'one\'}' END, 'a') t AS a WHERE a IS NULL OR a <> 'x'

-- same: fields of JSON, joined by one
SELECT j.review_id, j.id, c.city FROM (SELECT review_id, json_tuple(concat('{"id":"', customer_id, '"}'), 'id') AS id FROM bronze_reviews) j JOIN bronze_customers c ON c.customer_id = j.id

-- refused: fields of JSON of what is no text
SELECT json_tuple(value, 1) FROM bronze_reviews

-- refused: JSON without a field's name
SELECT json_tuple(value) FROM bronze_reviews
