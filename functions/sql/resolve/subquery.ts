import type { Query, Syntax } from '../parse/syntax.ts'
import { fail } from '../typing/context.ts'
import { typeMembership } from '../typing/operators.ts'
import { typeExpression } from '../typing/typer.ts'
import { type Condition, conjuncts, typeCondition } from './conditions.ts'
import { correlated } from './correlated.ts'
import { distinctFrom } from './distinct-names.ts'
import type { Environment } from './environment.ts'
import { joinAdded, resolveFrom } from './from.ts'
import { refuseOnStream } from './refuse-on-stream.ts'
import { withCommon } from './select.ts'
import type { Source } from './source.ts'
import { derivedSource } from './static/derive.ts'
import { isFiltering, isStaticQuery } from './static/is-static.ts'
import { resolveStatic } from './static/query.ts'

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
  const { from, conditions, derived } = resolveInner(inner.query, source, environment)
  if (from.kind !== 'static') fail({ sql }, 'the subquery must read a dimension, such as the customers', inner.query.at)
  const all =
    inner.kind === 'in query'
      ? [membership(inner.value, inner.query, source, { from, derived }, environment), ...conditions]
      : conditions
  const place = { sql, at: inner.query.at }
  return joinAdded(source, negated ? 'anti' : 'semi', from, [...all, ...from.where], place)
}

interface InnerSource {
  readonly from: Source
  /** Over both sides. */
  readonly conditions: readonly Condition[]
  /** Whether `from` is the whole subquery; else its FROM alone. */
  readonly derived: boolean
}

function resolveInner(query: Query, outer: Source, environment: Environment): InnerSource {
  if (!query.from) return fail(environment, 'the subquery needs a FROM', query.at)
  if (isStaticQuery(query, environment) && !isFiltering(query)) {
    return {
      from: distinctFrom(derivedSource(resolveStatic(query, environment)), outer),
      conditions: [],
      derived: true,
    }
  }
  const from = distinctFrom(resolveFrom(query.from, withCommon(query, environment)), outer)
  refuseOnStream(query, environment.sql)
  const names = correlated(from, outer, environment)
  return { from, conditions: conjuncts(query.where).map(syntax => typeCondition(syntax, names)), derived: false }
}

function membership(
  value: Syntax,
  query: Query,
  outer: Source,
  { from, derived }: Pick<InnerSource, 'from' | 'derived'>,
  environment: Environment,
): Condition {
  const [item, other] = query.select
  const names = correlated(from, outer, environment)
  const single = from.columns.length === 1 ? from.columns[0]?.operand : undefined
  const found = item?.kind === 'expression' && !derived ? typeExpression(item.value, names) : single
  if (!found || (other && !derived)) return fail(environment, 'the subquery of IN must select one column', query.at)
  const typed = typeMembership(typeExpression(value, correlated(outer, outer, environment)), found)
  if ('wrong' in typed) return fail(environment, typed.wrong, value.at)
  return { expr: typed.expr, text: `${environment.sql.slice(value.at, value.end)} IN (…)` }
}
