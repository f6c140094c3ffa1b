import { suggestion } from '../../base/suggest.ts'
import type { Rule } from '../compiled.ts'
import type { Name, RuleSyntax } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import { typeCondition } from './conditions.ts'
import { resolveName, type ScopeColumn, sameName } from './scope.ts'

/** The prefix of the columns that parked and rejected files have after those of their rows. */
const RESERVED = '_silversmith_'

/** Gives each rule its meaning over the columns of the select list, and over nothing else. Throws InvalidQuery. */
export function resolveRules(
  rules: readonly RuleSyntax[],
  columns: readonly (ScopeColumn & { readonly at: number })[],
  { sql, now }: Pick<Context, 'sql' | 'now'>,
): Rule[] {
  const reserved = columns.find(({ name }) => name.toLowerCase().startsWith(RESERVED))
  if (reserved && rules.length > 0) {
    fail({ sql }, `the column ${reserved.name} has a name that rejected rows need; rename it with AS`, reserved.at)
  }
  const context: Context = {
    sql,
    now,
    resolve: parts => resolveName({ columns, relations: [] }, parts, sql),
    unknown: parts => unknown(parts, columns, sql),
  }
  return rules.map(({ name, condition, action }) => ({
    name: name.text,
    action,
    ...typeCondition(condition, context),
  }))
}

function unknown(parts: readonly Name[], columns: readonly ScopeColumn[], sql: string): never {
  const names = columns.map(({ name }) => name)
  const text = parts.map(part => part.text).join('.')
  const last = parts.at(-1)?.text ?? ''
  const isQualified = parts.length > 1 && names.some(name => sameName(name, last))
  const near = isQualified ? `; write ${last}` : suggestion(last, names)
  return fail(
    { sql },
    `a rule can use only the columns of the select list, and ${text} is not one of them${near}`,
    parts[0]?.at ?? 0,
  )
}
