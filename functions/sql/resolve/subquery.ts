import type { InQuery, Query, Syntax } from '../parse/syntax.ts'
import { someSyntax, valuesOfRow } from '../parse/walk.ts'
import { fail } from '../typing/context.ts'
import { typeExpression } from '../typing/typer.ts'
import { type Condition, conjuncts, typeCondition, viewsOf } from './conditions.ts'
import { correlated } from './correlated.ts'
import { distinctFrom } from './distinct-names.ts'
import type { Environment } from './environment.ts'
import { joinAdded, resolveFrom } from './from.ts'
import { refuseOnStream } from './refuse-on-stream.ts'
import { withCommon } from './select.ts'
import { namesOf } from './select-list.ts'
import type { Source } from './source.ts'
import { derivedSource } from './static/derive.ts'
import { isFiltering, isStaticQuery } from './static/is-static.ts'
import { resolveStatic } from './static/query.ts'
import { memberships } from './static/subquery-rows.ts'

/**
 * EXISTS and IN over a dimension are a semi join, NOT EXISTS is an anti join. Null for one that is not a join, since it compares
 * nothing with the reviews or has subqueries itself. Throws InvalidQuery for what can't be done.
 */
export function joinSubquery(source: Source, syntax: Syntax, environment: Environment): Source | null {
  const { sql } = environment
  const negated = syntax.kind === 'call'
  const inner = negated ? (syntax.args[0] ?? syntax) : syntax
  if (inner.kind !== 'exists' && inner.kind !== 'in query') throw new RangeError('not a subquery condition')
  if (source.kind !== 'stream') {
    fail(
      { sql },
      'a subquery in WHERE is possible over the reviews alone, not over a dimension; join the two',
      syntax.at,
    )
  }
  if (conjuncts(inner.query.where).some(part => someSyntax(part, isAsked))) return null
  const { from, conditions, derived } = resolveInner(inner.query, source, environment)
  if (from.kind !== 'static') fail({ sql }, 'the subquery must read a dimension, such as the customers', inner.query.at)
  const isInner = ({ expr }: Condition) =>
    [...viewsOf(expr)].every(view => from.dimensions.some(({ name }) => name === view))
  if (inner.kind === 'exists' && conditions.every(isInner)) return null
  const all =
    inner.kind === 'in query' ? [...members(inner, source, { from, derived }, environment), ...conditions] : conditions
  const place = { sql, at: inner.query.at }
  return joinAdded(source, negated ? 'anti' : 'semi', from, [...all, ...from.where], place)
}

function isAsked({ kind }: Syntax): boolean {
  return kind === 'exists' || kind === 'in query' || kind === 'scalar query'
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

/** The equalities of what stands before IN with what the subquery selects. */
function members(
  syntax: InQuery,
  outer: Source,
  { from, derived }: Pick<InnerSource, 'from' | 'derived'>,
  environment: Environment,
): Condition[] {
  const names = correlated(from, outer, environment)
  const all = from.columns.map(({ operand }) => operand)
  const selected = derived
    ? all
    : syntax.query.select.flatMap(item => (item.kind === 'expression' ? [typeExpression(item.value, names)] : all))
  const around = namesOf(outer, environment)
  const values = valuesOfRow(syntax.value).map(value => typeExpression(value, around))
  return memberships(values, selected, syntax, environment)
}
