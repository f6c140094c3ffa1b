/** The scalar functions of Spark 3.5, by the names that SHOW FUNCTIONS lists. */
export const SPARK_FUNCTIONS: ReadonlySet<string> = new Set(
  `
  abs acos acosh add_months aes_decrypt aes_encrypt aggregate array array_append array_compact array_contains
  array_distinct array_except array_insert array_intersect array_join array_max array_min array_position array_prepend
  array_remove array_repeat array_size array_sort array_union arrays_overlap arrays_zip ascii asin asinh assert_true
  atan atan2 atanh base64 bigint bin binary bit_count bit_get bit_length bitmap_bit_position bitmap_bucket_number
  bitmap_count boolean bround btrim cardinality cast cbrt ceil ceiling char char_length character_length chr coalesce
  concat concat_ws contains conv convert_timezone cos cosh cot crc32 csc curdate current_catalog current_database
  current_date current_schema current_timestamp current_timezone current_user date date_add date_diff date_format
  date_from_unix_date date_part date_sub date_trunc dateadd datediff datepart day dayofmonth dayofweek dayofyear
  decimal decode degrees div double e element_at elt encode endswith equal_null exists exp expm1 extract factorial
  filter find_in_set flatten float floor forall format_number format_string from_csv from_json from_unixtime
  from_utc_timestamp get get_json_object getbit greatest hash hex hll_sketch_estimate hll_union hour hypot if ifnull
  ilike initcap input_file_block_length input_file_block_start input_file_name instr int isnan isnotnull isnull
  java_method json_array_length json_object_keys json_tuple last_day lcase least left len length levenshtein like ln
  localtimestamp locate log log10 log1p log2 lower lpad ltrim luhn_check make_date make_dt_interval make_interval
  make_timestamp make_timestamp_ltz make_timestamp_ntz make_ym_interval map map_concat map_contains_key map_entries
  map_filter map_from_arrays map_from_entries map_keys map_values map_zip_with mask md5 minute mod month
  months_between named_struct nanvl negative next_day now nullif nvl nvl2 octet_length overlay parse_url pi pmod
  position positive pow power printf quarter radians raise_error reduce reflect regexp regexp_count regexp_extract
  regexp_extract_all regexp_instr regexp_like regexp_replace regexp_substr repeat replace reverse right rint rlike
  round rpad rtrim schema_of_csv schema_of_json sec second sentences sequence session_window sha sha1 sha2 shiftleft
  shiftright shiftrightunsigned sign signum sin sinh size slice smallint sort_array soundex space split split_part
  sqrt startswith str_to_map string struct substr substring substring_index tan tanh timestamp timestamp_micros
  timestamp_millis timestamp_seconds tinyint to_binary to_char to_csv to_date to_json to_number to_timestamp
  to_timestamp_ltz to_timestamp_ntz to_unix_timestamp to_utc_timestamp to_varchar transform transform_keys
  transform_values translate trim trunc try_add try_aes_decrypt try_divide try_element_at try_multiply try_subtract
  try_to_binary try_to_number try_to_timestamp typeof ucase unbase64 unhex unix_date unix_micros unix_millis
  unix_seconds unix_timestamp upper url_decode url_encode user version weekday weekofyear width_bucket window
  window_time xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string
  xxhash64 year zip_with
  `
    .trim()
    .split(/\s+/),
)
