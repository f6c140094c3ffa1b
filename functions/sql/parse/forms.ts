import { type Cursor, describe } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { parseQuery } from './select.ts'
import type { Branch, Name, Syntax } from './syntax.ts'
import { readType } from './types.ts'

/** What follows a `(` at `at`: an expression and its `)`. */
export function parenthesis(cursor: Cursor, at: number): Syntax {
  if (cursor.at('SELECT') || cursor.at('WITH')) {
    const query = cursor.nested(() => parseQuery(cursor))
    return { kind: 'scalar query', query, at, end: cursor.close(at, 'behind the subquery').end }
  }
  const value = parseExpression(cursor)
  const args = [value]
  while (cursor.take(',')) args.push(parseExpression(cursor))
  const end = cursor.close(at, 'to close the parenthesis').end
  if (args.length === 1) return { ...value, at, end }
  return { kind: 'call', name: { text: 'ROW', at, end }, operator: true, args, at, end }
}

/** A column, with what qualifies it. */
export function name(cursor: Cursor): Syntax {
  const first = cursor.next()
  const parts: Name[] = [first]
  while (cursor.at('.') && (cursor.peek(1).kind === 'word' || cursor.peek(1).kind === 'quoted')) {
    cursor.next()
    parts.push(cursor.next())
  }
  if (cursor.at('('))
    cursor.fail(`${parts.map(part => part.text).join('.')} is no function here; functions have one name`, first.at)
  return { kind: 'name', parts, at: first.at, end: cursor.end }
}

/** CASE, with an operand or without. */
export function parseCase(cursor: Cursor): Syntax {
  const { at } = cursor.next()
  const operand = cursor.at('WHEN') ? null : parseExpression(cursor)
  const branches: Branch[] = []
  while (cursor.take('WHEN')) {
    const when = parseExpression(cursor)
    cursor.expect('THEN', 'behind the condition of WHEN')
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
  const open = cursor.expect('(', 'behind CAST').at
  const value = parseExpression(cursor)
  cursor.expect('AS', 'before the type')
  const type = readType(cursor)
  const end = cursor.close(open, 'to close CAST').end
  return { kind: 'cast', value, type, attempt, at, end }
}

/** `EXISTS (SELECT …)`. */
export function exists(cursor: Cursor): Syntax {
  const { at } = cursor.next()
  const open = cursor.expect('(', 'behind EXISTS').at
  const query = cursor.nested(() => parseQuery(cursor))
  const end = cursor.close(open, 'behind the subquery').end
  return { kind: 'exists', query, at, end }
}
