import type { Expr } from '../../expr.ts'
import { makeCall } from '../../typing/make-call.ts'

/** An expression whose columns are replaced, by their ids. */
export function replaceColumns(expr: Expr, columns: ReadonlyMap<string, Expr>): Expr {
  switch (expr.op) {
    case 'column':
      return columns.get(expr.name) ?? expr
    case 'call':
      return makeCall(
        expr.name,
        expr.args.map(arg => replaceColumns(arg, columns)),
        expr.type,
      )
    case 'lambda':
      return { ...expr, body: replaceColumns(expr.body, columns) }
    default:
      return expr
  }
}
