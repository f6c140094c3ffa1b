-- Silver and staging queries as people write them.

-- same: a staging model that renames and casts
WITH source AS (SELECT * FROM bronze_reviews),
renamed AS (
  SELECT review_id AS id, customer_id AS user_id, CAST(star_rating AS tinyint) AS stars, CAST(purchase_date AS date) AS purchased_on, CAST(price AS decimal(12,4)) AS price_usd, review_timestamp AS created_at
  FROM source
)
SELECT * FROM renamed

-- same: a surrogate key over coalesced parts
SELECT md5(CAST(concat(coalesce(CAST(review_id AS string), '_null_'), '-', coalesce(CAST(customer_id AS string), '_null_'), '-', coalesce(CAST(cust_num AS string), '_null_')) AS string)) AS review_key, review_id FROM bronze_reviews

-- same: a hash of a row to see changes
SELECT review_id, sha2(concat_ws('||', product_title, CAST(star_rating AS string), CAST(price AS string), CAST(day AS string), CAST(flag AS string)), 256) AS row_hash FROM bronze_reviews

-- same: xxhash64 as a row's fingerprint
SELECT review_id, xxhash64(review_id, customer_id, star_rating, day, price) AS fingerprint FROM bronze_reviews

-- same: text that is trimmed, folded and emptied
SELECT review_id, nullif(trim(customer_id), '') AS customer_id, initcap(trim(product_title)) AS product_title, upper(nullif(trim(raw), '')) AS raw, lower(coalesce(value, 'n/a')) AS value FROM bronze_reviews

-- same: flags from Y and N
SELECT review_id, CASE WHEN upper(trim(verified_purchase)) IN ('Y', 'YES', 'TRUE', '1') THEN true WHEN upper(trim(verified_purchase)) IN ('N', 'NO', 'FALSE', '0') THEN false END AS is_verified, verified_purchase = 'Y' AS is_y FROM bronze_reviews

-- same: a rating as a word
SELECT review_id, CASE star_rating WHEN 5 THEN 'great' WHEN 4 THEN 'good' WHEN 3 THEN 'fair' ELSE 'poor' END AS rating_class, CASE WHEN star_rating >= 4 THEN 'positive' WHEN star_rating = 3 THEN 'neutral' WHEN star_rating IS NULL THEN NULL ELSE 'negative' END AS sentiment FROM bronze_reviews

-- same: buckets of prices
SELECT review_id, price, CASE WHEN price < 0 THEN 'refund' WHEN price BETWEEN 0 AND 9.99 THEN 'low' WHEN price BETWEEN 10 AND 99.99 THEN 'mid' WHEN price IS NULL THEN 'unknown' ELSE 'high' END AS price_band FROM bronze_reviews

-- same: parts of a date for a date dimension
SELECT review_id, CAST(date_format(day, 'yyyyMMdd') AS int) AS date_key, year(day) AS y, quarter(day) AS q, month(day) AS m, dayofweek(day) AS dow, date_format(day, 'MMMM') AS month_name, date_format(day, 'EEEE') AS day_name, weekofyear(day) AS w, dayofweek(day) IN (1, 7) AS is_weekend FROM bronze_reviews

-- same: a date in several spellings
SELECT review_id, coalesce(to_date(purchase_date), CAST(NULL AS date)) AS a, date_format(to_date(purchase_date), 'yyyy-MM') AS month, last_day(purchase_date) AS month_end, trunc(purchase_date, 'MM') AS month_start, to_date(purchase_date) IS NULL AND purchase_date IS NOT NULL AS is_bad FROM bronze_reviews

-- same: an event's date and hour
SELECT review_id, CAST(review_timestamp AS date) AS event_date, hour(review_timestamp) AS event_hour, date_trunc('hour', review_timestamp) AS event_hour_start, date_format(review_timestamp, 'HH:mm') AS clock, unix_timestamp(review_timestamp) AS epoch FROM bronze_reviews

-- same: time in another zone
SELECT review_id, from_utc_timestamp(review_timestamp, 'America/New_York') AS local_time, to_date(from_utc_timestamp(review_timestamp, 'Asia/Tokyo')) AS tokyo_date, to_utc_timestamp(review_timestamp, 'Europe/Berlin') AS from_berlin FROM bronze_reviews

-- same: epoch milliseconds to a timestamp
SELECT review_id, timestamp_millis(helpful_votes % 4000000000000) AS ts, CAST(helpful_votes % 100000000 AS timestamp) AS seconds, from_unixtime(helpful_votes % 1000000000) AS text, to_timestamp(offset) AS from_offset FROM bronze_reviews

-- same: age in days, months and years
SELECT review_id, datediff(DATE '2024-03-01', day) AS age_days, floor(months_between(DATE '2024-03-01', day)) AS age_months, floor(datediff(DATE '2024-03-01', day) / 365.25) AS age_years FROM bronze_reviews

-- same: rows of one day on
SELECT review_id, day FROM bronze_reviews WHERE day >= '2014-01-01' AND day < date_add('2014-12-31', 1)

-- same: rows of the last years before a day
SELECT review_id, review_timestamp FROM bronze_reviews WHERE review_timestamp >= TIMESTAMP '2016-01-01' - INTERVAL 3 YEARS AND review_timestamp IS NOT NULL

-- same: rows with all that is needed
SELECT * FROM bronze_reviews WHERE review_id IS NOT NULL AND customer_id IS NOT NULL AND trim(customer_id) <> '' AND star_rating BETWEEN 1 AND 5 AND product_title IS NOT NULL

-- same: rows that something is wrong with
SELECT review_id, CASE WHEN customer_id IS NULL THEN 'no customer' WHEN star_rating IS NULL OR star_rating NOT BETWEEN 1 AND 5 THEN 'bad rating' WHEN price < 0 THEN 'bad price' ELSE 'other' END AS reason FROM bronze_reviews WHERE NOT (customer_id IS NOT NULL AND star_rating BETWEEN 1 AND 5 AND price >= 0) OR customer_id IS NULL OR star_rating IS NULL OR price IS NULL

-- same: a count of missing values in a row
SELECT review_id, (CASE WHEN customer_id IS NULL THEN 1 ELSE 0 END) + (CASE WHEN price IS NULL THEN 1 ELSE 0 END) + CAST(day IS NULL AS int) + int(score IS NULL) AS missing FROM bronze_reviews

-- same: numbers out of text with signs and units
SELECT review_id, CAST(regexp_replace(raw, '[^0-9.-]', '') AS double) AS number, TRY_CAST(replace(raw, ',', '') AS int) AS whole, CAST(regexp_extract(raw, '([0-9]+)', 1) AS bigint) AS digits, raw RLIKE '^[0-9]+$' AS is_digits FROM bronze_reviews

-- same: prices with tax, rounded
SELECT review_id, round(price * 1.19, 2) AS gross, CAST(price * 0.19 AS decimal(12,2)) AS tax, price - round(price * 0.1, 2) AS net, round(price / 3, 2) AS third, price * coalesce(star_rating, 0) AS weighted FROM bronze_reviews

-- same: a share that can't divide by zero
SELECT review_id, helpful_votes / nullif(star_rating, 0) AS per_star, coalesce(round(star_rating / nullif(tiny, 0), 3), 0) AS ratio, CASE WHEN small <> 0 THEN CAST(tiny AS double) / small ELSE 0.0D END AS safe FROM bronze_reviews

-- same: words and lengths of a text
SELECT review_id, length(review_body) AS body_length, length(trim(review_body)) = 0 AS is_blank, substring(review_body, 1, 20) AS preview, substring_index(product_title, ' ', 1) AS brand, split(product_title, ' ')[1] AS second_word, concat(left(product_title, 3), '...') AS short FROM bronze_reviews

-- same: an e-mail's parts that are masked
SELECT review_id, split_part(concat(coalesce(customer_id, 'x'), '@example.com'), '@', 2) AS domain, concat(left(customer_id, 1), '***') AS masked, regexp_replace(customer_id, '[0-9]', '#') AS hidden, mask(product_title) AS masked_title FROM bronze_reviews

-- same: whitespace made one
SELECT review_id, trim(regexp_replace(product_title, '\\s+', ' ')) AS title, regexp_replace(review_body, '[\\r\\n\\t]+', ' ') AS body, translate(raw, '+-_', '') AS plain, regexp_replace(lower(trim(product_title)), '[^a-z0-9]+', '-') AS slug FROM bronze_reviews

-- same: padded codes
SELECT review_id, lpad(CAST(star_rating AS string), 3, '0') AS code, concat('C', lpad(cust_num, 8, '0')) AS customer_code, rpad(coalesce(customer_id, ''), 5, '*') AS padded, format_string('%s-%05d', review_id, cust_num) AS formatted FROM bronze_reviews

-- same: a match with patterns of search
SELECT review_id FROM bronze_reviews WHERE lower(product_title) LIKE '%book%' OR product_title ILIKE 'the %' OR review_body RLIKE '(?i)\\b(great|good)\\b'

-- same: text that begins, ends and contains
SELECT review_id, startswith(product_title, 'T') AS a, endswith(review_body, '.') AS b, contains(review_body, 'a') AS c, instr(review_body, 'a') AS d, locate('e', product_title, 2) AS e, position('o' IN product_title) AS f FROM bronze_reviews

-- same: audit columns from the file
SELECT review_id, region, current_date() >= DATE '2020-01-01' AS is_new, 'reviews' AS source_system, 1 AS version, CAST(NULL AS string) AS updated_by FROM bronze_reviews

-- same: the file's name
SELECT review_id, regexp_extract(_metadata.file_path, 'region=([a-z]+)', 1) AS region_of_path, split_part(_metadata.file_name, '.', 1) AS stem, _metadata.file_name LIKE '%.parquet' AS is_parquet FROM bronze_reviews

-- same: joined with customers and filtered on both
SELECT r.review_id, c.customer_name, c.city, r.star_rating FROM bronze_reviews r INNER JOIN bronze_customers c ON r.customer_id = c.customer_id WHERE r.star_rating >= 3 AND c.state IN ('TX', 'CA')

-- same: enriched where there is a customer
SELECT r.review_id, coalesce(c.customer_name, 'Unknown') AS customer_name, coalesce(c.city, 'Unknown') AS city, c.customer_id IS NULL AS is_orphan, nvl2(c.state, 'US', 'XX') AS country FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: joined on cleaned keys
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON lower(trim(r.customer_id)) = lower(trim(c.customer_id))

-- same: joined on cast keys
SELECT r.review_id, c.customer_name, c.balance FROM bronze_reviews r LEFT JOIN bronze_customers c ON CAST(r.cust_num AS bigint) = c.cust_num AND c.gender = 'F'

-- same: joined after both sides are staged
WITH stg_reviews AS (SELECT review_id, trim(customer_id) AS customer_id, star_rating, day FROM bronze_reviews WHERE star_rating IS NOT NULL),
stg_customers AS (SELECT customer_id, initcap(customer_name) AS name, upper(state) AS state, to_date(date_of_birth) AS born FROM bronze_customers WHERE customer_id IS NOT NULL),
final AS (SELECT r.review_id, r.star_rating, c.name, c.state, year(r.day) - year(c.born) AS age FROM stg_reviews r LEFT JOIN stg_customers c ON r.customer_id = c.customer_id)
SELECT review_id, star_rating, name, state, age, CASE WHEN age < 18 THEN 'minor' WHEN age < 65 THEN 'adult' WHEN age >= 65 THEN 'senior' ELSE 'unknown' END AS age_group FROM final

-- same: an age at the time of the review
SELECT r.review_id, floor(months_between(r.review_timestamp, CAST(c.date_of_birth AS date)) / 12) AS age, datediff(r.day, c.date_of_birth) AS days FROM bronze_reviews r JOIN bronze_customers c USING (customer_id)

-- same: reviews of no known customer
SELECT r.review_id, r.customer_id FROM bronze_reviews r LEFT ANTI JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: reviews of customers of a state
SELECT r.review_id, r.price FROM bronze_reviews r WHERE r.customer_id IN (SELECT customer_id FROM bronze_customers WHERE state = 'TX')

-- same: reviews of women
SELECT * FROM bronze_reviews r LEFT SEMI JOIN bronze_customers c ON r.customer_id = c.customer_id AND c.gender = 'F'

-- same: a default for a customer that is not there
SELECT r.review_id, IF(c.customer_id IS NULL, -1, c.cust_num) AS customer_key, ifnull(c.balance, 0) AS balance, nvl(c.gender, 'U') AS gender FROM bronze_reviews r LEFT OUTER JOIN bronze_customers c ON c.customer_id = r.customer_id

-- same: names of customers cut up
SELECT r.review_id, split(c.customer_name, ' ')[0] AS first_name, element_of, length(element_of) AS n FROM (SELECT review_id, customer_id, substring_index(product_title, ' ', -1) AS element_of FROM bronze_reviews) r JOIN bronze_customers c ON r.customer_id = c.customer_id

-- same: a column of columns used again
SELECT review_id, coalesce(price, 0) AS base, base * 0.2 AS tax, base + tax AS total, total > 10 AS is_large FROM bronze_reviews

-- same: nested queries, three deep
SELECT id, stars + 1 AS more FROM (SELECT id, stars FROM (SELECT review_id AS id, star_rating AS stars, flag FROM bronze_reviews WHERE flag) WHERE stars > 1) AS t WHERE id LIKE 'r0%'

-- same: a score between bounds
SELECT review_id, least(greatest(score, 0), 100) AS clamped, greatest(coalesce(star_rating, 0), coalesce(tiny, 0), 1) AS most, CASE WHEN isnan(score) THEN NULL ELSE round(score, 3) END AS score, nanvl(score, 0) AS plain FROM bronze_reviews

-- same: booleans from numbers and text
SELECT review_id, CAST(star_rating AS boolean) AS a, CAST(raw AS boolean) AS b, flag IS TRUE AS c, flag IS NOT FALSE AS d, coalesce(flag, false) AS e, NOT coalesce(flag, true) AS f, if(flag, 'Y', 'N') AS g FROM bronze_reviews

-- same: decode as in Oracle
SELECT review_id, decode(verified_purchase, 'Y', 'Yes', 'N', 'No', 'Unknown') AS verified, decode(star_rating, 1, 'one', 2, 'two', NULL, 'none') AS stars, nvl(raw, 'none') AS raw FROM bronze_reviews

-- same: a null-safe comparison of two columns
SELECT review_id, star_rating <=> tiny AS same, star_rating IS DISTINCT FROM tiny AS differs, equal_null(customer_id, raw) AS equal FROM bronze_reviews

-- same: wide and narrow numbers side by side
SELECT review_id, CAST(helpful_votes AS int) AS votes, CAST(price AS int) AS dollars, CAST(price * 100 AS bigint) AS cents, CAST(score AS decimal(10,2)) AS score, CAST(ratio AS double) AS ratio, CAST(huge AS decimal(20,2)) AS huge FROM bronze_reviews

-- same: a percentage as text
SELECT review_id, concat(CAST(round(star_rating / 5.0 * 100, 1) AS string), '%') AS share, format_number(price, 2) AS shown, concat('$', CAST(price AS string)) AS dollars FROM bronze_reviews

-- same: columns in backticks and odd names
SELECT `review_id` AS `Review`, r.`odd name` AS odd_name, r.`order` AS `Order`, `timestamp` AS ts, `value` AS `Value` FROM bronze_reviews AS r

-- same: kafka fields
SELECT CAST(value AS string) AS payload, CAST(timestamp AS string) AS at, offset, CAST(offset AS string) || '-' || region AS position FROM bronze_reviews WHERE value IS NOT NULL

-- same: bytes as text and hexadecimal
SELECT review_id, CAST(bytes AS string) AS text, hex(bytes) AS hex, base64(bytes) AS b64, length(bytes) AS n, md5(bytes) AS digest, decode(bytes, 'UTF-8') AS decoded, unhex(hex(product_title)) AS back FROM bronze_reviews

-- same: a semester and a fiscal year
SELECT review_id, CASE WHEN month(day) <= 6 THEN 1 ELSE 2 END AS half, year(add_months(day, 6)) AS fiscal_year, concat('FY', year(add_months(day, 6)), '-Q', quarter(add_months(day, 6))) AS fiscal_quarter, ceil(day(day) / 7.0) AS week_of_month FROM bronze_reviews

-- same: the start and end of a week
SELECT review_id, date_trunc('week', day) AS week_start, next_day(day, 'Sunday') AS next_sunday, date_sub(next_day(day, 'MON'), 7) AS monday, date_add(trunc(day, 'week'), 6) AS week_end FROM bronze_reviews

-- same: seconds between two times
SELECT review_id, unix_timestamp(review_timestamp) - unix_timestamp(CAST(day AS timestamp)) AS seconds, (CAST(review_timestamp AS bigint) - CAST(CAST(day AS timestamp) AS bigint)) / 3600 AS hours, timestampdiff(MINUTE, CAST(day AS timestamp), review_timestamp) AS minutes, datediff(HOUR, day, review_timestamp) AS h FROM bronze_reviews

-- same: a shift of time by hours and minutes
SELECT review_id, review_timestamp + INTERVAL 5 HOURS 30 MINUTES AS india, review_timestamp - INTERVAL '30' MINUTE AS before, day + INTERVAL 1 WEEK AS next_week, dateadd(DAY, -1, day) AS yesterday, timestampadd(SECOND, 90, review_timestamp) AS later FROM bronze_reviews

-- same: a shift of time by an interval from one unit to another
SELECT review_id, review_timestamp + INTERVAL '1 02:03:04.5' DAY TO SECOND AS a, review_timestamp - INTERVAL '1 02:03' DAY TO MINUTE AS b, review_timestamp + INTERVAL '1 2' DAY TO HOUR AS c, review_timestamp + INTERVAL '10:20' HOUR TO MINUTE AS d, review_timestamp + INTERVAL '10:20:30.123456' HOUR TO SECOND AS e, review_timestamp - INTERVAL '-5:6' MINUTE TO SECOND AS f, day + INTERVAL '1-2' YEAR TO MONTH AS g, review_timestamp - INTERVAL '-3-11' YEAR TO MONTH AS h, review_timestamp + INTERVAL -'1-1' YEAR TO MONTH AS i, day - INTERVAL '2 00:00:00' DAY TO SECOND AS j FROM bronze_reviews WHERE review_timestamp < TIMESTAMP '9000-01-01' AND day BETWEEN DATE '0100-01-01' AND DATE '9000-01-01'

-- same: intervals without a name
SELECT day + INTERVAL 1 YEAR, day - INTERVAL '2' MONTH, review_timestamp + INTERVAL '1 02' DAY TO HOUR, review_timestamp - INTERVAL 90 MINUTES, review_timestamp + INTERVAL 1 DAY 3 HOURS FROM bronze_reviews WHERE review_timestamp < TIMESTAMP '9000-01-01' AND day < DATE '9000-01-01'

-- same: pairs in a list of pairs
SELECT review_id, star_rating, verified_purchase FROM bronze_reviews WHERE (star_rating, verified_purchase) IN ((5, 'Y'), (1, 'N'), (3, 'y'))

-- same: pairs not in a list of pairs
SELECT review_id, (star_rating, region) NOT IN ((5, 'eu'), (4, 'us')) AS a, (star_rating, price) IN ((5, CAST(10 AS decimal(10,2))), (1, CAST(19.99 AS decimal(10,2)))) AS b, (tiny, small) IN ((5Y, 7S), (CAST(NULL AS tinyint), 7S)) AS c FROM bronze_reviews

-- same: lists of search words
SELECT review_id, product_title LIKE ANY ('%o%', 'T%') AS a, product_title NOT LIKE ALL ('%x%', '%z%') AS b, lower(review_body) LIKE ALL ('%a%', '%e%') AS c FROM bronze_reviews

-- same: a template's signs inside a string
SELECT review_id, concat('${', product_title, '}') AS a, '{{ x }}' AS b, '{% y %}' AS c, '$\{day}' AS d FROM bronze_reviews

-- same: everything is text, as a CSV gives it
SELECT CAST(star_rating AS string) AS star_rating, CAST(price AS string) AS price, CAST(score AS string) AS score, CAST(flag AS string) AS flag, CAST(day AS string) AS day, CAST(review_timestamp AS string) AS review_timestamp, CAST(huge AS string) AS huge FROM bronze_reviews WHERE score IS NULL OR abs(score) < 1e6

-- same: a type for each column of text
SELECT CAST(raw AS int) AS i, CAST(raw AS bigint) AS l, CAST(raw AS double) AS x, CAST(raw AS decimal(18,4)) AS n, CAST(raw AS date) AS d, CAST(raw AS timestamp) AS t, CAST(raw AS boolean) AS b FROM bronze_reviews WHERE raw NOT RLIKE '^ *[0-9]+:[0-9]'

-- same: a price with a currency
SELECT review_id, named.price_text, concat_ws(' ', named.price_text, named.currency) AS price_with_currency FROM (SELECT review_id, CAST(price AS string) AS price_text, CASE region WHEN 'eu' THEN 'EUR' WHEN 'us' THEN 'USD' END AS currency FROM bronze_reviews) named WHERE named.currency = 'EUR'

-- same: by region, with a default branch
SELECT review_id, CASE WHEN region = 'eu' AND star_rating > 3 THEN 'eu-good' WHEN region = 'eu' THEN 'eu' WHEN region IN ('us', 'ca') THEN 'na' END AS market FROM bronze_reviews WHERE region IS NOT NULL

-- same: modulo buckets of a hash
SELECT review_id, pmod(hash(customer_id), 16) AS bucket, abs(xxhash64(review_id)) % 10 AS sample, crc32(review_id) % 4 AS shard, conv(substring(md5(review_id), 1, 4), 16, 10) AS number FROM bronze_reviews

-- same: a bitmask of conditions
SELECT review_id, CAST(flag AS int) * 1 + CAST(verified_purchase = 'Y' AS int) * 2 | shiftleft(CAST(star_rating > 3 AS int), 2) AS mask, star_rating & 1 AS odd, bit_count(cust_num) AS bits FROM bronze_reviews

-- same: a URL cut up
SELECT review_id, parse_url(concat('https://shop.example.com/p/', coalesce(cust_num, 0), '?id=', coalesce(star_rating, 0), '&r=', region), 'HOST') AS host, parse_url(concat('https://shop.example.com/p?id=', coalesce(star_rating, 0)), 'QUERY', 'id') AS id, url_encode(product_title) AS encoded FROM bronze_reviews

-- same: distances and soundex
SELECT review_id, levenshtein(product_title, 'The Book') AS distance, soundex(product_title) AS sound, reverse(customer_id) AS reversed, ascii(product_title) AS code, repeat('*', star_rating % 6) AS stars FROM bronze_reviews

-- same: latitudes as people compute them
SELECT review_id, round(2 * 6371 * asin(sqrt(0.25)), 3) AS km, round(degrees(radians(star_rating * 10)), 6) AS degrees, sign(score) AS s, abs(tiny) AS t FROM bronze_reviews

-- same: SELECT * with columns added
SELECT *, year(day) AS year, month(day) AS month, 'bronze' AS layer FROM bronze_reviews

-- same: stars of both sides with USING
SELECT * FROM bronze_reviews LEFT JOIN (SELECT customer_id, customer_name AS full_name, city AS town FROM bronze_customers) c USING (customer_id)

-- same: a comma join with conditions in WHERE
SELECT r.review_id, c.city FROM bronze_reviews r, bronze_customers c WHERE r.customer_id = c.customer_id AND r.star_rating > 2 AND (c.gender = 'F' OR c.state = 'TX')

-- same: conditions on both sides that need the pair
SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id AND r.price > c.balance WHERE coalesce(c.city, '') <> r.region

-- same: exists, with two conditions
SELECT review_id FROM bronze_reviews r WHERE EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id AND c.gender IS NOT NULL) AND r.star_rating IS NOT NULL

-- same: not exists, for orphans with a key
SELECT review_id, customer_id FROM bronze_reviews r WHERE customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bronze_customers c WHERE c.customer_id = r.customer_id)

-- same: a right join as some write it
SELECT r.review_id, c.customer_name FROM bronze_customers c RIGHT JOIN bronze_reviews r ON c.customer_id = r.customer_id WHERE r.day IS NOT NULL

-- same: names and spaces in every clause
select  review_id
      , Star_Rating        as   rating
      , case when star_rating is null then 'n/a' else cast(star_rating as string) end   as rating_text
      , coalesce ( product_title , 'untitled' )  as title   -- a default
from bronze_reviews /* the source */ as r
where 1 = 1
  and r.star_rating <> 0
  and ( r.region = 'eu'  or  r.region = 'us' )

-- same: numbers read and written by a picture
SELECT review_id, to_number(raw, '999') AS a, try_to_number(raw, '9999') AS b, to_char(price, '999,999,999.99') AS c, to_char(star_rating, '009') AS d, to_varchar(score, '9999.99') AS e FROM bronze_reviews WHERE raw RLIKE '^[0-9]{1,3}$'

-- same: bytes read by their form
SELECT review_id, to_binary(hex(product_title), 'hex') AS a, try_to_binary(raw, 'hex') AS b, to_binary(product_title, 'utf-8') AS c, try_to_binary(base64(bytes), 'base64') AS d FROM bronze_reviews
