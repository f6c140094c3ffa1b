import { columnsUsed } from '../../evaluate.ts'
import type { Expr } from '../../expr.ts'
import { columnIds, STATIC_VIEW, type StaticJoin, type StaticKey, type StaticPlan } from '../../static-plan.ts'
import { makeCall } from '../../typing/make-call.ts'
import type { Condition } from '../conditions.ts'
import type { Scope } from '../scope.ts'

/** The rows of a static query, and what its names mean: operands over the columns of the plan. */
export interface StaticRelation extends Scope {
  readonly plan: StaticPlan
}

/** One row without columns: what a SELECT without FROM reads. */
export const ONE_ROW: StaticPlan = { op: 'values', columns: [], rows: [[]] }

/** The rows for which all conditions hold; those of an inner join are tested before it or as its key, where they can be. */
export function filtered(plan: StaticPlan, conditions: readonly Condition[]): StaticPlan {
  if (conditions.length === 0) return plan
  if (plan.op === 'join' && plan.kind === 'inner') return innerJoin(plan.left, plan.right, conditions, plan)
  const exprs = conditions.map(({ expr }) => expr)
  const [only] = exprs
  return { op: 'filter', input: plan, condition: only && exprs.length === 1 ? only : makeCall('and', exprs, 'boolean') }
}

/** A join by all conditions of its ON, and those that `known` has already. */
export function innerJoin(
  left: StaticPlan,
  right: StaticPlan,
  conditions: readonly Condition[],
  known: Pick<StaticJoin, 'keys' | 'on'> = { keys: [], on: null },
): StaticPlan {
  const leftIds = columnIds(left)
  const rightIds = columnIds(right)
  const ofLeft = conditions.filter(({ expr }) => reads(expr, leftIds))
  const ofRight = conditions.filter(condition => !ofLeft.includes(condition) && reads(condition.expr, rightIds))
  const both = conditions.filter(condition => !ofLeft.includes(condition) && !ofRight.includes(condition))
  const joined = joinPlan('inner', filtered(left, ofLeft), filtered(right, ofRight), both)
  const on = [known.on, joined.on].filter(expr => expr !== null)
  return { ...joined, keys: [...known.keys, ...joined.keys], on: conjoined(on) }
}

/** A join by conditions, of which equalities of both sides become the keys. */
export function joinPlan(
  kind: StaticJoin['kind'],
  left: StaticPlan,
  right: StaticPlan,
  conditions: readonly Condition[],
): StaticJoin {
  const sides = [columnIds(left), columnIds(right)] as const
  const keys: StaticKey[] = []
  const rest: Expr[] = []
  for (const { expr } of conditions) {
    const key = keyOf(expr, ...sides)
    if (key) keys.push(key)
    else rest.push(expr)
  }
  return { op: 'join', kind, left, right, keys, on: conjoined(rest) }
}

function keyOf(expr: Expr, left: ReadonlySet<string>, right: ReadonlySet<string>): StaticKey | null {
  if (expr.op !== 'call' || (expr.name !== '=' && expr.name !== '<=>')) return null
  const [a, b] = expr.args
  if (!a || !b) return null
  const nullSafe = expr.name === '<=>'
  if (isOf(a, left) && isOf(b, right)) return { left: a, right: b, nullSafe }
  return isOf(b, left) && isOf(a, right) ? { left: b, right: a, nullSafe } : null
}

/** Whether an expression reads columns, all of them of one side. */
function isOf(expr: Expr, ids: ReadonlySet<string>): boolean {
  return columnsUsed(expr).length > 0 && reads(expr, ids)
}

function reads(expr: Expr, ids: ReadonlySet<string>): boolean {
  return columnsUsed(expr).every(({ name }) => ids.has(name))
}

function conjoined(exprs: readonly Expr[]): Expr | null {
  const [only] = exprs
  return only && exprs.length > 1 ? makeCall('and', exprs, 'boolean') : (only ?? null)
}

/** A column of a plan as an expression. */
export function planColumn(id: string, type: Expr['type']): Extract<Expr, { op: 'column' }> {
  return { op: 'column', view: STATIC_VIEW, name: id, type }
}
