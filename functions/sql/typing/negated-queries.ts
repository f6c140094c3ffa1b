import type { CallSyntax, InQuery, Syntax } from '../parse/syntax.ts'
import { someSyntax } from '../parse/walk.ts'
/**
 * NOT over conditions of which one is an IN with a subquery, moved down to it as Spark does: NOT IN is not the opposite of
 * IN where there is a NULL. Null for all else.
 */
export function movedNot(syntax: CallSyntax): Syntax | null {
  const inner = notOf(syntax)
  if (inner?.kind !== 'call' || !inner.operator || !someSyntax(inner, isInQuery)) return null
  const { text } = inner.name
  if (text === 'NOT') return inner.args[0] ?? null
  if (text !== 'AND' && text !== 'OR') return null
  const args = inner.args.map(arg => ({ ...syntax, args: [arg] }))
  return { ...inner, name: { ...inner.name, text: text === 'AND' ? 'OR' : 'AND' }, args }
}

/** The IN of `x NOT IN (SELECT …)`; null for all else. */
export function notIn(syntax: CallSyntax): InQuery | null {
  const inner = notOf(syntax)
  return inner && isInQuery(inner) ? inner : null
}

function notOf({ operator, name, args }: CallSyntax): Syntax | null {
  return operator && name.text === 'NOT' ? (args[0] ?? null) : null
}

function isInQuery(syntax: Syntax): syntax is InQuery {
  return syntax.kind === 'in query'
}
