import assert from 'node:assert/strict'
import { evaluator } from '../../functions/sql/evaluate.ts'
import type { Value } from '../../functions/sql/types.ts'
import { compile, NOW, refusal } from '../support/compile-query.ts'

async function resultOf(expression: string): Promise<Value> {
  const { output } = await compile(`SELECT ${expression} AS x FROM bronze_reviews`)
  assert.ok(output[0])
  return evaluator(output[0].expr, [])([])
}

async function refused(expression: string): Promise<string> {
  const message = await refusal(`SELECT ${expression} AS x FROM bronze_reviews`)
  return message.replace(/^silver.sql line 1, column (\d+): /, '$1 ')
}

describe('functions in forms of their own', () => {
  const same: readonly (readonly [string, string])[] = [
    ["overlay('abcdef' PLACING 'XY' FROM 2 FOR 3)", "overlay('abcdef', 'XY', 2, 3)"],
    ["position('c' IN 'abc')", "locate('c', 'abc')"],
    ["position('a' || 'b' IN 'cab')", '2'],
    ["dateadd(MONTH, 1, DATE '2014-01-31')", "TIMESTAMP '2014-02-28 00:00:00'"],
    ["date_add(DATE '2014-01-31', 1)", "DATE '2014-02-01'"],
    ["datediff(HOUR, DATE '2014-01-01', DATE '2014-01-02')", '24L'],
    ["extract(w FROM DATE '2014-01-05')", "weekofyear(DATE '2014-01-05')"],
    ['1 + 2 & 3', '(1 + 2) & 3'],
    ['1 | 2 ^ 3 & 1', '1 | (2 ^ (3 & 1))'],
    ['1 & 1 = 1', '(1 & 1) = 1'],
    ['-~1', '2'],
    ["'b' LIKE ANY ('a', 'b')", 'true'],
    ["'b' NOT LIKE ALL ('a', 'b')", 'false'],
    ["'b' ILIKE ANY ('B')", 'true'],
    ["like('abc', 'a%')", 'true'],
    ['nullifzero(0)', 'NULL'],
    ["repeat('ab', 2147483647)", 'NULL'],
    ['space(2147483647)', 'NULL'],
    ["lpad('a', 2147483647, 'bc')", 'NULL'],
    ['length(space(16777216))', '16777216'],
    ['format_number(1.5, 2147483647)', 'NULL'],
    ['length(format_number(CAST(1 AS double), 400))', '342'],
    ['length(format_number(CAST(1 AS decimal(2,1)), 400))', '402'],
    ['sequence(1L, 16777217L)', 'NULL'],
    ["size(sequence(TIMESTAMP '-290307-01-25 00:00:00', TIMESTAMP '-290308-12-22 00:00:00', INTERVAL -1 MONTH))", '2'],
    ['zeroifnull(CAST(NULL AS int))', '0'],
    ["DATE '2014-01-31' + INTERVAL 1 MONTH", "DATE '2014-02-28'"],
    ["INTERVAL '1' DAY + DATE '2014-01-31'", "DATE '2014-02-01'"],
    ["DATE '2014-01-31' - INTERVAL 1 HOUR", "TIMESTAMP '2014-01-30 23:00:00'"],
    ["TIMESTAMP '2014-01-31 00:00:00' - INTERVAL -1 DAY", "TIMESTAMP '2014-02-01 00:00:00'"],
  ]
  for (const [written, meant] of same) {
    it(`take ${written} as ${meant}`, async () => {
      assert.deepEqual(await resultOf(written), await resultOf(meant === 'NULL' ? 'CAST(NULL AS int)' : meant))
    })
  }

  it('take the time of the run from Plan', async () => {
    assert.equal(await resultOf('unix_timestamp()'), NOW / 1_000_000n)
  })

  it('know interval as a name of a column', async () => {
    const { output } = await compile('SELECT interval, interval - 1 AS less FROM bronze_reviews', [
      { name: 'interval', type: 'int' },
    ])
    assert.deepEqual(
      output.map(({ name }) => name),
      ['interval', 'less'],
    )
  })

  const wrong: readonly (readonly [string, string])[] = [
    ['md5(star_rating)', '12 MD5: expected a string or binary, not int; cast it'],
    ['1.5 & 2', '12 & needs whole numbers, not decimal(2,1) and int; cast them'],
    ['~price', '9 ~: expected a whole number, not decimal(10,2); cast it'],
    ['timestamp_millis(1.5)', '25 TIMESTAMP_MILLIS: expected a whole number, not decimal(2,1); cast it'],
    ['sha2(review_id)', '8 SHA2 takes 2 arguments, not 1'],
    ['pmod(1)', '8 PMOD takes 2 arguments, not 1'],
    ["format_string('%d', 'x')", '28 FORMAT_STRING: %d takes a whole number; cast the argument to bigint'],
    ["format_string('%s %s', 'x')", '31 FORMAT_STRING: there is no argument for %s'],
    ["format_string('%y', 'x')", '28 FORMAT_STRING: %y is not supported; there are %s, %d, %x, %o, %f, %e and %b'],
    ["format_string('100%', 'x')", "30 FORMAT_STRING: '%' is not a conversion; write %% for the character"],
    [
      'format_string(review_id)',
      '22 FORMAT_STRING: this argument must be a constant, because it is checked before any row is read',
    ],
    ["encode('x', 'latin1')", "20 ENCODE: the character set 'latin1' is not supported; use UTF-8"],
    [
      'dateadd(FORTNIGHT, 1, review_timestamp)',
      "16 TIMESTAMPADD: 'FORTNIGHT' is not a unit of time; there are YEAR, QUARTER, MONTH, WEEK, DAY, DAYOFYEAR, HOUR, MINUTE, SECOND, MILLISECOND, MICROSECOND",
    ],
    ['unix_timestamp(1)', '8 UNIX_TIMESTAMP takes text or a time, not int; cast it'],
    ['INTERVAL 1 DAY', '8 an INTERVAL can only be added to a date or timestamp, or subtracted from one'],
    ['review_id + INTERVAL 1 DAY', '8 an INTERVAL is added to a date or timestamp, not to string; cast it'],
    [
      'review_timestamp + INTERVAL 1 MONTH 1 DAY',
      '27 an INTERVAL has either years and months, or days and shorter units; add two of them',
    ],
    ["review_timestamp + INTERVAL '1-12' YEAR TO MONTH", "36 '1-12' is not an INTERVAL YEAR TO MONTH"],
    ["review_timestamp + INTERVAL '1' MONTH TO YEAR", '36 there is no INTERVAL from MONTH to YEAR'],
    [
      'review_timestamp + INTERVAL 1 DAY TO HOUR',
      "42 TO stands between two units, as in INTERVAL '1 02:03' DAY TO MINUTE",
    ],
    ["to_number(review_id, '9,')", "29 TO_NUMBER: in the picture '9,' a comma does not stand between digits"],
    [
      "to_char(review_timestamp, 'yyyy')",
      '16 TO_CHAR: expected a number (DATE_FORMAT writes times), not timestamp; cast it',
    ],
    ["to_binary(review_id, 'octal')", "29 TO_BINARY: 'octal' is not a form of binary; there are hex, utf-8 and base64"],
    [
      '(star_rating, 1) IN ((1, 2, 3))',
      '25 IN needs values of one type, not struct<star_rating:int,col2:int> and struct<star_rating:int,col2:int,col3:int>; cast them',
    ],
    ['array(1)[product_id]', '17 the index of an array is a whole number, not string'],
    ['star_rating[0]', '20 int has no elements; an array, a map or a struct has'],
    [
      "named_struct('stars', star_rating).star",
      '43 there is no field star: struct<stars:int> has stars; did you mean stars?',
    ],
    ["struct(star_rating)['votes']", '28 struct<star_rating:int> has star_rating'],
    ['map(1)', '8 MAP: keys and values come in pairs'],
    ['map(1, 2) = map(1, 2)', "18 maps have no order and can't be compared"],
    ['transform(array(1), 1)', '28 TRANSFORM: expected a lambda, such as x -> x IS NOT NULL'],
    ['transform(product_id, x -> x)', '18 TRANSFORM: expected an array, not string'],
    ['filter(array(1), x -> x + 1)', '25 FILTER: the lambda must give boolean, not int'],
    ['filter(array(1), (a, b, c) -> true)', '26 FILTER: the lambda takes 1 to 2 parameters, not 3'],
    ['zip_with(array(1), array(1), (x, X) -> x)', '41 the lambda has two parameters X'],
    [
      'aggregate(array(1L), 0, (sum, x) -> sum + x)',
      '33 AGGREGATE: the lambda gives bigint and the start is int; cast the start',
    ],
    ['x -> x', '10 a lambda (x -> …) can only be an argument of a function such as TRANSFORM, FILTER or EXISTS'],
    ['upper(x -> x)', '14 a lambda can only be an argument of a function such as TRANSFORM, FILTER or EXISTS'],
    [
      'transform(array(1), x -> y)',
      '33 unknown column y; there are marketplace, customer_id, review_id, product_id, product_title, star_rating, helpful_votes, verified_purchase, review_timestamp, purchase_date, price',
    ],
    ['array_distinct(array(map(1, 2)))', '8 ARRAY_DISTINCT: it does not take array<map<int,int>>; cast them'],
    ["sequence(1, 'x')", '8 SEQUENCE takes whole numbers, or times with an INTERVAL as the step, not int, string'],
    ['element_at(array(1), 1.5)', '8 ELEMENT_AT: it does not take array<int>, decimal(2,1); cast them'],
    ["review_timestamp + INTERVAL 'soon'", '27 this is not an INTERVAL; write it like INTERVAL 1 DAY 2 HOURS'],
    ['review_timestamp + INTERVAL 1 FORTNIGHT', '36 expected a unit such as DAY, found FORTNIGHT'],
    ['format_string(NULL, 1)', '28 FORMAT_STRING: the format is NULL, and so is every result'],
    ["mask(review_id, 'XX')", '24 MASK: each replacement is one character, or NULL'],
    [
      `concat(review_id, '\${x}')`,
      `26 a variable (\${…}) in a string is not filled in here; write the value, or $\\{ for the characters`,
    ],
    [
      "from_json(review_id, 'a int', map('mode', 'FAILFAST'))",
      '8 FROM_JSON: options are not supported; JSON is read and written as Spark does it without any',
    ],
    [
      "to_json(struct(1), map('pretty', 'true'))",
      '8 TO_JSON: options are not supported; JSON is read and written as Spark does it without any',
    ],
    ['uuid()', '8 UUID is not possible: a batch that is processed again must give the same rows'],
  ]
  for (const [expression, message] of wrong) {
    it(`say what is wrong with ${expression}`, async () => {
      assert.equal(await refused(expression), message)
    })
  }
})
