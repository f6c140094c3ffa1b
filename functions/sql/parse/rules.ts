import { type Cursor, describe } from './cursor.ts'
import { parseExpression } from './expression.ts'
import { parseName } from './select.ts'
import type { RuleSyntax } from './syntax.ts'

/** The most rules of one query, and the most characters of a name: each stands in every commit. */
const MAX_RULES = 100
const MAX_NAME = 128

/**
 * Parses the head of silver.sql: `CONSTRAINT name EXPECT (condition) [ON VIOLATION DROP ROW | ON VIOLATION FAIL UPDATE]`,
 * as often as there are rules, with a comma, a semicolon or nothing after each. The words are those of Databricks'
 * pipelines (https://docs.databricks.com/sql/language-manual/sql-ref-syntax-ddl-create-streaming-table).
 */
export function parseRules(cursor: Cursor): RuleSyntax[] {
  const rules: RuleSyntax[] = []
  while (cursor.at('CONSTRAINT')) {
    const rule = parseRule(cursor)
    if (rules.some(({ name }) => name.text.toLowerCase() === rule.name.text.toLowerCase())) {
      cursor.fail(`two rules are named ${rule.name.text}; give each a name of its own`, rule.name.at)
    }
    if (rules.push(rule) > MAX_RULES) cursor.fail(`there are more than ${MAX_RULES} rules`, rule.at)
  }
  return rules
}

function parseRule(cursor: Cursor): RuleSyntax {
  const { at } = cursor.next()
  const name = parseName(cursor, 'of the rule')
  if (name.text.length > MAX_NAME || /[\p{Cc},]/u.test(name.text)) {
    cursor.fail(`the name of a rule has at most ${MAX_NAME} characters, none of them a comma`, name.at)
  }
  if (cursor.at('CHECK')) cursor.fail('CHECK is for tables; a rule says EXPECT (condition)')
  cursor.expect('EXPECT', 'after the name of the rule')
  const open = cursor.expect('(', 'before the condition of the rule').at
  const condition = cursor.nested(() => parseExpression(cursor))
  cursor.close(open, 'after the condition of the rule')
  const action = parseAction(cursor)
  if (!cursor.take(',')) while (cursor.take(';'));
  return { name, condition, action, at, end: cursor.end }
}

function parseAction(cursor: Cursor): RuleSyntax['action'] {
  if (!cursor.take('ON')) return 'warn'
  cursor.expect('VIOLATION', 'after ON')
  if (cursor.take('DROP', 'ROW')) return 'drop'
  if (cursor.take('FAIL', 'UPDATE')) return 'fail'
  return cursor.fail(`expected DROP ROW or FAIL UPDATE after ON VIOLATION, found ${describe(cursor.peek())}`)
}
