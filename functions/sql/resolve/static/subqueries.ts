import type { Query } from '../../parse/syntax.ts'
import type { StaticPlan } from '../../static-plan.ts'
import { type Context, fail } from '../../typing/context.ts'
import { NULL, type Operand } from '../../typing/operand.ts'
import type { Environment } from '../environment.ts'
import { resolveStatic } from './query.ts'

/** The scalar subqueries of some expressions: each is one row that is put beside every row. */
export class Subqueries {
  readonly plans: StaticPlan[] = []
  readonly columns: Operand[] = []
  readonly #environment: Environment

  constructor(environment: Environment) {
    this.#environment = environment
  }

  /** The context in which scalar subqueries are taken out. */
  within(context: Context): Context {
    return { ...context, subquery: query => this.#take(query) }
  }

  #take(query: Query): Operand {
    const { plan, columns } = resolveStatic(query, this.#environment)
    const [column] = columns
    if (!column || columns.length > 1)
      return fail(
        this.#environment,
        `a subquery that stands for one value selects one column, not ${columns.length}`,
        query.at,
      )
    this.plans.push({ op: 'single', input: plan })
    this.columns.push(column.operand)
    return column.operand.op === 'null' ? NULL : column.operand
  }
}

/** Rows with the columns of scalar subqueries beside them. */
export function attached(plan: StaticPlan, subqueries: readonly StaticPlan[]): StaticPlan {
  return subqueries.reduce<StaticPlan>(
    (left, right) => ({ op: 'join', kind: 'inner', left, right, keys: [], on: null }),
    plan,
  )
}
