import { Cursor, describe } from './cursor.ts'
import { refuseStatement, refuseTemplates } from './refusals.ts'
import { parseRules } from './rules.ts'
import { misspelt, parseQuery } from './select.ts'
import type { Statement } from './syntax.ts'

/** Parses the whole text: rules, and one SELECT with an optional `;` after it. Throws InvalidQuery. */
export function parse(sql: string): Statement {
  const cursor = new Cursor(sql)
  refuseTemplates(cursor)
  const rules = parseRules(cursor)
  refuseStatement(cursor)
  const query = parseQuery(cursor)
  if (cursor.at('CONSTRAINT')) cursor.fail('rules come before the SELECT')
  if (cursor.take(';')) {
    while (cursor.take(';'));
    if (cursor.peek().kind !== 'end') cursor.fail('there is a second statement; silver is defined by one SELECT')
  }
  const token = cursor.peek()
  if (cursor.at(')')) cursor.fail('there is a ) without a (')
  if (token.kind !== 'end') cursor.fail(`expected the end of the query, found ${describe(token)}${misspelt(cursor)}`)
  return { ...query, rules }
}
