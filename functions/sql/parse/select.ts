import { suggestion } from '../../base/suggest.ts'
import { CLAUSES, type Cursor, describe } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { parseFrom, parseRelation } from './from.ts'
import { parseGrouping } from './group.ts'
import { refuseClause, refuseStarOptions } from './refusals.ts'
import type { Clause, Common, Name, Query, SelectItem, SetOperation, Span } from './syntax.ts'
import { parseOrder, parseWindows } from './window.ts'

const KEYWORDS = ['FROM', 'WHERE', 'INNER JOIN', 'LEFT JOIN', 'JOIN', 'ON', 'USING', 'AND', 'OR', 'BETWEEN', 'LIKE']

/** A misspelt keyword is taken as an alias, and what follows it is what fails. */
export function misspelt(cursor: Cursor): string {
  return suggestion(cursor.peek(-1).text, KEYWORDS) || suggestion(cursor.peek().text, KEYWORDS)
}

/** Parses `[WITH …] SELECT …` with all its clauses. What a stream can't do is refused later, where it is known what is read. */
export function parseQuery(cursor: Cursor): Query {
  const common = cursor.take('WITH') ? parseCommon(cursor) : []
  const query = parseTail(cursor, parseSets(cursor))
  return { ...query, with: [...common, ...query.with] }
}

/** ORDER BY, LIMIT and OFFSET, after all that UNION combines. */
function parseTail(cursor: Cursor, query: Query): Query {
  refuseClause(cursor)
  const order = parseOrder(cursor)
  refuseClause(cursor)
  const limit = cursor.at('LIMIT', 'ALL') ? skip(cursor, 2) : parseClause(cursor, 'LIMIT')
  const offset = parseClause(cursor, 'OFFSET')
  refuseClause(cursor)
  if (order.length === 0 && !limit && !offset) return query
  return { ...(isOpen(query) ? query : wrapped(query)), order, limit, offset, end: cursor.end }
}

function skip(cursor: Cursor, words: number): null {
  for (let i = 0; i < words; i++) cursor.next()
  return null
}

/** Whether ORDER BY, LIMIT and OFFSET can still be added to the query. */
function isOpen({ order, limit, offset }: Query): boolean {
  return order.length === 0 && !limit && !offset
}

/** `SELECT * FROM (query)`. */
function wrapped(query: Query): Query {
  const { at, end } = query
  const span = { at, end }
  return {
    ...span,
    ...NO_CLAUSES,
    select: [{ kind: 'star', qualifier: [], ...span }],
    from: { kind: 'query', query, alias: null, columns: [], ...span },
  }
}

const NO_CLAUSES = {
  with: [],
  distinct: null,
  where: null,
  group: null,
  having: null,
  qualify: null,
  windows: [],
  sets: [],
  order: [],
  limit: null,
  offset: null,
}

function parseSets(cursor: Cursor): Query {
  return combination(cursor, /^(UNION|EXCEPT|MINUS)$/, parseIntersections)
}

/** INTERSECT binds stronger than UNION and EXCEPT. */
function parseIntersections(cursor: Cursor): Query {
  return combination(cursor, /^INTERSECT$/, parseOperand)
}

/** Operands and the words between them, from left to right. */
function combination(cursor: Cursor, words: RegExp, operand: (cursor: Cursor) => Query): Query {
  let query = operand(cursor)
  for (;;) {
    const operation = setOperation(cursor, words, operand)
    if (!operation) return query
    query = combined(query, operation)
  }
}

function combined(query: Query, operation: SetOperation): Query {
  const first = isOpen(query) && query.with.length === 0 ? query : wrapped(query)
  return { ...first, sets: [...first.sets, operation], end: operation.query.end }
}

function setOperation(cursor: Cursor, words: RegExp, operand: (cursor: Cursor) => Query): SetOperation | null {
  const { kind, text, at } = cursor.peek()
  const word = text.toUpperCase()
  if (kind !== 'word' || !words.test(word)) return null
  cursor.next()
  const all = cursor.take('ALL')
  if (!all) cursor.take('DISTINCT')
  const { end } = cursor
  const operation = word === 'UNION' ? 'union' : word === 'INTERSECT' ? 'intersect' : 'except'
  return { kind: operation, all, query: cursor.nested(() => operand(cursor)), at, end }
}

function parseOperand(cursor: Cursor): Query {
  const open = cursor.peek().at
  if (cursor.take('(')) {
    const inner = cursor.nested(() => parseQuery(cursor))
    cursor.close(open, 'to close the parenthesis')
    return inner
  }
  if (cursor.at('VALUES')) {
    const from = parseRelation(cursor)
    const { at, end } = from
    return { ...NO_CLAUSES, select: [{ kind: 'star', qualifier: [], at, end }], from, at, end }
  }
  return parseSelect(cursor)
}

function parseSelect(cursor: Cursor): Query {
  const { at } = cursor.expect('SELECT', 'at the beginning of the query')
  const distinct = parseDistinct(cursor)
  const select = parseSelectList(cursor)
  const from = cursor.take('FROM') ? parseFrom(cursor) : null
  refuseClause(cursor)
  const where = cursor.take('WHERE') ? parseExpression(cursor) : null
  refuseClause(cursor)
  const group = parseGrouping(cursor)
  const having = parseClause(cursor, 'HAVING')
  const qualify = parseClause(cursor, 'QUALIFY')
  const windows = parseWindows(cursor)
  refuseClause(cursor)
  return { ...NO_CLAUSES, distinct, select, from, where, group, having, qualify, windows, at, end: cursor.end }
}

function parseDistinct(cursor: Cursor): Span | null {
  const { at, end } = cursor.peek()
  if (cursor.take('DISTINCT')) return { at, end }
  cursor.take('ALL')
  return null
}

function parseClause(cursor: Cursor, word: string): Clause | null {
  const { at, end } = cursor.peek()
  return cursor.take(word) ? { value: parseExpression(cursor), at, end } : null
}

function parseCommon(cursor: Cursor): Common[] {
  if (cursor.at('RECURSIVE')) cursor.fail('WITH RECURSIVE is not supported')
  return cursor.list(() => {
    const name = parseName(cursor, 'as the name of the WITH query')
    const columns = cursor.at('(') ? parseNames(cursor) : []
    cursor.take('AS')
    const open = cursor.expect('(', 'before the WITH query').at
    const query = cursor.nested(() => parseQuery(cursor))
    cursor.close(open, 'after the WITH query')
    return { name, columns, query }
  })
}

function parseSelectList(cursor: Cursor): SelectItem[] {
  const items = [parseSelectItem(cursor)]
  while (cursor.take(',')) {
    if (cursor.at('FROM')) cursor.fail('there is one comma too many before FROM')
    items.push(parseSelectItem(cursor))
  }
  refuseMissingComma(cursor, items.at(-1))
  return items
}

/** `a.x b.y`: b is taken as an alias, and what follows it makes no sense. */
function refuseMissingComma(cursor: Cursor, last: SelectItem | undefined): void {
  const alias = last?.kind === 'expression' ? last.alias : null
  if (alias && alias.end === cursor.end && (cursor.at('.') || cursor.at('('))) {
    cursor.fail(`a comma is missing before ${alias.text}`, alias.at)
  }
  if (cursor.beginsValue() && misspelt(cursor) === '') {
    cursor.fail(`a comma is missing before ${describe(cursor.peek())}`)
  }
}

function parseSelectItem(cursor: Cursor): SelectItem {
  const token = cursor.peek()
  if (cursor.take('*')) {
    refuseStarOptions(cursor)
    return { kind: 'star', qualifier: [], at: token.at, end: token.end }
  }
  const qualifier = takeQualifier(cursor)
  if (qualifier.length > 0) {
    const end = cursor.next().end
    refuseStarOptions(cursor)
    return { kind: 'star', qualifier, at: token.at, end }
  }
  const value = parseExpression(cursor)
  const span = { at: value.at, end: value.end }
  if (cursor.at('AS', '(')) {
    cursor.next()
    return { kind: 'expression', value, alias: null, aliases: parseNames(cursor), ...span }
  }
  return { kind: 'expression', value, alias: parseAlias(cursor), ...span }
}

/** The names before `.*`; none if no star follows them. */
function takeQualifier(cursor: Cursor): Name[] {
  let ahead = 0
  while (cursor.isName(ahead) && cursor.isSymbol(ahead + 1, '.')) ahead += 2
  if (ahead === 0 || !cursor.isSymbol(ahead, '*')) return []
  const names: Name[] = []
  for (; ahead > 0; ahead -= 2) {
    names.push(cursor.next())
    cursor.next()
  }
  return names
}

/** `AS name`, or a bare name that begins no clause. */
export function parseAlias(cursor: Cursor): Name | null {
  if (cursor.take('AS')) {
    if (cursor.at('(')) cursor.fail('several names after AS are not supported')
    return parseName(cursor, 'after AS')
  }
  const token = cursor.peek()
  if (token.kind === 'quoted') return cursor.next()
  return token.kind === 'word' && !CLAUSES.has(token.text.toUpperCase()) ? cursor.next() : null
}

export function parseName(cursor: Cursor, purpose: string): Name {
  if (!cursor.isName()) cursor.fail(`expected a name ${purpose}, found ${describe(cursor.peek())}`)
  return cursor.next()
}

/** `(name, …)`. */
export function parseNames(cursor: Cursor): Name[] {
  cursor.expect('(', 'before the names')
  const names = cursor.list(() => parseName(cursor, 'of a column'))
  cursor.expect(')', 'after the names')
  return names
}
