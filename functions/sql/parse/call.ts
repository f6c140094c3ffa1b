import { FIELDS } from '../evaluate/date-fields.ts'
import { type Cursor, describe } from './cursor.ts'
import { parseExpression, parseValue } from './expression.ts'
import { refuseCall } from './refusals.ts'
import { parseName } from './select.ts'
import type { Name, Syntax } from './syntax.ts'
import { parseCallForm } from './window.ts'

/** A function call, with the forms of SQL that are not a plain list: TRIM(… FROM …), SUBSTRING(… FROM …), EXTRACT. */
export function parseCall(cursor: Cursor): Syntax {
  const name = cursor.next()
  const word = name.text.toUpperCase()
  const open = cursor.expect('(', `after ${name.text}`).at
  refuseCall(cursor, word, name.at)
  const { at } = cursor.peek()
  const distinct = takeDistinct(cursor)
  const star = cursor.at('*', ')') && cursor.take('*')
  const args = arguments_(cursor, word, open)
  const form = parseCallForm(cursor, { star, distinct, at })
  const end = form ? cursor.end : args.end
  const call = { kind: 'call' as const, name: args.name ?? name, operator: false, args: args.values, at: name.at, end }
  return form ? { ...call, form } : call
}

/** DISTINCT before the arguments of an aggregate. ALL, which means nothing, is skipped. */
function takeDistinct(cursor: Cursor): boolean {
  const behind = cursor.peek(1)
  if (behind.kind === 'symbol' && /^[,).=<>]/.test(behind.text)) return false // a column of that name
  if (cursor.take('DISTINCT')) return true
  cursor.take('ALL')
  return false
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
  const values: Syntax[] = []
  if (!cursor.at(')')) {
    values.push(word === 'POSITION' ? parseValue(cursor) : argument(cursor, word))
    const separators = SEPARATORS[word] ?? []
    while (cursor.take(',') || separators.some(separator => cursor.take(separator))) values.push(argument(cursor, word))
  }
  if (word === 'TRIM' && values.length === 1 && cursor.at('FROM')) return trimFrom(cursor, 'btrim', values)
  const { end } = cursor.close(open, `to close ${word}`, 'in a list')
  return byUnit(word, values, end) ?? { values, end }
}

/** An expression, a lambda, or of STRUCT an expression with its name. */
function argument(cursor: Cursor, word: string): Syntax {
  const parameters = takeParameters(cursor)
  if (parameters) {
    const body = cursor.nested(() => parseExpression(cursor))
    return { kind: 'lambda', parameters, body, at: parameters[0]?.at ?? body.at, end: body.end }
  }
  const value = parseExpression(cursor)
  if (word !== 'STRUCT' || !cursor.take('AS')) return value
  const name = parseName(cursor, 'after AS')
  return { kind: 'named', value, name, at: value.at, end: name.end }
}

/** `x ->` or `(x, y) ->`; null if it does not come next. */
function takeParameters(cursor: Cursor): Name[] | null {
  const list = cursor.isSymbol(0, '(')
  let ahead = list ? 1 : 0
  while (list && cursor.isName(ahead) && cursor.isSymbol(ahead + 1, ',')) ahead += 2
  const behind = ahead + (list ? 2 : 1)
  if (!cursor.isName(ahead) || !cursor.isSymbol(behind, '->') || (list && !cursor.isSymbol(ahead + 1, ')'))) return null
  const names: Name[] = []
  while (!cursor.take('->')) {
    const token = cursor.next()
    if (token.kind !== 'symbol') names.push(token)
  }
  return names
}

/** Words that can replace the commas between arguments. */
const SEPARATORS: Readonly<Record<string, readonly string[]>> = {
  SUBSTRING: ['FROM', 'FOR'],
  SUBSTR: ['FROM', 'FOR'],
  OVERLAY: ['PLACING', 'FROM', 'FOR'],
  POSITION: ['IN'],
}

/** `DATEADD(unit, count, time)` and `DATEDIFF(unit, start, end)`, whose unit is a word. */
function byUnit(word: string, [unit, ...rest]: readonly Syntax[], end: number): Arguments | null {
  const [, operation] = /^(?:TIMESTAMP|DATE_?)(ADD|DIFF)$/.exec(word) ?? []
  if (operation === undefined || unit?.kind !== 'name' || unit.parts.length !== 1 || rest.length !== 2) return null
  const { at } = unit
  const constant: Syntax = { kind: 'literal', value: unit.parts[0]?.text ?? '', type: 'string', at, end: unit.end }
  return { name: { text: `timestamp${operation.toLowerCase()}`, at, end: unit.end }, values: [constant, ...rest], end }
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

/** `FROM text)`, after the characters to trim. */
function trimFrom(cursor: Cursor, text: string, characters: readonly Syntax[]): Arguments {
  const { at, end } = cursor.expect('FROM', 'before the text to trim')
  const values = [parseExpression(cursor), ...characters]
  return { name: { text, at, end }, values, end: cursor.expect(')', 'to close TRIM').end }
}

function extract(cursor: Cursor): Arguments {
  const field = cursor.next()
  const known = field.text.toUpperCase()
  const text = Object.hasOwn(FIELDS, known) ? FIELDS[known] : undefined
  if (text === undefined) {
    cursor.fail(`EXTRACT of ${describe(field)} is not supported; there are ${Object.keys(FIELDS).join(', ')}`, field.at)
  }
  cursor.expect('FROM', `after EXTRACT(${field.text}`)
  const value = parseExpression(cursor)
  return { name: { ...field, text }, values: [value], end: cursor.expect(')', 'to close EXTRACT').end }
}
