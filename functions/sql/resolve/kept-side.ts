import type { Join } from '../compiled.ts'
import { columnsUsed, evaluator } from '../evaluate.ts'
import type { Expr } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import { fail } from '../typing/context.ts'
import { makeCall } from '../typing/make-call.ts'
import type { Scope, ScopeColumn } from './scope.ts'

/**
 * The columns of a dimension as they are after a LEFT JOIN: NULL where no row of it was found. A column is so by itself;
 * an expression such as `'x' AS flag` in a subquery has to be made so.
 */
export function nullWhereUnmatched(scope: Scope, { keys }: Join, sql: string, at: number): Scope {
  const change = ({ name, operand }: ScopeColumn): ScopeColumn => {
    if (operand.op === 'null' || operand.op === 'column' || isNullOnNulls(operand)) return { name, operand }
    const key = keys.find(({ right, nullSafe }) => !nullSafe && isNullOnNulls(right))
    if (!key) {
      return fail(
        { sql },
        `after a LEFT JOIN, ${name} can't be distinguished from that of a missing row; compute it in the outer SELECT`,
        at,
      )
    }
    const matched = makeCall('isnotnull', [key.right], 'boolean')
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
