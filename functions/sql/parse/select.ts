import { suggestion } from '../../base/suggest.ts'
import { CLAUSES, Cursor, describe } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { parseFrom } from './from.ts'
import { refuseClause, refuseDistinct, refuseStarOptions, refuseStatement, refuseTemplates } from './refusals.ts'
import type { Common, Name, Query, SelectItem } from './syntax.ts'

/** Parses the whole text: one SELECT, with an optional `;` behind it. Throws InvalidQuery. */
export function parse(sql: string): Query {
  const cursor = new Cursor(sql)
  refuseTemplates(cursor)
  refuseStatement(cursor)
  const query = parseQuery(cursor)
  if (cursor.take(';')) {
    while (cursor.take(';'));
    if (cursor.peek().kind !== 'end') cursor.fail('there is a second statement; silver is defined by one SELECT')
  }
  const token = cursor.peek()
  if (cursor.at(')')) cursor.fail('there is a ) without a (')
  if (token.kind !== 'end') cursor.fail(`expected the end of the query, found ${describe(token)}${misspelt(cursor)}`)
  return query
}

const KEYWORDS = ['FROM', 'WHERE', 'INNER JOIN', 'LEFT JOIN', 'JOIN', 'ON', 'USING', 'AND', 'OR', 'BETWEEN', 'LIKE']

/** A misspelt keyword is taken as an alias, and what follows it is what fails. */
function misspelt(cursor: Cursor): string {
  return suggestion(cursor.peek(-1).text, KEYWORDS) || suggestion(cursor.peek().text, KEYWORDS)
}

/** Parses `[WITH …] SELECT … FROM … [WHERE …]`, and refuses the clauses that append mode can't do. */
export function parseQuery(cursor: Cursor): Query {
  cursor.queries++
  const query = parseWith(cursor)
  cursor.queries--
  return query
}

function parseWith(cursor: Cursor): Query {
  const { at } = cursor.peek()
  const common = cursor.take('WITH') ? parseCommon(cursor) : []
  const open = cursor.peek().at
  if (cursor.take('(')) {
    const inner = cursor.nested(() => parseQuery(cursor))
    cursor.close(open, 'to close the parenthesis')
    refuseClause(cursor)
    return { ...inner, with: [...common, ...inner.with] }
  }
  cursor.expect('SELECT', 'at the beginning of the query')
  refuseDistinct(cursor)
  cursor.take('ALL')
  const select = parseSelectList(cursor)
  const from = cursor.take('FROM') ? parseFrom(cursor) : null
  refuseClause(cursor)
  const where = cursor.take('WHERE') ? parseExpression(cursor) : null
  refuseClause(cursor)
  return { with: common, select, from, where, at, end: cursor.end }
}

function parseCommon(cursor: Cursor): Common[] {
  if (cursor.at('RECURSIVE')) cursor.fail('WITH RECURSIVE is not supported')
  const common: Common[] = []
  do {
    const name = parseName(cursor, 'as the name of the WITH query')
    const columns = cursor.at('(') ? parseNames(cursor) : []
    cursor.take('AS')
    const open = cursor.expect('(', 'before the WITH query').at
    const query = cursor.nested(() => parseQuery(cursor))
    cursor.close(open, 'behind the WITH query')
    common.push({ name, columns, query })
  } while (cursor.take(','))
  return common
}

function parseSelectList(cursor: Cursor): SelectItem[] {
  const items: SelectItem[] = []
  do {
    if (items.length > 0 && cursor.at('FROM')) cursor.fail('the comma before FROM is one too many')
    items.push(parseSelectItem(cursor))
  } while (cursor.take(','))
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
    return { kind: 'star', qualifier: null, at: token.at, end: token.end }
  }
  const named = token.kind === 'word' || token.kind === 'quoted'
  if (named && cursor.peek(1).text === '.' && cursor.peek(2).kind === 'symbol' && cursor.peek(2).text === '*') {
    const qualifier = cursor.next()
    cursor.next()
    const end = cursor.next().end
    refuseStarOptions(cursor)
    return { kind: 'star', qualifier, at: token.at, end }
  }
  const value = parseExpression(cursor)
  return { kind: 'expression', value, alias: parseAlias(cursor), at: value.at, end: value.end }
}

/** `AS name`, or a bare name that begins no clause. */
export function parseAlias(cursor: Cursor): Name | null {
  if (cursor.take('AS')) {
    if (cursor.at('(')) cursor.fail('several names behind AS are not supported')
    return parseName(cursor, 'behind AS')
  }
  const token = cursor.peek()
  if (token.kind === 'quoted') return cursor.next()
  return token.kind === 'word' && !CLAUSES.has(token.text.toUpperCase()) ? cursor.next() : null
}

export function parseName(cursor: Cursor, purpose: string): Name {
  const token = cursor.next()
  if (token.kind !== 'word' && token.kind !== 'quoted')
    cursor.fail(`expected a name ${purpose}, found ${describe(token)}`, token.at)
  return token
}

/** `(name, …)`. */
export function parseNames(cursor: Cursor): Name[] {
  cursor.expect('(', 'before the names')
  const names: Name[] = []
  do names.push(parseName(cursor, 'of a column'))
  while (cursor.take(','))
  cursor.expect(')', 'behind the names')
  return names
}
