import type { Query } from '../parse/syntax.ts'
import type { Context } from '../typing/context.ts'
import type { Environment } from './environment.ts'
import { noteOuterName } from './outer-names.ts'
import { bothScopes, resolveName, type Scope, unknownName } from './scope.ts'

/** Names of a subquery come before those of the query around it, which are noted of `query`. */
export function correlated(inner: Scope, outer: Scope, { sql, now }: Environment, query: Query | null = null): Context {
  return {
    sql,
    now,
    resolve: parts => {
      const own = resolveName(inner, parts, sql)
      const found = own ?? resolveName(outer, parts, sql)
      if (query && !own && found) noteOuterName(query, parts.at(-1)?.text ?? '')
      return found
    },
    unknown: parts => unknownName(bothScopes(inner, outer), parts, sql),
  }
}
