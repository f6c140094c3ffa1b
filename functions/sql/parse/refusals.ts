import type { Cursor } from './cursor.ts'

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

const AGGREGATES = words(`
  COUNT COUNT_IF SUM AVG MEAN MIN MAX MIN_BY MAX_BY FIRST FIRST_VALUE LAST LAST_VALUE ANY_VALUE COLLECT_LIST
  COLLECT_SET ARRAY_AGG APPROX_COUNT_DISTINCT APPROX_PERCENTILE PERCENTILE PERCENTILE_APPROX MEDIAN MODE
  STDDEV STDDEV_POP STDDEV_SAMP STD VARIANCE VAR_POP VAR_SAMP CORR COVAR_POP COVAR_SAMP SKEWNESS KURTOSIS
  BOOL_AND BOOL_OR EVERY SOME ANY BIT_AND BIT_OR GROUPING GROUPING_ID BITMAP_CONSTRUCT_AGG BITMAP_OR_AGG
  BIT_XOR COUNT_MIN_SKETCH HISTOGRAM_NUMERIC HLL_SKETCH_AGG HLL_UNION_AGG REGR_AVGX REGR_AVGY REGR_COUNT
  REGR_INTERCEPT REGR_R2 REGR_SLOPE REGR_SXX REGR_SXY REGR_SYY TRY_AVG TRY_SUM
`)
const WINDOW = words(`
  ROW_NUMBER RANK DENSE_RANK PERCENT_RANK CUME_DIST NTILE LAG LEAD NTH_VALUE
`)
const GENERATORS = words(`
  EXPLODE EXPLODE_OUTER POSEXPLODE POSEXPLODE_OUTER INLINE INLINE_OUTER STACK JSON_TUPLE
`)
const RANDOM = words(`
  RAND RANDOM RANDN UUID SHUFFLE MONOTONICALLY_INCREASING_ID SPARK_PARTITION_ID
`)

const APPENDED = 'silver is appended batch by batch'
const STATIC =
  'of the customers alone Spark takes it in a subquery, which is not supported yet: prepare that table before'

/** Refuses what would need rows of other batches. In a subquery it may be meant for the customers, which don't grow within a run. */
function failAppended(cursor: Cursor, reason: string, at?: number): never {
  return cursor.fail(cursor.queries > 1 ? `${reason}; ${STATIC}` : reason, at)
}

/** Refuses functions that can't have one meaning in append mode, with the reason. `word` is upper case. */
export function refuseCall(cursor: Cursor, word: string, at: number): void {
  if (AGGREGATES.has(word)) {
    failAppended(
      cursor,
      `the aggregate ${word} is not possible: ${APPENDED}, and an aggregate of a batch could still change with the next; aggregate silver.reviews in Athena`,
      at,
    )
  }
  if (WINDOW.has(word)) {
    failAppended(
      cursor,
      `the window function ${word} is not possible: ${APPENDED}, and later rows could change a window; use it over silver.reviews in Athena`,
      at,
    )
  }
  if (GENERATORS.has(word))
    cursor.fail(`${word} is not supported: one review gives one row for each customer it matches`, at)
  if (RANDOM.has(word))
    cursor.fail(`${word} is not possible: a batch that is processed again must give the same rows`, at)
}

const STATEMENTS = words(`
  INSERT UPDATE DELETE MERGE CREATE DROP ALTER TRUNCATE MSCK REFRESH CACHE SET USE EXPLAIN DESCRIBE SHOW ANALYZE
  CALL GRANT REPLACE LOAD COPY VALUES TABLE FROM MAP REDUCE
`)

/** Refuses a text that does not begin with SELECT or WITH. */
export function refuseStatement(cursor: Cursor): void {
  const token = cursor.peek()
  if (token.kind === 'end') cursor.fail('there is no statement; write one SELECT')
  if (STATEMENTS.has(token.text.toUpperCase())) {
    cursor.fail(
      `${token.text.toUpperCase()} is not possible: the text is one SELECT, and its rows are what is appended to silver`,
    )
  }
}

const CLAUSES: readonly (readonly [readonly string[], string])[] = [
  [
    ['GROUP', 'BY'],
    `GROUP BY is not possible: ${APPENDED}, and a group could still grow with the next; group silver.reviews in Athena`,
  ],
  [
    ['HAVING'],
    `HAVING is not possible: it filters groups, and ${APPENDED}; use WHERE, or group silver.reviews in Athena`,
  ],
  [
    ['ORDER', 'BY'],
    `ORDER BY is not possible: ${APPENDED}, and a table has no order; sort when you read silver.reviews`,
  ],
  [['SORT', 'BY'], `SORT BY is not possible: rows keep the order of their bronze file`],
  [['CLUSTER', 'BY'], 'CLUSTER BY is not possible: silver is partitioned by ingest_date and batch'],
  [['DISTRIBUTE', 'BY'], 'DISTRIBUTE BY is not possible: silver is partitioned by ingest_date and batch'],
  [
    ['LIMIT'],
    `LIMIT is not possible: ${APPENDED}, and every review must be accounted for; limit when you read silver.reviews`,
  ],
  [['OFFSET'], `OFFSET is not possible: ${APPENDED}; use it when you read silver.reviews`],
  [
    ['WINDOW'],
    `WINDOW is not possible: ${APPENDED}, and later rows could change a window; use one over silver.reviews in Athena`,
  ],
  [['QUALIFY'], `QUALIFY is not possible: it filters windows, and ${APPENDED}; use it over silver.reviews in Athena`],
  [['UNION'], 'UNION is not supported: silver is one SELECT over the two views'],
  [['INTERSECT'], `INTERSECT is not possible: ${APPENDED}, and it compares with all rows`],
  [['EXCEPT'], `EXCEPT is not possible: ${APPENDED}, and it compares with all rows; use LEFT ANTI JOIN or NOT EXISTS`],
  [['MINUS'], `MINUS is not possible: ${APPENDED}, and it compares with all rows; use LEFT ANTI JOIN or NOT EXISTS`],
  [['LATERAL'], 'LATERAL is not supported: one review gives one row for each customer it matches'],
  [['TABLESAMPLE'], 'TABLESAMPLE is not possible: every review must be accounted for'],
  [['PIVOT'], `PIVOT is not possible: it aggregates, and ${APPENDED}; pivot silver.reviews in Athena`],
  [['UNPIVOT'], 'UNPIVOT is not supported: one review gives one row for each customer it matches'],
]

/** Refuses a clause that append mode can't do, if one comes next, with the reason. */
export function refuseClause(cursor: Cursor): void {
  for (const [words, reason] of CLAUSES) {
    if (cursor.at(...words)) reason.includes(APPENDED) ? failAppended(cursor, reason) : cursor.fail(reason)
  }
}

/** Refuses DISTINCT behind SELECT. */
export function refuseDistinct(cursor: Cursor): void {
  if (cursor.at('DISTINCT')) {
    failAppended(
      cursor,
      `DISTINCT is not possible: ${APPENDED}, and an equal row could come with a later one; use it over silver.reviews in Athena`,
    )
  }
}

/** Refuses OVER and FILTER behind a call. */
export function refuseBehindCall(cursor: Cursor): void {
  if (cursor.at('OVER')) {
    failAppended(
      cursor,
      `window functions (OVER) are not possible: ${APPENDED}, and later rows could change a window; use one over silver.reviews in Athena`,
    )
  }
  if (cursor.at('FILTER', '(')) cursor.fail('FILTER belongs to aggregates, which are not possible here; use WHERE')
}

const SHIFTS = '<< and >> are not in Spark 3.5; write shiftleft(value, bits) and shiftright(value, bits)'
const FIELD = 'a field of what an expression gives is not supported yet: nested columns are copied whole'

/** Refuses what can stand behind a value in Spark's SQL and is not supported, if it comes next. */
export function refuseBehindValue(cursor: Cursor): void {
  const token = cursor.peek()
  if (token.kind !== 'symbol') return
  const following = cursor.peek(1)
  if (token.text === '.' && (following.kind !== 'symbol' || following.text === '*')) cursor.fail(FIELD)
  if (token.text === '->') cursor.fail(LAMBDA)
  const doubled = (token.text === '<' || token.text === '>') && cursor.at(token.text, token.text)
  if (doubled && following.at === token.end) cursor.fail(SHIFTS)
}

const LAMBDA = 'lambdas (x -> …) are not supported yet: nested columns are copied whole'

/** Refuses `(a, b) -> …`, where the comma comes next. */
export function refuseLambda(cursor: Cursor): void {
  let ahead = 0
  while (cursor.peek(ahead).text === ',' && cursor.peek(ahead + 1).kind === 'word') ahead += 2
  if (cursor.peek(ahead).text === ')' && cursor.peek(ahead + 1).text === '->')
    cursor.fail(LAMBDA, cursor.peek(ahead + 1).at)
}

/** Refuses `* EXCEPT (…)` and its like behind a star. */
export function refuseStarOptions(cursor: Cursor): void {
  if (!/^(EXCEPT|EXCLUDE|REPLACE|RENAME)$/i.test(cursor.peek().text)) return
  if (cursor.peek(1).text !== '(' || /^(SELECT|WITH|\()$/i.test(cursor.peek(2).text)) return
  cursor.fail(`* ${cursor.peek().text.toUpperCase()} (…) is not in Spark 3.5; list the columns one by one`)
}

/** Refuses templates and parameters, which something else would have to put values into, wherever they stand. */
export function refuseTemplates(cursor: Cursor): void {
  for (let ahead = 0; cursor.peek(ahead).kind !== 'end'; ahead++) {
    const token = cursor.peek(ahead)
    const following = cursor.peek(ahead + 1)
    if (token.kind !== 'symbol' || following.at !== token.end) continue
    const pair = token.text + following.text
    if (/^(\{[{%#]|\$\{)/.test(pair)) {
      const what = pair[0] === '$' ? `variables (\${…})` : 'templates ({{ … }}, {% … %})'
      cursor.fail(
        `${what} are not filled in here: silver.sql is SQL as it runs; render it before, or write the value`,
        token.at,
      )
    }
  }
}
