import type { Expr, Join } from '../compiled.ts'
import { columnsUsed, evaluator } from '../evaluate.ts'
import { encodeLiteral } from '../literal.ts'
import { fail } from '../typing/context.ts'
import { makeCall } from '../typing/make-call.ts'
import type { Operand } from '../typing/operand.ts'
import { type Condition, isTrue, joinKey, sideOf } from './conditions.ts'
import type { Scope } from './scope.ts'

/** A join found in conditions, and the conditions that are not part of it. */
export interface Joined {
  readonly join: Join
  /** Over reviews alone. */
  readonly filters: readonly Condition[]
}

/**
 * Makes the join of the conditions of its ON; null if none of them is an equality of reviews with customers. What else
 * they say about reviews alone filters them where the join drops reviews anyway (inner, semi), and decides about pairs
 * elsewhere.
 */
export function joinOn(kind: Join['kind'], conditions: readonly Condition[]): Joined | null {
  const found = conditions.find(condition => joinKey(condition))
  const key = found && joinKey(found)
  if (!found || !key) return null
  const rest = conditions.filter(condition => condition !== found && !isTrue(condition))
  const drops = kind === 'inner' || kind === 'semi'
  const isFilter = ({ expr }: Condition) => drops && (sideOf(expr) === 'reviews' || sideOf(expr) === 'none')
  return {
    join: {
      dimension: 'customers',
      kind,
      leftKey: key.reviews,
      rightKey: key.customers,
      type: key.reviews.type,
      on: conjunction(rest.filter(condition => !isFilter(condition)))?.expr ?? null,
    },
    filters: rest.filter(isFilter),
  }
}

/** All conditions as one; null if there are none. */
export function conjunction(conditions: readonly Condition[]): Condition | null {
  const [first] = conditions
  if (!first || conditions.length === 1) return first ?? null
  return {
    expr: makeCall(
      'and',
      conditions.map(({ expr }) => expr),
      'boolean',
    ),
    text: conditions.map(({ text }) => text).join(' AND '),
  }
}

/** Fails for a join without `reviews.x = customers.y`, saying what the conditions have instead. */
export function failWithoutKey(conditions: readonly Condition[], sql: string, at: number): never {
  const nullSafe = conditions.some(({ expr }) => expr.op === 'call' && expr.name === '<=>' && sideOf(expr) === 'both')
  const why = nullSafe
    ? '<=> would match every review without a key with every customer without one; use ='
    : 'the join needs an equality of a reviews column with a customers column, such as r.customer_id = c.customer_id'
  return fail({ sql }, `reviews and customers can't be joined so: ${why}`, at)
}

/**
 * The columns of customers as they are behind a LEFT JOIN: NULL where no customer was found. A column is so by itself;
 * an expression such as `'x' AS flag` in a subquery has to be told.
 */
export function nullWhereUnmatched(scope: Scope, { rightKey }: Join, sql: string, at: number): Scope {
  const change = ({ name, operand }: { name: string; operand: Operand }): { name: string; operand: Operand } => {
    if (operand.op === 'null' || operand.op === 'column' || isNullOnNulls(operand)) return { name, operand }
    if (!isNullOnNulls(rightKey)) {
      fail(
        { sql },
        `behind a LEFT JOIN, ${name} can't be told from that of a missing customer; compute it in the outer SELECT`,
        at,
      )
    }
    const matched = makeCall('isnotnull', [rightKey], 'boolean')
    return { name, operand: makeCall('if', [matched, operand, encodeLiteral(null, operand.type)], operand.type) }
  }
  return {
    columns: scope.columns.map(change),
    relations: scope.relations.map(relation => ({ ...relation, columns: relation.columns.map(change) })),
  }
}

function isNullOnNulls(expr: Expr): boolean {
  const columns = columnsUsed(expr)
  return evaluator(expr, columns)(columns.map(() => null)) === null
}
