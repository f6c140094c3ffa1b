import type { Query, Syntax } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import { typeMembership } from '../typing/operators.ts'
import { typeExpression } from '../typing/typer.ts'
import { type Condition, conjuncts, typeCondition } from './conditions.ts'
import { distinctFrom } from './distinct-names.ts'
import type { Environment } from './environment.ts'
import { joinAdded, resolveFrom } from './from.ts'
import { refuseOnStream } from './refuse-on-stream.ts'
import { resolveName, type Scope, unknownName } from './scope.ts'
import { withCommon } from './select.ts'
import type { Source } from './source.ts'

/** EXISTS and IN over a dimension are a semi join, NOT EXISTS is an anti join. Throws InvalidQuery for others. */
export function joinSubquery(source: Source, syntax: Syntax, environment: Environment): Source {
  const { sql } = environment
  const negated = syntax.kind === 'call'
  const inner = negated ? (syntax.args[0] ?? syntax) : syntax
  if (inner.kind !== 'exists' && inner.kind !== 'in query') throw new RangeError('not a subquery condition')
  if (negated && inner.kind === 'in query') {
    fail(
      { sql },
      'NOT IN with a subquery gives no row at all once one customer has no key; use NOT EXISTS or LEFT ANTI JOIN',
      syntax.at,
    )
  }
  if (source.kind !== 'stream') {
    fail(
      { sql },
      'a subquery in WHERE is possible over the reviews alone, not over a dimension; join the two',
      syntax.at,
    )
  }
  const { from, conditions } = resolveInner(inner.query, source, environment)
  if (from.kind !== 'static') fail({ sql }, 'the subquery must read a dimension, such as the customers', inner.query.at)
  const all =
    inner.kind === 'in query'
      ? [membership(inner.value, inner.query, source, from, environment), ...conditions]
      : conditions
  const place = { sql, at: inner.query.at }
  return joinAdded(source, negated ? 'anti' : 'semi', from, [...all, ...from.where], place)
}

/** Names of the subquery come before those of the query around it. */
function context(inner: Scope, outer: Scope, { sql, now }: Environment): Context {
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

function resolveInner(
  query: Query,
  outer: Source,
  environment: Environment,
): { from: Source; conditions: Condition[] } {
  if (!query.from) return fail(environment, 'the subquery needs a FROM', query.at)
  const from = distinctFrom(resolveFrom(query.from, withCommon(query, environment)), outer)
  refuseOnStream(query, environment.sql)
  const names = context(from, outer, environment)
  return { from, conditions: conjuncts(query.where).map(syntax => typeCondition(syntax, names)) }
}

function membership(value: Syntax, query: Query, outer: Source, from: Source, environment: Environment): Condition {
  const [item, other] = query.select
  const names = context(from, outer, environment)
  const single = from.columns.length === 1 ? from.columns[0]?.operand : undefined
  const found = item?.kind === 'expression' ? typeExpression(item.value, names) : single
  if (!found || other) return fail(environment, 'the subquery of IN must select one column', query.at)
  const typed = typeMembership(typeExpression(value, context(outer, outer, environment)), found)
  if ('wrong' in typed) return fail(environment, typed.wrong, value.at)
  return { expr: typed.expr, text: `${environment.sql.slice(value.at, value.end)} IN (…)` }
}
