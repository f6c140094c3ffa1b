export type Sort =
  | 'boolean'
  | 'whole'
  | 'number'
  | 'text'
  | 'date'
  | 'timestamp'
  | 'binary'
  | 'array'
  | 'map'
  | 'struct'
const list = (text: string): string[] => text.split(' ; ')

export type Leaves = Readonly<Record<Sort, readonly string[]>>

/** What expressions are made of, by sort: columns of the reviews of the parity lake, all of them, and constants. */
export const OF_REVIEWS: Leaves = {
  boolean: list('r.flag ; true ; CAST(NULL AS boolean)'),
  whole: list(
    'r.star_rating ; r.cust_num ; r.helpful_votes ; r.tiny ; r.small ; r.offset ; 0 ; -1 ; 3 ; 2147483647 ; 9L',
  ),
  number: list("r.price ; r.score ; r.ratio ; r.huge ; r.star_rating ; 1.5 ; 2.5e0 ; -0.0 ; double('NaN') ; 1e308"),
  text: list(
    "r.customer_id ; r.review_id ; r.product_title ; r.verified_purchase ; r.purchase_date ; r.raw ; r.`timestamp` ; r.value ; r.`order` ; r.`odd name` ; r.region ; '' ; 'a,b' ; '2014-01-05 07:15:00' ; r._metadata.file_name ; NULL",
  ),
  date: list("r.day ; DATE '2024-02-29' ; to_date(r.purchase_date)"),
  timestamp: list("r.review_timestamp ; TIMESTAMP '1969-12-31 23:59:59.999999' ; current_timestamp()"),
  binary: list("r.bytes ; X'00FF'"),
  array: list('r.tags ; r.marks ; r.items ; array(1, NULL) ; array() ; map_values(r.attributes)'),
  map: list("r.attributes ; map('k', 1) ; map_from_arrays(r.tags, r.tags)"),
  struct: list('r.geo ; r.geo.place ; r.items[0] ; struct(r.flag, r.tags AS t)'),
}

/** Those of a joined customer. */
export const OF_CUSTOMERS: Partial<Leaves> = {
  number: list('c.balance'),
  whole: list('c.cust_num'),
  text: list('c.customer_id ; c.city ; c.date_of_birth ; c.prefs.lang'),
  array: list('c.prefs.topics'),
  map: list('c.labels'),
  struct: list('c.prefs'),
}

export const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  pattern: list("',' ; '[a-c]+' ; '(\\\\d+)-(\\\\d+)' ; '^(.*)$' ; '(a|b)?'"),
  like: list("'%a%' ; '_b%' ; 'a\\\\_%' ; ''"),
  format: list("'yyyy-MM-dd HH:mm:ss' ; 'D EEE a' ; 'SSSSSS'"),
  'parse format': list("'yyyy-MM-dd' ; 'yyyy-MM-dd HH:mm:ss' ; 'd/M/yy'"),
  unit: list("'year' ; 'week' ; 'hour' ; 'microsecond'"),
  'date unit': list("'quarter' ; 'month'"),
  'difference unit': list('MONTH ; SECOND'),
  charset: list("'UTF-8'"),
  picture: list("'999.99' ; 'S9,999' ; '$0000'"),
  'binary form': list("'hex' ; 'base64' ; 'utf-8'"),
  'constant int': list('0 ; 1 ; 2 ; -1'),
  'constant string': list("'x' ; '%s' ; '%d' ; '$1' ; NULL"),
}

export const LAMBDAS: Readonly<Record<string, readonly string[]>> = {
  filter: list('x -> x IS NOT NULL ; (x, i) -> i > 0'),
  exists: list('x -> x IS NULL'),
  forall: list('x -> x IS NOT NULL'),
  transform: list('x -> x ; (x, i) -> i ; x -> struct(x) ; x -> upper(CAST(x AS string)) ; x -> coalesce(x, r.raw)'),
  'array-sort-by': ['(a, b) -> 0', '(a, b) -> CASE WHEN a < b THEN -1 WHEN a > b THEN 1 ELSE 0 END'],
  zip_with: list('(a, b) -> a ; (a, b) -> struct(a, b)'),
  map_filter: list('(k, v) -> v IS NOT NULL'),
  transform_keys: list('(k, v) -> upper(k) ; (k, v) -> v'),
  transform_values: list('(k, v) -> array(k, v)'),
  map_zip_with: list('(k, a, b) -> coalesce(a, b)'),
  aggregate: list("(sum, x) -> sum || 'x' ; (sum, x) -> sum"),
}

export const TYPES = list(
  'boolean ; tinyint ; smallint ; int ; bigint ; float ; double ; decimal(10,2) ; decimal(38,18) ; string ; date ; timestamp ; binary ; array<string> ; map<string,string> ; struct<a:int,b:string>',
)

/** Forms and functions that are not in the table, because they become others; in braces the sorts of what they take. */
export const FORMS: Partial<Leaves> = {
  boolean: list(
    "{text} ILIKE '%A_' ; {date} BETWEEN {date} AND {timestamp} ; {number} IS DISTINCT FROM {whole} ; {text} NOT LIKE ANY ('a%', '_') ; ({text}, {whole}) IN (('a', 1))",
  ),
  whole: list(
    "date_part('DOY', {timestamp}) ; extract(WEEK FROM {date}) ; zeroifnull({whole}) ; datediff(HOUR, {timestamp}, {date}) ; unix_timestamp({text})",
  ),
  number: list('try_divide({number}, {whole}) ; {number} - {number} ; extract(SECOND FROM {timestamp})'),
  text: list(
    "typeof({struct}) ; decode({text}, {text}, {text}, 'x') ; nvl2({array}, {text}, {text}) ; {text} || {whole}",
  ),
  date: list('{date} + 1 ; {date} - INTERVAL 3 DAYS ; dateadd({date}, {whole})'),
  timestamp: list(
    "{timestamp} - INTERVAL 1 MONTH ; dateadd(DAY, {whole}, {timestamp}) ; to_timestamp({text}, 'yyyy-MM')",
  ),
  array: list('sequence({date}, {date}, INTERVAL 1 MONTH) ; split({text}, {text}) ; nullif({array}, {array})'),
}
