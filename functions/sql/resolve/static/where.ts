import { columnsUsed } from '../../evaluate.ts'
import type { Query, Syntax } from '../../parse/syntax.ts'
import { valuesOfRow } from '../../parse/walk.ts'
import { columnIds, STATIC_VIEW } from '../../static-plan.ts'
import type { Context } from '../../typing/context.ts'
import { typeExpression } from '../../typing/typer.ts'
import { type Condition, conjuncts, isSubquery, isTrue, typeCondition } from '../conditions.ts'
import { correlated } from '../correlated.ts'
import type { Environment } from '../environment.ts'
import type { Scope } from '../scope.ts'
import { aliasHint, namesOf } from '../select-list.ts'
import { ungathered } from './gatherer.ts'
import { filtered, joinPlan, type StaticRelation } from './relation.ts'
import { attached, Subqueries } from './subqueries.ts'
import { memberships, subqueryRows } from './subquery-rows.ts'

/** The rows for which WHERE holds. */
export interface WhereRows {
  readonly relation: StaticRelation
  /** The conditions that compare them with rows around the query. */
  readonly correlated: readonly Condition[]
  /** What names mean in the query. */
  readonly context: Context
}

/**
 * Tests WHERE, which may name columns of `around` too. EXISTS and IN as conditions of their own are semi joins, NOT EXISTS
 * is an anti join.
 */
export function whereStatic(
  from: StaticRelation,
  query: Query,
  environment: Environment,
  around: Scope | null = null,
): WhereRows {
  const parts = conjuncts(query.where)
  const subqueries = new Subqueries(environment, from)
  const names = around ? correlated(from, around, environment, query) : namesOf(from, environment, aliasHint(query))
  const context = subqueries.within(ungathered(names, 'WHERE'))
  const conditions = parts
    .filter(part => !isSubquery(part))
    .map(part => typeCondition(part, context))
    .filter(condition => !isTrue(condition))
  const early = within(conditions, from)
  const all = attached(filtered(from.plan, early), subqueries.attachments)
  const late = within(conditions, { ...from, plan: all }).filter(condition => !early.includes(condition))
  const rows = { ...from, plan: filtered(all, late) }
  return {
    relation: parts.filter(isSubquery).reduce((met, part) => meeting(met, part, environment), rows),
    correlated: conditions.filter(condition => !early.includes(condition) && !late.includes(condition)),
    context: names,
  }
}

/** The conditions that read nothing but the columns of a relation. */
function within(conditions: readonly Condition[], { plan }: StaticRelation): Condition[] {
  const ids = columnIds(plan)
  return conditions.filter(({ expr }) =>
    columnsUsed(expr).every(({ view, name }) => view === STATIC_VIEW && ids.has(name)),
  )
}

function meeting(rows: StaticRelation, syntax: Syntax, environment: Environment): StaticRelation {
  const negated = syntax.kind === 'call'
  const inner = syntax.kind === 'call' ? (syntax.args[0] ?? syntax) : syntax
  if (inner.kind !== 'exists' && inner.kind !== 'in query') throw new RangeError('not a subquery condition')
  const { relation, conditions, selected } = subqueryRows(inner.query, rows, environment)
  const values = inner.kind === 'in query' ? valuesOfRow(inner.value) : []
  const typed = values.map(value => typeExpression(value, namesOf(rows, environment)))
  const members = inner.kind === 'in query' ? memberships(typed, selected(), inner, environment) : []
  return { ...rows, plan: joinPlan(negated ? 'anti' : 'semi', rows.plan, relation.plan, [...members, ...conditions]) }
}
