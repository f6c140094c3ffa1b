import { type Cursor, describe } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { parseQuery } from './select.ts'
import type { Branch, Name, Query, Syntax } from './syntax.ts'
import { readType } from './types.ts'

/** What follows a `(` at `at`: an expression and its `)`. */
export function parenthesis(cursor: Cursor, at: number): Syntax {
  if (cursor.at('SELECT') || cursor.at('WITH'))
    return { kind: 'scalar query', query: subquery(cursor, at), at, end: cursor.end }
  const args = cursor.list(() => parseExpression(cursor))
  const { end } = cursor.close(at, 'to close the parenthesis')
  const [value, more] = args
  if (value && !more) return { ...value, at, end }
  return { kind: 'call', name: { text: 'ROW', at, end }, operator: true, args, at, end }
}

/** A query and the `)` of the `(` at `open`. */
export function subquery(cursor: Cursor, open: number): Query {
  const query = cursor.nested(() => parseQuery(cursor))
  cursor.close(open, 'after the subquery')
  return query
}

/** A column, with what qualifies it. */
export function name(cursor: Cursor): Syntax {
  const first = cursor.next()
  const parts: Name[] = [first]
  while (cursor.at('.') && cursor.isName(1)) {
    cursor.next()
    parts.push(cursor.next())
  }
  if (cursor.at('('))
    cursor.fail(
      `${parts.map(part => part.text).join('.')} is not a function here; the name of a function has one part`,
      first.at,
    )
  return { kind: 'name', parts, at: first.at, end: cursor.end }
}

/** CASE, with an operand or without. */
export function parseCase(cursor: Cursor): Syntax {
  const { at } = cursor.next()
  const operand = cursor.at('WHEN') ? null : parseExpression(cursor)
  const branches: Branch[] = []
  while (cursor.take('WHEN')) {
    const when = parseExpression(cursor)
    cursor.expect('THEN', 'after the condition of WHEN')
    branches.push({ when, result: parseExpression(cursor) })
  }
  if (branches.length === 0) cursor.fail(`expected WHEN in CASE, found ${describe(cursor.peek())}`)
  const otherwise = cursor.take('ELSE') ? parseExpression(cursor) : null
  const end = cursor.expect('END', 'to close CASE').end
  return { kind: 'case', operand, branches, otherwise, at, end }
}

/** CAST and TRY_CAST. */
export function cast(cursor: Cursor, attempt: boolean): Syntax {
  const { at } = cursor.next()
  const open = cursor.expect('(', 'after CAST').at
  const value = parseExpression(cursor)
  cursor.expect('AS', 'before the type')
  const type = readType(cursor)
  const end = cursor.close(open, 'to close CAST').end
  return { kind: 'cast', value, type, attempt, at, end }
}

/** `EXISTS (SELECT …)`. */
export function exists(cursor: Cursor): Syntax {
  const { at } = cursor.next()
  const open = cursor.expect('(', 'after EXISTS').at
  return { kind: 'exists', query: subquery(cursor, open), at, end: cursor.end }
}
