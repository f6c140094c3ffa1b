import type { Expr } from './expr.ts'
import { inputsOf, type StaticPlan, type WindowFrame } from './static-plan.ts'

const TIE = 'is not deterministic where two rows tie'

/**
 * Where another order of the same rows could give another result: a line for each place. An
 * order is total where it has all keys of a GROUP BY or DISTINCT below; other columns are not known to be unique.
 */
export function planNotes(plan: StaticPlan): string[] {
  return [...new Set([...inputsOf(plan).flatMap(planNotes), ...notesOf(plan)])]
}

function notesOf(plan: StaticPlan): string[] {
  switch (plan.op) {
    case 'window': {
      const total = isTotal([...plan.partition, ...plan.order.map(({ expr }) => expr)], plan.input)
      const open = plan.functions.filter(
        ({ name, frame }) => !total && !DECIDED.test(name) && (TIED.test(name) || leaves(frame)),
      )
      return open.map(({ text }) => `${text} ${TIE}`)
    }
    case 'aggregate':
      return plan.aggregates
        .filter(({ name }) => PICKS.test(name))
        .map(({ name, text }) => `${text} ${OPEN[name] ?? 'depends on the order of the rows'}`)
    case 'limit': {
      const { input } = plan
      if (input.op !== 'sort') return ['LIMIT without ORDER BY takes the first rows of the files, whichever they are']
      const order = input.order.map(({ expr }) => expr)
      return isTotal(order, input.input) ? [] : [`${input.text} LIMIT ${TIE}`]
    }
    default:
      return []
  }
}

const TIED = /^(row_number|ntile|lag|lead|nth_value|first|last|collect_list)$/
/** Rows that tie have one rank. */
const DECIDED = /^(rank|dense_rank|percent_rank|cume_dist)$/
const OPEN: Partial<Record<string, string>> = {
  max_by: TIE,
  min_by: TIE,
  mode: 'is not deterministic where two values are as frequent',
}
const PICKS = /^(mode|first|last|max_by|min_by|collect_list|collect_set)$/

/** Whether a frame of rows can have one of two rows that tie without the other. */
function leaves({ unit, from, to }: WindowFrame): boolean {
  return unit === 'rows' && (from !== null || to !== null)
}

function isTotal(order: readonly Expr[], input: StaticPlan): boolean {
  const ids = new Set(order.flatMap(expr => (expr.op === 'column' ? [expr.name] : [])))
  return uniqueKeys(input).some(key => key.every(id => ids.has(id)))
}

/** Sets of columns that no two rows have alike. */
function uniqueKeys(plan: StaticPlan): readonly (readonly string[])[] {
  switch (plan.op) {
    case 'aggregate':
      return plan.sets ? [] : [plan.keys.map(({ id }) => id)]
    case 'single':
      return [[]]
    case 'extend':
    case 'filter':
    case 'window':
    case 'sort':
    case 'limit':
      return uniqueKeys(plan.input)
    case 'join':
      return plan.kind === 'semi' || plan.kind === 'anti' ? uniqueKeys(plan.left) : []
    default:
      return []
  }
}
