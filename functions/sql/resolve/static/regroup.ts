import type { Expr } from '../../expr.ts'
import { type ComputedColumn, STATIC_VIEW } from '../../static-plan.ts'
import { makeCall } from '../../typing/make-call.ts'
import type { Operand } from '../../typing/operand.ts'

/**
 * An expression over the rows after GROUP BY: what is a key becomes the key's column. Null where it reads a column that
 * is neither a key nor one of `known`, the aggregates.
 */
export function regroup(expr: Expr, keys: readonly ComputedColumn[], known: ReadonlySet<string>): Expr | null {
  const byText = new Map(keys.map(key => [JSON.stringify(key.expr), key]))
  const visit = (node: Expr): Expr | null => {
    const key = byText.size > 0 && byText.get(JSON.stringify(node))
    if (key) return { op: 'column', view: STATIC_VIEW, name: key.id, type: key.expr.type }
    switch (node.op) {
      case 'literal':
        return node
      case 'column':
        return known.has(node.name) ? node : null
      case 'call': {
        const args = node.args.map(visit)
        return args.every(arg => arg !== null) ? makeCall(node.name, args, node.type) : null
      }
      case 'lambda': {
        const body = visit(node.body)
        return body && { ...node, body }
      }
      case 'variable':
        return node
    }
  }
  return visit(expr)
}

/** As regroup, of a bare NULL too. */
export function regroupOperand(
  operand: Operand,
  keys: readonly ComputedColumn[],
  known: ReadonlySet<string>,
): Operand | null {
  return operand.op === 'null' ? operand : regroup(operand, keys, known)
}

/** An expression whose columns are replaced. */
export function replaceColumns(expr: Expr, replace: (column: Column) => Expr): Expr {
  switch (expr.op) {
    case 'column':
      return replace(expr)
    case 'call': {
      const args = expr.args.map(arg => replaceColumns(arg, replace))
      return makeCall(expr.name, args, expr.type)
    }
    case 'lambda':
      return { ...expr, body: replaceColumns(expr.body, replace) }
    default:
      return expr
  }
}

type Column = Extract<Expr, { op: 'column' }>
