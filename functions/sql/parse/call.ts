import { type Cursor, describe } from './cursor.ts'
import { parseExpression, parseValue } from './expression.ts'
import { refuseCall, refuseUnit } from './refusals.ts'
import type { Name, Syntax } from './syntax.ts'

/** A function call, with the forms of SQL that are not a plain list: TRIM(… FROM …), SUBSTRING(… FROM …), EXTRACT. */
export function parseCall(cursor: Cursor): Syntax {
  const name = cursor.next()
  const word = name.text.toUpperCase()
  const open = cursor.expect('(', `behind ${name.text}`).at
  refuseCall(cursor, word, name.at)
  refuseUnit(cursor, word)
  const args = arguments_(cursor, word, open)
  const end = args.end
  refuseBehindCall(cursor)
  return { kind: 'call', name: args.name ?? name, operator: false, args: args.values, at: name.at, end }
}

interface Arguments {
  /** The function that the special form stands for, if it is another one. */
  readonly name?: Name
  readonly values: readonly Syntax[]
  readonly end: number
}

function arguments_(cursor: Cursor, word: string, open: number): Arguments {
  if (word === 'TRIM' && trimForm(cursor)) return trim(cursor)
  if (word === 'EXTRACT') return extract(cursor)
  if (word === 'POSITION') return position(cursor, open)
  const values: Syntax[] = []
  if (!cursor.at(')')) {
    values.push(parseExpression(cursor))
    const separators = word === 'SUBSTRING' || word === 'SUBSTR' ? ['FROM', 'FOR'] : []
    while (cursor.take(',') || separators.some(separator => cursor.take(separator)))
      values.push(parseExpression(cursor))
  }
  if (word === 'TRIM' && values.length === 1 && cursor.at('FROM')) return trimFrom(cursor, 'btrim', values)
  return { values, end: cursor.close(open, `to close ${word}`, 'in a list').end }
}

/** Whether TRIM( is followed by BOTH, LEADING or TRAILING, used as the keyword. */
function trimForm(cursor: Cursor): boolean {
  const behind = cursor.peek(1)
  const isName = behind.kind === 'symbol' && /^[,).]$/.test(behind.text)
  return /^(BOTH|LEADING|TRAILING)$/i.test(cursor.peek().text) && !isName
}

const TRIMS: Readonly<Record<string, string>> = { BOTH: 'btrim', LEADING: 'trim-leading', TRAILING: 'trim-trailing' }

function trim(cursor: Cursor): Arguments {
  const side = cursor.next().text.toUpperCase()
  return trimFrom(cursor, TRIMS[side] ?? 'btrim', cursor.at('FROM') ? [] : [parseExpression(cursor)])
}

/** `FROM text)`, behind the characters to trim. */
function trimFrom(cursor: Cursor, text: string, characters: readonly Syntax[]): Arguments {
  const { at, end } = cursor.expect('FROM', 'before the text to trim')
  const values = [parseExpression(cursor), ...characters]
  return { name: { text, at, end }, values, end: cursor.expect(')', 'to close TRIM').end }
}

/** `POSITION(part IN text)`, or with a comma and a start. */
function position(cursor: Cursor, open: number): Arguments {
  const values = cursor.at(')') ? [] : [parseValue(cursor)]
  const separator = cursor.take('IN') || cursor.take(',')
  if (separator) values.push(parseExpression(cursor))
  while (separator && cursor.take(',')) values.push(parseExpression(cursor))
  return { values, end: cursor.close(open, 'to close POSITION', 'in a list').end }
}

const FIELDS = ['YEAR', 'QUARTER', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'DAYOFWEEK']

function extract(cursor: Cursor): Arguments {
  const field = cursor.next()
  if (!FIELDS.includes(field.text.toUpperCase())) {
    cursor.fail(`EXTRACT of ${describe(field)} is not supported; there are ${FIELDS.join(', ')}`, field.at)
  }
  cursor.expect('FROM', `behind EXTRACT(${field.text}`)
  const value = parseExpression(cursor)
  return { name: field, values: [value], end: cursor.expect(')', 'to close EXTRACT').end }
}

function refuseBehindCall(cursor: Cursor): void {
  if (cursor.at('OVER')) {
    cursor.fail(
      'window functions (OVER) are not possible: silver is appended batch by batch, and later rows could change a window; use one over silver.reviews in Athena',
    )
  }
  if (cursor.at('FILTER', '(')) cursor.fail('FILTER belongs to aggregates, which are not possible here; use WHERE')
}
