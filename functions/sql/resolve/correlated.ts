import type { Query } from '../parse/syntax.ts'
import type { Context } from '../typing/context.ts'
import type { Environment } from './environment.ts'
import { noteOuterName } from './outer-names.ts'
import { resolveName, type Scope, unknownName } from './scope.ts'

/** Names of the subquery come before those of the query around it. */
export function correlated(inner: Scope, outer: Scope, { sql, now }: Environment): Context {
  return {
    sql,
    now,
    resolve: parts => resolveName(inner, parts, sql) ?? resolveName(outer, parts, sql),
    unknown: parts =>
      unknownName(
        { columns: [...inner.columns, ...outer.columns], relations: [...inner.relations, ...outer.relations] },
        parts,
        sql,
      ),
  }
}

/** As correlated, in a query whose names of columns around it are noted. */
export function correlatedIn(query: Query, inner: Scope, outer: Scope, environment: Environment): Context {
  const { sql } = environment
  return {
    ...correlated(inner, outer, environment),
    resolve: parts => {
      const own = resolveName(inner, parts, sql)
      const found = own ?? resolveName(outer, parts, sql)
      if (!own && found) noteOuterName(query, parts.at(-1)?.text ?? '')
      return found
    },
  }
}
