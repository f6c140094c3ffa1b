import type { Cursor } from './cursor.ts'

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

const RANDOM = words(`
  RAND RANDOM RANDN UUID SHUFFLE MONOTONICALLY_INCREASING_ID SPARK_PARTITION_ID
`)

/** Refuses functions that can't have one meaning, with the reason. `word` is upper case. */
export function refuseCall(cursor: Cursor, word: string, at: number): void {
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
    let ahead = 1
    while (cursor.peek(ahead).kind !== 'end' && cursor.peek(ahead).text.toUpperCase() !== 'EXPECT') ahead++
    const rules = cursor.peek(ahead).kind === 'word' ? '; write the CONSTRAINT … EXPECT (…) before the SELECT' : ''
    cursor.fail(
      `${token.text.toUpperCase()} is not possible: the text must be one SELECT, whose rows are appended to silver${rules}`,
    )
  }
}

const CLAUSES: readonly (readonly [readonly string[], string])[] = [
  [['SORT', 'BY'], `SORT BY is not possible: rows keep the order of their bronze file`],
  [['CLUSTER', 'BY'], 'CLUSTER BY is not possible: silver is partitioned by ingest_date and batch'],
  [['DISTRIBUTE', 'BY'], 'DISTRIBUTE BY is not possible: silver is partitioned by ingest_date and batch'],
  [['TABLESAMPLE'], 'TABLESAMPLE is not possible: every review must be accounted for'],
  [['PIVOT'], 'PIVOT (…) comes right after the relations of FROM'],
  [['UNPIVOT'], 'UNPIVOT is not supported; write STACK(n, …), which makes n rows of one'],
]

/** Refuses a clause that can't be done, if one comes next, with the reason. */
export function refuseClause(cursor: Cursor): void {
  for (const [words, reason] of CLAUSES) if (cursor.at(...words)) cursor.fail(reason)
}

const SHIFTS = '<< and >> are not in Spark 3.5; write shiftleft(value, bits) and shiftright(value, bits)'

/** Refuses what can stand after a value in Spark's SQL and is not supported, if it comes next. */
export function refuseBehindValue(cursor: Cursor): void {
  const token = cursor.peek()
  if (token.kind !== 'symbol') return
  const following = cursor.peek(1)
  if (token.text === '->') cursor.fail(LAMBDA)
  const doubled = (token.text === '<' || token.text === '>') && cursor.at(token.text, token.text)
  if (doubled && following.at === token.end) cursor.fail(SHIFTS)
}

const LAMBDA = 'a lambda (x -> …) can only be an argument of a function such as TRANSFORM, FILTER or EXISTS'

/** Refuses `* EXCEPT (…)` and similar options of a star. */
export function refuseStarOptions(cursor: Cursor): void {
  if (!/^(EXCEPT|EXCLUDE|REPLACE|RENAME)$/i.test(cursor.peek().text)) return
  if (cursor.peek(1).text !== '(' || /^(SELECT|WITH|\()$/i.test(cursor.peek(2).text)) return
  cursor.fail(`* ${cursor.peek().text.toUpperCase()} (…) is not in Spark 3.5; list the columns one by one`)
}

/** Refuses templates and parameters, which something else would have to fill in, wherever they stand. */
export function refuseTemplates(cursor: Cursor): void {
  for (let ahead = 0; cursor.peek(ahead).kind !== 'end'; ahead++) {
    const token = cursor.peek(ahead)
    // Spark replaces them in strings too, by values of its settings or by nothing.
    if (token.kind === 'string' && /\$\{\S+?\}/.test(cursor.sql.slice(token.at, token.end)))
      cursor.fail(
        `a variable (\${…}) in a string is not filled in here; write the value, or $\\{ for the characters`,
        token.at,
      )
    const following = cursor.peek(ahead + 1)
    if (token.kind !== 'symbol' || following.at !== token.end) continue
    const pair = token.text + following.text
    if (/^(\{[{%#]|\$\{)/.test(pair)) {
      const what = pair[0] === '$' ? `variables (\${…})` : 'templates ({{ … }}, {% … %})'
      cursor.fail(
        `${what} are not filled in here: silver.sql is SQL as it runs; render it first, or write the value`,
        token.at,
      )
    }
  }
}
