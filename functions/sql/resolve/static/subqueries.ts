import { columnsUsed } from '../../evaluate.ts'
import type { Expr } from '../../expr.ts'
import { columnIds, type StaticKey, type StaticPlan } from '../../static-plan.ts'
import type { Context } from '../../typing/context.ts'
import type { Environment } from '../environment.ts'
import type { Scope } from '../scope.ts'
import type { Lookup } from './lookup.ts'
import { predicateValue, scalarValue } from './subquery-values.ts'

/** The rows that a subquery is looked up in. */
export interface Attachment {
  readonly plan: StaticPlan
  readonly keys: readonly StaticKey[]
}

/** The subqueries within some expressions: each adds its columns to every row. */
export class Subqueries {
  readonly attachments: Attachment[] = []
  readonly #environment: Environment
  /** What the subqueries can name. */
  readonly #around: Scope

  constructor(environment: Environment, around: Scope) {
    this.#environment = environment
    this.#around = around
  }

  /** The context in which subqueries are taken out. */
  within(context: Context): Context {
    const attach = (lookup: Lookup) => this.#attach(lookup)
    return {
      ...context,
      subquery: query => scalarValue(query, this.#around, this.#environment, attach),
      predicate: asked => predicateValue(asked, this.#around, this.#environment, attach),
    }
  }

  #attach({ relation: { plan, columns }, keys }: Lookup) {
    const operands = columns.map(({ operand }) => operand)
    const meets = keys.flatMap(({ outer, nullSafe }, i): StaticKey[] => {
      const right = operands[i]
      return right && right.op !== 'null' ? [{ left: outer, right, nullSafe }] : []
    })
    this.attachments.push({ plan, keys: meets })
    return operands
  }
}

/** Rows with the columns of lookups beside them. */
export function attached(plan: StaticPlan, attachments: readonly Attachment[]): StaticPlan {
  return attachments.reduce<StaticPlan>(
    (left, { plan: right, keys }) => ({
      op: 'join',
      kind: keys.length > 0 ? 'left' : 'inner',
      left,
      right,
      keys,
      on: null,
    }),
    plan,
  )
}

/** Those of the lookups that expressions read, and that these read in turn. */
export function readBy(exprs: readonly Expr[], attachments: readonly Attachment[]): Attachment[] {
  const read = new Set(exprs.flatMap(columnsUsed).map(({ name }) => name))
  const found = attachments.toReversed().filter(({ plan, keys }) => {
    const isRead = [...columnIds(plan)].some(id => read.has(id))
    if (isRead) for (const { name } of keys.flatMap(({ left }) => columnsUsed(left))) read.add(name)
    return isRead
  })
  return found.reverse()
}
