import { NotScalar } from '../../base/errors.ts'
import { decodeLiteral } from '../../sql/literal.ts'
import { wantedOfInputs } from '../../sql/plan-columns.ts'
import type { PlanColumn, ScanColumn, StaticPlan } from '../../sql/static-plan.ts'
import { aggregate } from './aggregate.ts'
import { columnOf, evaluateColumn, rowsWhere } from './expressions.ts'
import { generateRows } from './generate.ts'
import { join } from './join.ts'
import { allRows, placesOf, sortByPlaces } from './ranks.ts'
import { unionRows } from './union.ts'
import { takeRows, type Vector, VectorBuilder, type Vectors } from './vector.ts'
import { addWindows } from './window.ts'

/** Gives columns of a dimension, under their ids in the plan. */
export type Scan = (dimension: string, columns: readonly ScanColumn[]) => Promise<Vectors>

/**
 * Evaluates the `wanted` columns of a plan, in memory, as whole columns of codes (see Vector), with Spark's semantics. It
 * reads only what the operators need. Throws TooManyRows and NotScalar; what `scan` throws passes through.
 */
export async function evaluatePlan(plan: StaticPlan, wanted: ReadonlySet<string>, scan: Scan): Promise<Vectors> {
  const needed = wantedOfInputs(plan, wanted)
  const evaluate = (input: StaticPlan, number: number) => evaluatePlan(input, needed[number] ?? new Set(), scan)
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
      for (const [number, { plan: input, columns }] of plan.inputs.entries()) {
        const relation = await evaluate(input, number)
        inputs.push({ relation, columns: columns.map(id => columnOf(relation, id)) })
      }
      return unionRows(
        plan.columns.map(({ id }) => id),
        inputs,
      )
    }
    case 'join':
      return join(plan, await evaluate(plan.left, 0), await evaluate(plan.right, 1))
    default:
      return apply(plan, await evaluate(plan.input, 0), wanted)
  }
}

type Unary = Extract<StaticPlan, { readonly input: StaticPlan }>

function apply(plan: Unary, input: Vectors, wanted: ReadonlySet<string>): Vectors {
  switch (plan.op) {
    case 'extend': {
      const columns = new Map(input.columns)
      for (const { id, expr } of plan.columns) if (wanted.has(id)) columns.set(id, evaluateColumn(expr, input))
      return { rows: input.rows, columns }
    }
    case 'generate':
      return generateRows(plan, input)
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
