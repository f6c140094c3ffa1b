-- same: all columns as they are
SELECT review_id, tags, marks, attributes, geo, items FROM bronze_reviews

-- same: some rows of nested columns
SELECT review_id, tags, attributes, items FROM bronze_reviews WHERE star_rating > 2

-- same: elements by index
SELECT review_id, tags[0] AS first, tags[1] AS second, marks[offset % 3] AS some, tags[-1] AS none FROM bronze_reviews

-- same: a field and a field in it
SELECT review_id, geo.lat, GEO.Place.City, r.geo.place.country AS country FROM bronze_reviews r

-- same: a struct taken apart
SELECT r.review_id, r.geo.* FROM bronze_reviews r

-- same: an inner struct taken apart
SELECT review_id, geo.place.* FROM bronze_reviews

-- same: a field of an array of structs
SELECT review_id, items.sku, items.price AS prices, items[0].count AS n FROM bronze_reviews

-- same: values of a map
SELECT review_id, attributes['color'] AS color, attributes.size, attributes[''] AS empty, element_at(attributes, 'é') AS e FROM bronze_reviews

-- same: a value by a key of another column
SELECT review_id, attributes[CASE WHEN flag THEN 'color' ELSE 'size' END] AS v FROM bronze_reviews

-- same: filtered by an element
SELECT review_id FROM bronze_reviews WHERE array_contains(tags, 'toy')

-- same: filtered by a field
SELECT review_id, geo FROM bronze_reviews WHERE geo.place.country = 'FR' OR geo.lat = 0

-- same: filtered by size
SELECT review_id, size(tags) AS n, cardinality(attributes) AS m, array_size(marks) AS k FROM bronze_reviews WHERE size(tags) > 1

-- same: nested columns that are NULL
SELECT review_id, tags IS NULL AS a, geo.place IS NULL AS b, attributes IS NOT NULL AS c FROM bronze_reviews WHERE geo IS NOT NULL OR tags IS NULL

-- same: defaults
SELECT review_id, coalesce(tags, array('none')) AS t, coalesce(attributes, map()) AS m, nvl(marks, array()) AS k FROM bronze_reviews

-- same: chosen whole
SELECT review_id, CASE WHEN flag THEN tags WHEN star_rating > 3 THEN array('good') END AS t, if(flag, geo, NULL) AS g, nvl2(items, items, array()) AS i FROM bronze_reviews

-- same: arrays made
SELECT review_id, array(star_rating, cust_num) AS a, array(product_title, raw) AS b, array(price, score) AS c FROM bronze_reviews

-- same: structs made
SELECT review_id, struct(star_rating, price AS paid, geo.lat) AS s, named_struct('day', day, 'at', review_timestamp) AS n FROM bronze_reviews

-- same: maps made
SELECT review_id, map('stars', star_rating, 'votes', small) AS m, map(tiny, value) AS n FROM bronze_reviews WHERE tiny IS NOT NULL

-- same: a map of arrays
SELECT review_id, map('tags', tags, 'parts', split(product_title, ' ')) AS m FROM bronze_reviews

-- same: transform
SELECT review_id, transform(tags, t -> upper(t)) AS u, transform(marks, m -> m * 2) AS d FROM bronze_reviews

-- same: transform with the index
SELECT review_id, transform(tags, (t, i) -> concat(i, ':', t)) AS n FROM bronze_reviews

-- same: transform to structs
SELECT review_id, transform(items, i -> struct(i.sku AS id, i.count * i.price AS total)) AS t FROM bronze_reviews

-- same: lambdas that use columns
SELECT review_id, transform(marks, m -> m + star_rating) AS s, filter(tags, t -> t <> verified_purchase) AS f FROM bronze_reviews

-- same: filter
SELECT review_id, filter(tags, t -> t IS NOT NULL AND length(t) > 2) AS f, filter(items, i -> i.count > 1) AS g, filter(marks, (m, i) -> i % 2 = 0) AS h FROM bronze_reviews

-- same: exists and forall
SELECT review_id, exists(tags, t -> t = 'toy') AS e, forall(marks, m -> m > 1) AS f, exists(items, i -> i.price > 50) AS g FROM bronze_reviews

-- same: rows by a lambda
SELECT review_id, tags FROM bronze_reviews WHERE exists(tags, t -> lower(t) = 'gift') AND NOT forall(marks, m -> m > 4)

-- same: sums
SELECT review_id, aggregate(marks, 0, (s, m) -> s + coalesce(m, 0)) AS sum, aggregate(items, CAST(0 AS decimal(20,2)), (s, i) -> CAST(s + i.count * coalesce(i.price, 0) AS decimal(20,2))) AS total FROM bronze_reviews

-- same: an average by aggregate
SELECT review_id, aggregate(marks, named_struct('s', 0D, 'n', 0), (a, m) -> named_struct('s', a.s + coalesce(m, 0), 'n', a.n + 1), a -> a.s / a.n) AS mean FROM bronze_reviews

-- same: reduce to text
SELECT review_id, reduce(tags, '', (s, t) -> concat_ws('/', s, t)) AS path FROM bronze_reviews

-- same: zip_with
SELECT review_id, zip_with(tags, marks, (t, m) -> concat(t, '=', m)) AS z FROM bronze_reviews

-- same: arrays_zip
SELECT review_id, arrays_zip(tags, marks) AS z, arrays_zip(tags, array(1, 2))[0] AS f FROM bronze_reviews

-- same: lambdas in lambdas
SELECT review_id, transform(items, i -> filter(tags, t -> t <> i.sku)) AS n, transform(marks, m -> aggregate(marks, 0, (s, x) -> s + coalesce(x, 0) % 10)) AS k FROM bronze_reviews

-- same: sorted
SELECT review_id, sort_array(tags) AS a, sort_array(tags, false) AS d, array_sort(marks) AS s FROM bronze_reviews

-- same: sorted by a lambda
SELECT review_id, array_sort(filter(items, i -> i IS NOT NULL), (a, b) -> b.count - a.count) AS s FROM bronze_reviews

-- same: sets
SELECT review_id, array_distinct(tags) AS d, array_union(tags, array('toy', 'new')) AS u, array_intersect(tags, array('toy', 'é')) AS i, array_except(tags, array('toy')) AS e FROM bronze_reviews

-- same: overlaps and positions
SELECT review_id, arrays_overlap(tags, array('gift', 'é')) AS o, array_position(tags, 'toy') AS p, array_position(marks, 4) AS q FROM bronze_reviews

-- same: joined to text
SELECT review_id, array_join(tags, ',') AS a, array_join(tags, ',', '?') AS b, concat_ws('|', tags, 'end') AS c, array_join(marks, '-') AS d FROM bronze_reviews

-- same: smallest and largest
SELECT review_id, array_min(marks) AS a, array_max(marks) AS b, array_max(tags) AS c, array_min(items.price) AS d FROM bronze_reviews

-- same: elements added and removed
SELECT review_id, array_append(tags, 'z') AS a, array_prepend(marks, 0) AS b, array_remove(tags, 'toy') AS c, array_compact(tags) AS d, array_insert(marks, 2, 9) AS e FROM bronze_reviews

-- same: slices and repetitions
SELECT review_id, slice(marks, 1, 2) AS a, slice(tags, -1, 1) AS b, array_repeat(star_rating, 2) AS c, reverse(tags) AS d FROM bronze_reviews

-- same: arrays put together
SELECT review_id, concat(tags, split(value, ',')) AS a, tags || array('x') AS b, flatten(array(marks, array(star_rating))) AS c FROM bronze_reviews

-- same: sequences
SELECT review_id, sequence(1, tiny % 5) AS s, sequence(day, date_add(day, 2)) AS d FROM bronze_reviews WHERE tiny > 0 AND year(day) < 9999

-- same: elements from the end
SELECT review_id, element_at(tags, -1) AS a, try_element_at(marks, 2) AS b, get(tags, 1) AS c FROM bronze_reviews

-- same: split is an array
SELECT review_id, split(product_title, ' ') AS words, size(split(product_title, ',')) AS n, split(raw, '') AS c FROM bronze_reviews

-- same: words of a title
SELECT review_id, transform(split(lower(product_title), ' '), w -> initcap(w)) AS w, array_distinct(split(product_title, 'a'))[0] AS f FROM bronze_reviews

-- same: matches
SELECT review_id, regexp_extract_all(product_title, '([a-z])([a-z])', 1) AS m FROM bronze_reviews

-- same: maps taken apart
SELECT review_id, map_keys(attributes) AS k, map_values(attributes) AS v, map_entries(attributes) AS e, map_contains_key(attributes, 'size') AS c FROM bronze_reviews

-- same: maps put together
SELECT review_id, map_concat(attributes, map('stars', star_rating)) AS m, map_from_arrays(array('a', 'b'), array(tiny, small)) AS n FROM bronze_reviews

-- same: maps from entries
SELECT review_id, map_from_entries(array(struct('k', star_rating))) AS m, str_to_map('a=1;b=2', ';', '=') AS s FROM bronze_reviews

-- same: maps by lambdas
SELECT review_id, map_filter(attributes, (k, v) -> v IS NOT NULL) AS f, transform_values(attributes, (k, v) -> length(v)) AS v, transform_keys(attributes, (k, v) -> concat('_', k)) AS k FROM bronze_reviews

-- same: two maps by a lambda
SELECT review_id, map_zip_with(attributes, map('size', star_rating), (k, a, b) -> concat(a, b)) AS z FROM bronze_reviews

-- same: compared whole
SELECT review_id, tags = array('gift', 'toy') AS a, marks < array(3) AS b, geo.place = named_struct('city', 'Paris', 'country', 'FR') AS c, tags <=> NULL AS d FROM bronze_reviews

-- same: in a list
SELECT review_id, tags IN (array('toy'), array('')) AS a, (star_rating, verified_purchase) IN ((5, 'Y'), (1, 'N')) AS b FROM bronze_reviews

-- same: greatest and least
SELECT review_id, greatest(tags, array('m')) AS g, least(marks, array(2, 3)) AS l FROM bronze_reviews

-- same: cast part by part
SELECT review_id, CAST(marks AS array<string>) AS a, CAST(tags AS array<int>) AS b, CAST(geo AS struct<a:string,b:float,c:struct<d:string,e:string>>) AS c FROM bronze_reviews

-- same: cast to text
SELECT review_id, CAST(tags AS string) AS a, CAST(attributes AS string) AS b, CAST(geo AS string) AS c, CAST(items AS string) AS d FROM bronze_reviews

-- same: hashes
SELECT review_id, hash(tags, geo, items) AS h, xxhash64(marks) AS x FROM bronze_reviews

-- same: names without AS
SELECT review_id, tags[0], geo.place, attributes['size'], size(marks), items.sku FROM bronze_reviews

-- same: an alias and its fields
SELECT review_id, struct(star_rating AS stars, tags) AS s, s.stars, s.tags[0] AS t FROM bronze_reviews

-- same: through a subquery
WITH p AS (SELECT review_id, geo.place AS place, transform(tags, t -> lower(t)) AS lower FROM bronze_reviews) SELECT review_id, place.city, lower[0] AS l FROM p WHERE place IS NOT NULL OR size(lower) = 2

-- same: nested columns of customers
SELECT r.review_id, c.prefs, c.labels, c.prefs.lang, c.prefs.topics[0] AS topic, c.labels['tier'] AS tier FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: both sides in one value
SELECT r.review_id, struct(r.tags, c.prefs.topics) AS s, arrays_overlap(r.tags, c.prefs.topics) AS o, concat(r.tags, c.prefs.topics) AS a FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: ON and WHERE over nested columns of customers
SELECT r.review_id, c.customer_name FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id AND c.prefs.lang = 'fr' WHERE c.labels IS NULL OR c.labels['tier'] = 'gold'

-- same: a key that is an element
SELECT r.review_id, c.city FROM bronze_reviews r JOIN bronze_customers c ON split(concat(r.customer_id, '-x'), '-')[0] = c.customer_id

-- same: a key in a map of customers
SELECT r.review_id FROM bronze_reviews r LEFT ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id AND size(c.labels) > 0

-- same: json read
SELECT review_id, from_json(value, 'a int').a AS a, get_json_object(value, '$.a') AS b FROM bronze_reviews

-- same: json made
SELECT review_id, to_json(named_struct('id', review_id, 'tags', tags, 'geo', geo, 'price', price)) AS j, to_json(attributes) AS m, to_json(items) AS i FROM bronze_reviews

-- same: json of times
SELECT review_id, to_json(struct(day, review_timestamp, score, flag)) AS j FROM bronze_reviews WHERE year(day) BETWEEN 1000 AND 3000
