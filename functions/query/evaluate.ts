import type { Expr, View } from './compiled.ts'
import type { Value } from './types.ts'

/** A stand-in that knows columns, literals, `=` and AND. */
export function evaluator(
  expr: Expr,
  columns: readonly { readonly view: View; readonly name: string }[],
): (values: readonly Value[]) => Value {
  if (expr.op === 'literal') return () => expr.value as Value
  if (expr.op === 'column') {
    const at = columns.findIndex(c => c.view === expr.view && c.name === expr.name)
    return values => values[at] ?? null
  }
  const args = expr.args.map(arg => evaluator(arg, columns))
  const [a, b] = args
  if (!a) throw new Error('no arguments')
  if (expr.name === '=' && b) {
    return values => {
      const left = a(values)
      const right = b(values)
      return left === null || right === null ? null : left === right
    }
  }
  if (expr.name === 'and' && b) return values => (a(values) === true && b(values) === true ? true : null)
  if (expr.name === 'concat') return values => args.map(arg => String(arg(values))).join('')
  throw new Error(`unknown call ${expr.name}`)
}

/** The columns that an expression reads. */
export function columnsOf(expr: Expr): { readonly view: View; readonly name: string }[] {
  if (expr.op === 'column') return [{ view: expr.view, name: expr.name }]
  return expr.op === 'call' ? expr.args.flatMap(columnsOf) : []
}
