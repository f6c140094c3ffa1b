import { columnsUsed } from './evaluate.ts'
import type { Expr } from './expr.ts'
import { columnIds, type DerivedPlan, frameExprs, inputsOf, type StaticPlan } from './static-plan.ts'

type Ids = ReadonlySet<string>

/** The columns that an operator needs of each of its inputs, where these of its own are wanted. */
export function wantedOfInputs(plan: StaticPlan, wanted: Ids): readonly Ids[] {
  if (plan.op === 'union') return plan.inputs.map(({ columns }) => new Set(columns))
  const needed = withColumns(plan.op === 'aggregate' ? new Set() : wanted, readBy(plan, wanted))
  return inputsOf(plan).map(input => {
    const ids = columnIds(input)
    return new Set([...needed].filter(id => ids.has(id)))
  })
}

/** The expressions that an operator evaluates for the wanted columns. */
function readBy(plan: StaticPlan, wanted: Ids): readonly Expr[] {
  const kept = <T extends { readonly id: string }>(columns: readonly T[]) => columns.filter(({ id }) => wanted.has(id))
  switch (plan.op) {
    case 'extend':
      return kept(plan.columns).map(({ expr }) => expr)
    case 'filter':
      return [plan.condition]
    case 'generate':
      return [plan.rows]
    case 'aggregate': {
      const aggregates = kept(plan.aggregates)
      return [
        ...plan.keys.map(({ expr }) => expr),
        ...aggregates.flatMap(({ args }) => args),
        ...aggregates.flatMap(({ filter }) => filter ?? []),
      ]
    }
    case 'window':
      return [
        ...plan.partition,
        ...plan.order.map(({ expr }) => expr),
        ...kept(plan.functions).flatMap(({ args, frame }) => [...args, ...frameExprs(frame)]),
      ]
    case 'sort':
      return plan.order.map(({ expr }) => expr)
    case 'join':
      return [...plan.keys.flatMap(({ left, right }) => [left, right]), ...(plan.on ? [plan.on] : [])]
    default:
      return []
  }
}

function withColumns(wanted: Ids, exprs: readonly Expr[]): Ids {
  return new Set([...wanted, ...exprs.flatMap(columnsUsed).map(({ name }) => name)])
}

/** A plan without the columns that nobody reads. */
export function prunedPlan({ root, ids }: DerivedPlan): DerivedPlan {
  return { root: pruned(root, new Set(ids)), ids }
}

function pruned(plan: StaticPlan, wanted: Ids): StaticPlan {
  const needed = wantedOfInputs(plan, wanted)
  const input = (of: StaticPlan, number = 0) => pruned(of, needed[number] ?? new Set())
  const kept = <T extends { readonly id: string }>(columns: readonly T[]) => columns.filter(({ id }) => wanted.has(id))
  switch (plan.op) {
    case 'scan':
      return { ...plan, columns: kept(plan.columns) }
    case 'values':
      return plan
    case 'extend':
      return { ...plan, input: input(plan.input), columns: kept(plan.columns) }
    case 'aggregate':
      return { ...plan, input: input(plan.input), aggregates: kept(plan.aggregates) }
    case 'window': {
      const functions = kept(plan.functions)
      return functions.length === 0 ? input(plan.input) : { ...plan, input: input(plan.input), functions }
    }
    case 'union':
      return { ...plan, inputs: plan.inputs.map((each, i) => ({ ...each, plan: input(each.plan, i) })) }
    case 'join':
      return { ...plan, left: input(plan.left), right: input(plan.right, 1) }
    default:
      return { ...plan, input: input(plan.input) }
  }
}
