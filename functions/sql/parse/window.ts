import { type Cursor, describe } from './cursor.ts'
import { parseExpression, parseValue } from './expression.ts'
import { parseName } from './select.ts'
import type { CallForm, Distance, Frame, NamedWindow, OrderItem, Syntax, Window } from './syntax.ts'

/** `WITHIN GROUP (…)`, `FILTER (WHERE …)`, `IGNORE NULLS` and `OVER …` after a call; null if there is none, nor a star or DISTINCT in it. */
export function parseCallForm(cursor: Cursor, inside: Pick<CallForm, 'star' | 'distinct' | 'at'>): CallForm | null {
  const { at } = cursor.peek()
  const within = parseWithin(cursor)
  const filter = parseFilter(cursor)
  const ignoreNulls = cursor.take('IGNORE', 'NULLS')
  if (!ignoreNulls) cursor.take('RESPECT', 'NULLS')
  const over = cursor.take('OVER') ? parseOver(cursor) : null
  const { star, distinct } = inside
  if (!star && !distinct && !within && !filter && !ignoreNulls && !over) return null
  return { star, distinct, within, filter, ignoreNulls, over, at: star || distinct ? inside.at : at }
}

function parseWithin(cursor: Cursor): OrderItem | null {
  if (!cursor.take('WITHIN', 'GROUP')) return null
  const open = cursor.expect('(', 'after WITHIN GROUP').at
  const [item, more] = parseOrder(cursor)
  if (!item || more) cursor.fail('WITHIN GROUP takes ORDER BY and one expression', more?.value.at ?? open)
  cursor.close(open, 'to close WITHIN GROUP')
  return item
}

function parseFilter(cursor: Cursor): Syntax | null {
  if (!cursor.at('FILTER', '(')) return null
  cursor.next()
  const open = cursor.next().at
  cursor.expect('WHERE', 'after FILTER (')
  const condition = parseExpression(cursor)
  cursor.close(open, 'to close FILTER')
  return condition
}

function parseOver(cursor: Cursor): Window {
  if (cursor.at('(')) return parseWindow(cursor)
  const base = parseName(cursor, 'of a window, or its definition in parentheses, after OVER')
  return { base, partition: [], order: [], frame: null, at: base.at, end: base.end }
}

function parseWindow(cursor: Cursor): Window {
  const open = cursor.expect('(', 'before the window').at
  const base = cursor.peek(1).text === ')' && cursor.peek().kind !== 'symbol' ? parseName(cursor, 'of a window') : null
  const isParted = cursor.take('PARTITION', 'BY') || cursor.take('DISTRIBUTE', 'BY')
  const partition = isParted ? cursor.list(() => parseExpression(cursor)) : []
  const order = parseOrder(cursor)
  const frame = parseFrame(cursor)
  const { end } = cursor.close(open, 'to close the window')
  return { base, partition, order, frame, at: open, end }
}

/** `ORDER BY items`; none if it does not come next. */
export function parseOrder(cursor: Cursor): OrderItem[] {
  const { at } = cursor.peek()
  if (!cursor.take('ORDER', 'BY') && !cursor.take('SORT', 'BY')) return []
  return cursor.list(() => {
    const value = parseExpression(cursor)
    const descending = cursor.take('DESC')
    if (!descending) cursor.take('ASC')
    const first = cursor.take('NULLS', 'FIRST')
    const last = !first && cursor.take('NULLS', 'LAST')
    return { value, descending, nullsFirst: first || (!last && !descending), at, end: cursor.end }
  })
}

function parseFrame(cursor: Cursor): Frame | null {
  if (cursor.take('ROWS')) return { unit: 'rows', ...parseBounds(cursor, parseOffset) }
  return cursor.take('RANGE') ? { unit: 'range', ...parseBounds(cursor, parseDistance) } : null
}

function parseBounds<T>(cursor: Cursor, parse: (cursor: Cursor) => T): { from: T | 0 | null; to: T | 0 | null } {
  if (!cursor.take('BETWEEN')) return { from: parseBound(cursor, 'PRECEDING', parse), to: 0 }
  const from = parseBound(cursor, 'PRECEDING', parse)
  cursor.expect('AND', 'between the bounds of the frame')
  return { from, to: parseBound(cursor, 'FOLLOWING', parse) }
}

/** `unbounded` is the side on which UNBOUNDED may be. */
function parseBound<T>(
  cursor: Cursor,
  unbounded: 'PRECEDING' | 'FOLLOWING',
  parse: (cursor: Cursor) => T,
): T | 0 | null {
  if (cursor.take('CURRENT', 'ROW')) return 0
  if (!cursor.take('UNBOUNDED')) return parse(cursor)
  cursor.expect(unbounded, 'after UNBOUNDED')
  return null
}

function parseDistance(cursor: Cursor): Distance {
  const value = parseValue(cursor)
  if (cursor.take('PRECEDING')) return { value, following: false }
  cursor.expect('FOLLOWING', 'or PRECEDING after the bound of a frame')
  return { value, following: true }
}

function parseOffset(cursor: Cursor): number {
  const token = cursor.next()
  if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text))
    cursor.fail(
      `expected CURRENT ROW, UNBOUNDED or a whole number as the bound of a frame, found ${describe(token)}`,
      token.at,
    )
  if (cursor.take('PRECEDING')) return 0 - Number(token.text)
  cursor.expect('FOLLOWING', 'or PRECEDING after the bound of a frame')
  return Number(token.text)
}

/** `WINDOW name AS (…), …`; none if it does not come next. */
export function parseWindows(cursor: Cursor): NamedWindow[] {
  const { at, end } = cursor.peek()
  if (!cursor.take('WINDOW')) return []
  return cursor.list(() => {
    const name = parseName(cursor, 'of a window')
    cursor.expect('AS', 'before the window')
    return { name, window: parseWindow(cursor), at, end }
  })
}
