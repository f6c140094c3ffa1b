import type { Expr } from '../../expr.ts'
import { encodeLiteral } from '../../literal.ts'
import type { Query } from '../../parse/syntax.ts'
import { columnIds } from '../../static-plan.ts'
import { type AskedPredicate, fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import { NULL, type Operand } from '../../typing/operand.ts'
import type { Environment } from '../environment.ts'
import type { Scope } from '../scope.ts'
import { aggregatedValue } from './aggregated-value.ts'
import { resolveStaticFrom } from './from.ts'
import { type Attach, type Correlation, correlations, counting, grouped } from './lookup.ts'
import { resolveOver, resolveStatic, withStatics } from './query.ts'
import { memberships, subqueryRows } from './subquery-rows.ts'
import { whereStatic } from './where.ts'

/**
 * The value of a scalar subquery: that of its one row, or, where it compares its rows with those around by equalities, an
 * aggregate of those that meet. Throws InvalidQuery.
 */
export function scalarValue(query: Query, around: Scope, environment: Environment, attach: Attach): Operand {
  if (!query.from || query.sets.length > 0) return onlyRow(resolveStatic(query, environment))
  const inner = withStatics(query, environment)
  const rows = whereStatic(resolveStaticFrom(query.from, inner), query, inner, around)
  if (rows.correlated.length === 0) return onlyRow(resolveOver(query, rows.relation, inner))
  const equalities = correlations(rows.correlated, columnIds(rows.relation.plan), environment, query.at)
  return aggregatedValue(query, rows.relation, equalities, inner, attach)

  function onlyRow(relation: ReturnType<typeof resolveStatic>): Operand {
    const { length } = relation.columns
    if (length !== 1)
      fail(environment, `a subquery that stands for one value selects one column, not ${length}`, query.at)
    const [value] = attach({ relation: { ...relation, plan: { op: 'single', input: relation.plan } }, keys: [] })
    return !value || value.op === 'null' ? NULL : value
  }
}

/** The value of EXISTS, IN or NOT IN wherever an expression may stand; as Spark's it is never NULL. Throws InvalidQuery. */
export function predicateValue(
  { syntax, values, negated }: AskedPredicate,
  around: Scope,
  environment: Environment,
  attach: Attach,
): Expr {
  const { relation, conditions, selected } = subqueryRows(syntax.query, around, environment)
  const ids = columnIds(relation.plan)
  const equalities = correlations(conditions, ids, environment, syntax.query.at)
  const count = (keys: readonly Correlation[], args: readonly (readonly Expr[])[]) => {
    const lookup = grouped(
      relation.plan,
      keys,
      args.map(arg => counting(arg, environment)),
      environment,
    )
    return attach(lookup).slice(keys.length).map(orZero)
  }
  const isNone = ([rows = ZERO]: readonly Expr[]) => makeCall('=', [rows, ZERO], 'boolean')
  if (syntax.kind === 'exists') return not(isNone(count(equalities, [[]])))
  const members = correlations(memberships(values, selected(), syntax, environment), ids, environment, syntax.at)
  const missing = isNone(count([...equalities, ...members], [[]]))
  if (!negated) return not(missing)
  const [member, more] = members
  if (!member || more)
    return fail(
      environment,
      'NOT IN of several columns is not supported; write NOT EXISTS with their equalities',
      syntax.at,
    )
  const [rows = ZERO, known = ZERO] = count(equalities, [[], [member.inner]])
  const decided = [makeCall('isnotnull', [member.outer], 'boolean'), makeCall('=', [rows, known], 'boolean'), missing]
  return makeCall('or', [isNone([rows]), makeCall('and', decided, 'boolean')], 'boolean')
}

const ZERO = encodeLiteral(0n, 'bigint')

function orZero(count: Operand): Expr {
  return count.op === 'null' ? ZERO : makeCall('coalesce', [count, ZERO], 'bigint')
}

function not(expr: Expr): Expr {
  return makeCall('not', [expr], 'boolean')
}
