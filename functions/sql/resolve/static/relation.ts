import { columnsUsed } from '../../evaluate.ts'
import type { Expr } from '../../expr.ts'
import {
  type ComputedColumn,
  columnIds,
  type PlanColumn,
  STATIC_VIEW,
  type StaticJoin,
  type StaticKey,
  type StaticPlan,
} from '../../static-plan.ts'
import type { Operand } from '../../typing/operand.ts'
import { allOf, type Condition, sidesOf } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import type { AddRows } from '../generate.ts'
import type { Scope, ScopeColumn } from '../scope.ts'

/** The rows of a static query, and what its names mean: operands over the columns of the plan. */
export interface StaticRelation extends Scope {
  readonly plan: StaticPlan
}

/** One row without columns: what a SELECT without FROM reads. */
export const ONE_ROW: StaticPlan = { op: 'values', columns: [], rows: [[]] }

/** The rows for which all conditions hold; those of an inner join are tested before it or as its key, where they can be. */
export function filtered(plan: StaticPlan, conditions: readonly Condition[]): StaticPlan {
  if (plan.op === 'join' && plan.kind === 'inner' && conditions.length > 0)
    return innerJoin(plan.left, plan.right, conditions, plan)
  const condition = allOf(conditions.map(({ expr }) => expr))
  return condition ? { op: 'filter', input: plan, condition } : plan
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
  return { ...joined, keys: [...known.keys, ...joined.keys], on: allOf(on) }
}

/** A join by conditions, of which equalities of both sides become the keys. */
export function joinPlan(
  kind: StaticJoin['kind'],
  left: StaticPlan,
  right: StaticPlan,
  conditions: readonly Condition[],
): StaticJoin {
  const [ofLeft, ofRight] = [columnIds(left), columnIds(right)]
  const keys: StaticKey[] = []
  const rest: Expr[] = []
  for (const { expr } of conditions) {
    const key = sidesOf(
      expr,
      side => isOf(side, ofLeft),
      side => isOf(side, ofRight),
    )
    if (key) keys.push(key)
    else rest.push(expr)
  }
  return { op: 'join', kind, left, right, keys, on: allOf(rest) }
}

/** Whether an expression reads columns, and only those of one side. */
function isOf(expr: Expr, ids: ReadonlySet<string>): boolean {
  return columnsUsed(expr).length > 0 && reads(expr, ids)
}

function reads(expr: Expr, ids: ReadonlySet<string>): boolean {
  return columnsUsed(expr).every(({ name }) => ids.has(name))
}

/** A column of a plan as an expression. */
export function planColumn(id: string, type: Expr['type']): Extract<Expr, { op: 'column' }> {
  return { op: 'column', view: STATIC_VIEW, name: id, type }
}

/** Those of the columns that are in the plan. */
export function planColumns(columns: readonly ScopeColumn[]): PlanColumn[] {
  return columns.flatMap(({ operand }) => (operand.op === 'column' ? [{ id: operand.name, type: operand.type }] : []))
}

/** The columns, with a column of the plan (`made`) for each that has an expression by `expressionOf`. */
export function planned(
  columns: readonly ScopeColumn[],
  expressionOf: (operand: Operand) => Expr | null,
  { newId }: Pick<Environment, 'newId'>,
): { readonly columns: readonly ScopeColumn[]; readonly made: readonly ComputedColumn[] } {
  const made: ComputedColumn[] = []
  const named = columns.map(({ name, operand }): ScopeColumn => {
    const expr = expressionOf(operand)
    if (!expr) return { name, operand }
    const id = newId()
    made.push({ id, expr })
    return { name, operand: planColumn(id, expr.type) }
  })
  return { columns: named, made }
}

/** An operand as it is computed; null for a bare NULL, which needs no column. */
export function exprOf(operand: Operand): Expr | null {
  return operand.op === 'null' ? null : operand
}

/** Makes rows of a relation's rows by a generator. */
export function addToPlan({ newId }: Environment): AddRows<StaticRelation> {
  return (source, { columns, rows, outer }) => {
    const made = columns.map(({ type }) => ({ id: newId(), type }))
    const plan = { op: 'generate', input: source.plan, rows, columns: made, outer } as const
    return { source: { ...source, plan }, operands: made.map(({ id, type }) => planColumn(id, type)) }
  }
}

/** A plan with computed columns, if there are any. */
export function extended(input: StaticPlan, columns: readonly ComputedColumn[]): StaticPlan {
  return columns.length > 0 ? { op: 'extend', input, columns } : input
}

/** Makes a column of the plan of each column that is an expression. */
export function compute(relation: StaticRelation, environment: Environment): StaticRelation {
  const isComputed = ({ op }: Operand) => op !== 'null' && op !== 'column'
  const { columns, made } = planned(relation.columns, each => (isComputed(each) ? exprOf(each) : null), environment)
  return { columns, relations: [], plan: extended(relation.plan, made) }
}

/** Each combination of the columns once. */
export function distinct({ plan, columns }: StaticRelation, environment: Environment): StaticRelation {
  const { columns: kept, made: keys } = planned(columns, exprOf, environment)
  return { plan: { op: 'aggregate', input: plan, keys, aggregates: [] }, columns: kept, relations: [] }
}
