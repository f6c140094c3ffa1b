import type { Expr } from '../compiled.ts'
import { columnsUsed } from '../evaluate.ts'
import type { Syntax } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import { type Context, fail } from '../typing/context.ts'
import { castOperand } from '../typing/operand.ts'
import { sourceText, typeExpression } from '../typing/typer.ts'

/** One of the conditions that AND joins. */
export interface Condition {
  readonly expr: Expr
  /** As it stands in the text. */
  readonly text: string
}

/** The conditions that AND joins, from left to right. */
export function conjuncts(syntax: Syntax | null): Syntax[] {
  if (!syntax) return []
  if (syntax.kind === 'call' && syntax.operator && syntax.name.text === 'AND') return syntax.args.flatMap(conjuncts)
  return [syntax]
}

/** Whether a condition of WHERE is an EXISTS, NOT EXISTS or IN with a subquery. */
export function isSubquery(syntax: Syntax): boolean {
  const inner =
    syntax.kind === 'call' && syntax.operator && syntax.name.text === 'NOT' ? (syntax.args[0] ?? syntax) : syntax
  return inner.kind === 'exists' || inner.kind === 'in query'
}

/** Types a condition; throws InvalidQuery if it is no boolean. */
export function typeCondition(syntax: Syntax, context: Context): Condition {
  const typed = typeExpression(syntax, context)
  const operand = (typed.op === 'null' && typed.column && castOperand(typed, 'boolean')) || typed
  if (operand.op === 'null' || operand.type !== 'boolean') {
    const message = `a condition must be boolean, and this is ${operand.op === 'null' ? 'NULL' : printType(operand.type)}`
    return fail(context, `${message}; compare it with something`, syntax.at)
  }
  return { expr: operand, text: sourceText(syntax, context.sql) }
}

/** What an expression reads: nothing, columns of reviews (or of their file), of customers, or of both. */
export function sideOf(expr: Expr): 'none' | 'reviews' | 'customers' | 'both' {
  const views = new Set(columnsUsed(expr).map(({ view }) => (view === 'file' ? 'reviews' : view)))
  if (views.size === 2) return 'both'
  const [view] = views
  return view === 'customers' ? 'customers' : view ? 'reviews' : 'none'
}

/** Whether the condition lets every row pass. */
export function isTrue({ expr }: Condition): boolean {
  return expr.op === 'literal' && expr.value === true
}

/** The two sides of `reviews = customers`; null for any other condition. */
export function joinKey({ expr }: Condition): { reviews: Expr; customers: Expr } | null {
  if (expr.op !== 'call' || expr.name !== '=') return null
  const [left, right] = expr.args
  if (!left || !right) return null
  if (sideOf(left) === 'reviews' && sideOf(right) === 'customers') return { reviews: left, customers: right }
  if (sideOf(left) === 'customers' && sideOf(right) === 'reviews') return { reviews: right, customers: left }
  return null
}
