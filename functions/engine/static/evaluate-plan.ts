import { NotScalar } from '../../base/errors.ts'
import type { Expr } from '../../sql/compiled.ts'
import { columnsUsed } from '../../sql/evaluate.ts'
import { decodeLiteral } from '../../sql/literal.ts'
import { columnIds, type PlanColumn, type ScanColumn, type StaticPlan } from '../../sql/static-plan.ts'
import { aggregate } from './aggregate.ts'
import { columnOf, evaluateColumn, rowsWhere } from './expressions.ts'
import { join } from './join.ts'
import { allRows, placesOf, sortByPlaces } from './ranks.ts'
import { unionRows } from './union.ts'
import { takeRows, type Vector, VectorBuilder, type Vectors } from './vector.ts'
import { addWindows } from './window.ts'

/** Gives columns of a dimension, under their ids in the plan. */
export type Scan = (dimension: string, columns: readonly ScanColumn[]) => Promise<Vectors>

/**
 * Evaluates a plan: the columns of `wanted`, in memory, by whole columns of codes (see Vector), with Spark's meaning. Of
 * its inputs it reads what the operators need. Throws TooManyRows and NotScalar; what `scan` throws passes through.
 */
export async function evaluatePlan(plan: StaticPlan, wanted: ReadonlySet<string>, scan: Scan): Promise<Vectors> {
  switch (plan.op) {
    case 'scan':
      return await scan(
        plan.dimension,
        plan.columns.filter(({ id }) => wanted.has(id)),
      )
    case 'values':
      return valuesOf(plan)
    case 'union': {
      const inputs = []
      for (const { plan: input, columns } of plan.inputs) {
        const relation = await evaluatePlan(input, new Set(columns), scan)
        inputs.push({ relation, columns: columns.map(id => columnOf(relation, id)) })
      }
      return unionRows(
        plan.columns.map(({ id }) => id),
        inputs,
      )
    }
    case 'join': {
      const reads = [...plan.keys.flatMap(({ left, right }) => [left, right]), ...(plan.on ? [plan.on] : [])]
      const needed = withColumns(wanted, reads)
      const left = await evaluatePlan(plan.left, only(needed, plan.left), scan)
      const right = await evaluatePlan(plan.right, only(needed, plan.right), scan)
      return join(plan, left, right)
    }
    default:
      return apply(plan, await evaluatePlan(plan.input, only(readBy(plan, wanted), plan.input), scan), wanted)
  }
}

type Unary = Extract<StaticPlan, { readonly input: StaticPlan }>

/** The columns that an operator reads or passes on. */
function readBy(plan: Unary, wanted: ReadonlySet<string>): ReadonlySet<string> {
  switch (plan.op) {
    case 'extend':
      return withColumns(
        wanted,
        plan.columns.filter(({ id }) => wanted.has(id)).map(({ expr }) => expr),
      )
    case 'filter':
      return withColumns(wanted, [plan.condition])
    case 'aggregate': {
      const gathered = plan.aggregates.filter(({ id }) => wanted.has(id))
      const filters = gathered.flatMap(({ filter }) => filter ?? [])
      return withColumns(new Set(), [
        ...plan.keys.map(({ expr }) => expr),
        ...gathered.flatMap(({ args }) => args),
        ...filters,
      ])
    }
    case 'window': {
      const functions = plan.functions.filter(({ id }) => wanted.has(id))
      return withColumns(wanted, [
        ...plan.partition,
        ...plan.order.map(({ expr }) => expr),
        ...functions.flatMap(({ args }) => args),
      ])
    }
    case 'sort':
      return withColumns(
        wanted,
        plan.order.map(({ expr }) => expr),
      )
    default:
      return wanted
  }
}

function withColumns(wanted: ReadonlySet<string>, exprs: readonly Expr[]): ReadonlySet<string> {
  return new Set([...wanted, ...exprs.flatMap(columnsUsed).map(({ name }) => name)])
}

function only(wanted: ReadonlySet<string>, plan: StaticPlan): ReadonlySet<string> {
  const ids = columnIds(plan)
  return new Set([...wanted].filter(id => ids.has(id)))
}

function apply(plan: Unary, input: Vectors, wanted: ReadonlySet<string>): Vectors {
  switch (plan.op) {
    case 'extend': {
      const columns = new Map(input.columns)
      for (const { id, expr } of plan.columns) if (wanted.has(id)) columns.set(id, evaluateColumn(expr, input))
      return { rows: input.rows, columns }
    }
    case 'filter':
      return takeRows(input, rowsWhere(plan.condition, input))
    case 'aggregate':
      return aggregate(plan, input, wanted)
    case 'window':
      return addWindows(plan, input, wanted)
    case 'sort': {
      let rows = allRows(input.rows)
      for (const { expr, ...direction } of plan.order.toReversed()) {
        const { places, count } = placesOf({ vector: evaluateColumn(expr, input), ...direction })
        rows = sortByPlaces(rows, places, count)
      }
      return takeRows(input, rows)
    }
    case 'limit': {
      const end = plan.count === null ? input.rows : plan.offset + plan.count
      return takeRows(input, allRows(input.rows).subarray(plan.offset, end))
    }
    case 'single':
      if (input.rows > 1)
        throw new NotScalar(
          `a subquery that stands for one value gives ${input.rows} rows: aggregate it, or add LIMIT 1`,
        )
      return takeRows(input, Int32Array.of(input.rows - 1))
  }
}

function valuesOf({ columns, rows }: Extract<StaticPlan, { op: 'values' }>): Vectors {
  const column = ({ type }: PlanColumn, i: number): Vector => {
    const builder = new VectorBuilder(type)
    const codes = Int32Array.from(rows, row => {
      const cell = row[i]
      if (cell?.op !== 'literal') throw new RangeError('a cell of VALUES is constant')
      return builder.code(decodeLiteral(cell))
    })
    return builder.vector(codes)
  }
  return { rows: rows.length, columns: new Map(columns.map((head, i) => [head.id, column(head, i)])) }
}
