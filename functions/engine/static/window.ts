import type { StaticPlan, WindowFunction } from '../../sql/static-plan.ts'
import { evaluateColumn } from './expressions.ts'
import { type FrameOf, frameFinder } from './frame-finder.ts'
import { windowAggregate } from './frames.ts'
import { ranking } from './ranking.ts'
import { type SortedRows, sortRows } from './sorted-rows.ts'
import type { Vector, Vectors } from './vector.ts'

type WindowPlan = Extract<StaticPlan, { op: 'window' }>

/** Adds the columns of window functions that share a partition and an order. */
export function addWindows(plan: WindowPlan, input: Vectors, wanted: ReadonlySet<string>): Vectors {
  const sorted = sortRows(plan, input)
  const columns = new Map(input.columns)
  for (const item of plan.functions) {
    if (!wanted.has(item.id)) continue
    const args = item.args.map(arg => evaluateColumn(arg, input))
    columns.set(item.id, compute(item, args, sorted, frameFinder(item.frame, plan.order, sorted, input)))
  }
  return { rows: input.rows, columns }
}

function compute(item: WindowFunction, args: readonly Vector[], sorted: SortedRows, frameOf: FrameOf): Vector {
  const { name } = item
  switch (name) {
    case 'row_number':
    case 'rank':
    case 'dense_rank':
    case 'percent_rank':
    case 'cume_dist':
    case 'ntile':
    case 'lag':
    case 'lead':
      return ranking(name, item, args, sorted)
    default:
      return windowAggregate({ ...item, name }, args, sorted, frameOf)
  }
}
