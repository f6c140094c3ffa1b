import type { Context } from '../typing/context.ts'
import type { Environment } from './environment.ts'
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
