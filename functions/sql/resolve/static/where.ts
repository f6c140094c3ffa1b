import type { Query, Syntax } from '../../parse/syntax.ts'
import { type Context, fail } from '../../typing/context.ts'
import { isGathering } from '../../typing/gathering.ts'
import { typeMembership } from '../../typing/operators.ts'
import { typeExpression } from '../../typing/typer.ts'
import { type Condition, conjuncts, isSubquery, isTrue, typeCondition } from '../conditions.ts'
import { correlated } from '../correlated.ts'
import type { Environment } from '../environment.ts'
import type { Scope } from '../scope.ts'
import { aliasHint, namesOf } from '../select-list.ts'
import { resolveStaticFrom } from './from.ts'
import { resolveStatic, withStatics } from './query.ts'
import { filtered, joinPlan, type StaticRelation } from './relation.ts'
import { attached, Subqueries } from './subqueries.ts'

/** The rows for which WHERE holds. EXISTS and IN are semi joins, NOT EXISTS is an anti join. */
export function whereStatic(from: StaticRelation, query: Query, environment: Environment): StaticRelation {
  const parts = conjuncts(query.where)
  const subqueries = new Subqueries(environment)
  const context = subqueries.within(ungathered(namesOf(from, environment, aliasHint(query)), 'WHERE'))
  const conditions = parts.filter(part => !isSubquery(part)).map(part => typeCondition(part, context))
  const plan = filtered(
    attached(from.plan, subqueries.plans),
    conditions.filter(condition => !isTrue(condition)),
  )
  return parts.filter(isSubquery).reduce((rows, part) => meeting(rows, part, environment), { ...from, plan })
}

/** The context of a clause that is tested before rows are gathered. */
export function ungathered(context: Context, clause: string): Context {
  const refuse = (at: number) =>
    fail(
      context,
      `${clause} is tested before aggregates and windows are computed; use HAVING, QUALIFY or a subquery`,
      at,
    )
  return { ...context, gather: call => (isGathering(call) ? refuse(call.at) : null) }
}

function meeting(rows: StaticRelation, syntax: Syntax, environment: Environment): StaticRelation {
  const negated = syntax.kind === 'call'
  const inner = syntax.kind === 'call' ? (syntax.args[0] ?? syntax) : syntax
  if (inner.kind !== 'exists' && inner.kind !== 'in query') throw new RangeError('not a subquery condition')
  if (negated && inner.kind === 'in query') {
    fail(
      environment,
      'NOT IN with a subquery gives no row at all once one of its values is NULL; use NOT EXISTS or LEFT ANTI JOIN',
      syntax.at,
    )
  }
  const { relation, conditions, context } = innerRows(inner.query, rows, environment)
  const all =
    inner.kind === 'in query' ? [membership(inner, relation, rows, context, environment), ...conditions] : conditions
  return { ...rows, plan: joinPlan(negated ? 'anti' : 'semi', rows.plan, relation.plan, all) }
}

interface InnerRows {
  readonly relation: StaticRelation
  /** Over both sides. */
  readonly conditions: readonly Condition[]
  /** What names mean in the subquery. */
  readonly context: Context
}

/** The rows of a subquery; one that only filters can name columns of the query around it. */
function innerRows(query: Query, outer: Scope, environment: Environment): InnerRows {
  const { from, group, having, qualify, windows, sets, distinct, limit, offset } = query
  const gathers = group ?? having ?? qualify ?? windows[0] ?? sets[0] ?? distinct ?? limit ?? offset
  if (!from || gathers || query.select.some(isGathered)) {
    const relation = resolveStatic(query, environment)
    return { relation, conditions: [], context: namesOf(relation, environment) }
  }
  const relation = resolveStaticFrom(from, withStatics(query, environment))
  const context = ungathered(correlated(relation, outer, environment), 'WHERE')
  const conditions = conjuncts(query.where).map(part => typeCondition(part, context))
  return { relation, conditions: conditions.filter(condition => !isTrue(condition)), context }
}

function isGathered(item: Query['select'][number]): boolean {
  return item.kind === 'expression' && item.value.kind === 'call' && isGathering(item.value)
}

function membership(
  { value, query, at }: Extract<Syntax, { kind: 'in query' }>,
  relation: StaticRelation,
  outer: Scope,
  context: Context,
  environment: Environment,
): Condition {
  const [item, other] = query.select
  const [column, more] = relation.columns
  const plain = item?.kind === 'expression' && !other && relation.relations.length > 0
  const found = plain ? typeExpression(item.value, context) : more ? undefined : column?.operand
  if (!found) return fail(environment, 'the subquery of IN must select one column', query.at)
  const typed = typeMembership(typeExpression(value, namesOf(outer, environment)), found)
  if ('wrong' in typed) return fail(environment, typed.wrong, at)
  return { expr: typed.expr, text: `${environment.sql.slice(value.at, value.end)} IN (…)` }
}
