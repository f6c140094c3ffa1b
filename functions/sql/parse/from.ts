import { type Cursor, describe } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { subquery } from './forms.ts'
import { parsePivot } from './pivot.ts'
import { parseAlias, parseName, parseNames } from './select.ts'
import type { FromItem, JoinType, Span, Syntax } from './syntax.ts'

/** Parses a FROM clause: relations, joined by commas and JOINs from left to right. */
export function parseFrom(cursor: Cursor): FromItem {
  let left = parseJoins(cursor, parseRelation(cursor))
  while (cursor.at(',')) {
    const words = cursor.next()
    const right = parseJoins(cursor, parseRelation(cursor))
    const span = { at: left.at, end: right.end }
    left = { kind: 'join', type: 'cross', natural: false, left, right, words, on: null, using: null, ...span }
  }
  while (cursor.at('LATERAL', 'VIEW')) left = parseLateralView(cursor, left)
  while (cursor.at('PIVOT', '(')) left = parsePivot(cursor, left)
  return left
}

/** `LATERAL VIEW [OUTER] call [alias] [AS name, …]`. */
function parseLateralView(cursor: Cursor, source: FromItem): FromItem {
  cursor.next()
  cursor.next()
  const outer = cursor.take('OUTER')
  const { at } = cursor.peek()
  const call = parseExpression(cursor)
  if (call.kind !== 'call' || call.operator) return cursor.fail('expected a function after LATERAL VIEW', at)
  const alias = cursor.at('AS') ? null : parseAlias(cursor)
  const isNamed = cursor.take('AS') || (alias && cursor.beginsValue())
  const columns = isNamed ? cursor.list(() => parseName(cursor, 'of a column')) : []
  return { kind: 'lateral view', source, outer, call, alias, columns, at: source.at, end: cursor.end }
}

function parseJoins(cursor: Cursor, first: FromItem): FromItem {
  let left = first
  for (;;) {
    const { at } = cursor.peek()
    const natural = cursor.take('NATURAL')
    const type = joinType(cursor)
    if (!type) {
      if (natural) cursor.fail(`expected JOIN after NATURAL, found ${describe(cursor.peek())}`)
      return left
    }
    const words = { at, end: cursor.end }
    left = parseJoin(cursor, left, type, natural, words)
  }
}

function parseJoin(cursor: Cursor, left: FromItem, type: JoinType, natural: boolean, words: Span): FromItem {
  if (cursor.at('LATERAL')) cursor.fail('a LATERAL subquery is not supported; LATERAL VIEW makes rows of a review')
  const right = parseRelation(cursor)
  const on = cursor.take('ON') ? parseExpression(cursor) : null
  const using = cursor.take('USING') ? parseNames(cursor) : null
  if (natural && (on || using)) cursor.fail('a NATURAL JOIN has neither ON nor USING', words.at)
  return { kind: 'join', type, natural, left, right, words, on, using, at: left.at, end: cursor.end }
}

const JOINS: readonly (readonly [JoinType, ...string[]])[] = [
  ['inner', 'JOIN'],
  ['inner', 'INNER', 'JOIN'],
  ['cross', 'CROSS', 'JOIN'],
  ['left', 'LEFT', 'JOIN'],
  ['left', 'LEFT', 'OUTER', 'JOIN'],
  ['right', 'RIGHT', 'JOIN'],
  ['right', 'RIGHT', 'OUTER', 'JOIN'],
  ['full', 'FULL', 'JOIN'],
  ['full', 'FULL', 'OUTER', 'JOIN'],
  ['semi', 'SEMI', 'JOIN'],
  ['semi', 'LEFT', 'SEMI', 'JOIN'],
  ['anti', 'ANTI', 'JOIN'],
  ['anti', 'LEFT', 'ANTI', 'JOIN'],
]

function joinType(cursor: Cursor): JoinType | undefined {
  return JOINS.find(([, ...words]) => cursor.take(...words))?.[0]
}

/** A view, a subquery, VALUES or a join in parentheses. */
export function parseRelation(cursor: Cursor): FromItem {
  const token = cursor.peek()
  if (cursor.at('VALUES')) return parseValues(cursor)
  if (cursor.take('(')) {
    const isQuery = ['SELECT', 'WITH', '(', 'VALUES'].some(word => cursor.at(word)) && !isJoin(cursor)
    if (!isQuery) {
      const inner = cursor.nested(() => parseFrom(cursor))
      cursor.close(token.at, 'to close the parenthesis')
      return inner
    }
    const query = subquery(cursor, token.at)
    const alias = parseAlias(cursor)
    const columns = alias && cursor.at('(') ? parseNames(cursor) : []
    return { kind: 'query', query, alias, columns, at: token.at, end: cursor.end }
  }
  const name = parseName(cursor, 'of a view after FROM or JOIN')
  if (cursor.at('.'))
    cursor.fail(
      `${name.text}.${cursor.peek(1).text} is not known; the views have one name, without a database`,
      name.at,
    )
  if (cursor.at('(')) cursor.fail(`${name.text}(…) is not a view; table functions are not supported`, name.at)
  const alias = parseAlias(cursor)
  return { kind: 'view', name, alias, at: name.at, end: cursor.end }
}

/** Whether parentheses within parentheses hold a join, of which one relation is in parentheses itself. */
function isJoin(cursor: Cursor): boolean {
  if (!cursor.at('(')) return false
  let depth = 0
  for (let ahead = 0; ; ahead++) {
    const { kind, text } = cursor.peek(ahead)
    if (kind === 'end') return false
    if (kind !== 'symbol') continue
    if (text === '(') depth++
    if (text === ')' && --depth === 0)
      return !/^(\)|UNION|INTERSECT|EXCEPT|MINUS|ORDER|LIMIT)$/i.test(cursor.peek(ahead + 1).text)
  }
}

/** `VALUES (1, 'a'), (2, 'b') [AS name (columns)]`; a row of one column needs no parentheses. */
function parseValues(cursor: Cursor): FromItem {
  const { at } = cursor.next()
  const rows = cursor.list(() => parseRow(cursor))
  const alias = parseAlias(cursor)
  const columns = alias && cursor.at('(') ? parseNames(cursor) : []
  return { kind: 'values', rows, alias, columns, at, end: cursor.end }
}

function parseRow(cursor: Cursor): Syntax[] {
  const open = cursor.peek().at
  if (!cursor.take('(')) return [parseExpression(cursor)]
  const row = cursor.list(() => parseExpression(cursor))
  cursor.close(open, 'to close the row', 'in a list')
  return row
}
