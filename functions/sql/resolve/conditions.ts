import { isBeforeJoins, type JoinKey } from '../compiled.ts'
import { columnsUsed } from '../evaluate.ts'
import type { Expr, View } from '../expr.ts'
import type { Syntax } from '../parse/syntax.ts'
import { isOperator } from '../parse/walk.ts'
import { printType } from '../type-text.ts'
import { type Context, fail } from '../typing/context.ts'
import { makeCall } from '../typing/make-call.ts'
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
  return isOperator(syntax, 'AND') ? syntax.args.flatMap(conjuncts) : [syntax]
}

/** Whether a condition of WHERE is an EXISTS, NOT EXISTS or IN with a subquery, and nothing else. */
export function isSubquery(syntax: Syntax): boolean {
  if (isOperator(syntax, 'NOT')) return syntax.args[0]?.kind === 'exists'
  return syntax.kind === 'exists' || syntax.kind === 'in query'
}

/** Types a condition; throws InvalidQuery if it is not boolean. */
export function typeCondition(syntax: Syntax, context: Context): Condition {
  const typed = typeExpression(syntax, context)
  const operand = (typed.op === 'null' && typed.column && castOperand(typed, 'boolean')) || typed
  if (operand.op === 'null' || operand.type !== 'boolean') {
    const message = `a condition must be boolean, but this is ${operand.op === 'null' ? 'NULL' : printType(operand.type)}`
    return fail(context, `${message}; compare it with something`, syntax.at)
  }
  return { expr: withoutTwoNots(operand), text: sourceText(syntax, context.sql) }
}

/** `a IS NOT DISTINCT FROM b` is the opposite of the opposite of `a <=> b`, which can be a key. */
function withoutTwoNots(expr: Expr): Expr {
  const [inner] = expr.op === 'call' && expr.name === 'not' ? expr.args : []
  const [same] = inner?.op === 'call' && inner.name === 'not' ? inner.args : []
  return same ? withoutTwoNots(same) : expr
}

/** The views that an expression reads; the file of a review, and what generators make of it, count as the reviews. */
export function viewsOf(expr: Expr): ReadonlySet<View> {
  return new Set(columnsUsed(expr).map(({ view }) => (isBeforeJoins(view) ? 'reviews' : view)))
}

/** Whether a condition can be tested before all joins. */
export function isEarly({ expr }: Condition): boolean {
  return [...viewsOf(expr)].every(view => view === 'reviews')
}

/** Whether the condition lets every row pass. */
export function isTrue({ expr }: Condition): boolean {
  return expr.op === 'literal' && expr.value === true
}

/** The sides of `left = right` or `left <=> right`, in either order; null for anything else. */
export function sidesOf(
  expr: Expr,
  isLeft: (side: Expr) => boolean,
  isRight: (side: Expr) => boolean,
): { readonly left: Expr; readonly right: Expr; readonly nullSafe: boolean } | null {
  if (expr.op !== 'call' || (expr.name !== '=' && expr.name !== '<=>')) return null
  const [a, b] = expr.args
  if (!a || !b) return null
  const nullSafe = expr.name === '<=>'
  if (isLeft(a) && isRight(b)) return { left: a, right: b, nullSafe }
  return isLeft(b) && isRight(a) ? { left: b, right: a, nullSafe } : null
}

/** The key of `left = dimension` or `left <=> dimension`, if the left side reads only what is joined; else null. */
export function keyOf({ expr }: Condition, dimension: View, isJoined: (view: View) => boolean): JoinKey | null {
  const isLeft = (side: Expr) => {
    const views = [...viewsOf(side)]
    return views.length > 0 && views.every(isJoined)
  }
  const isRight = (side: Expr) => {
    const [view, other] = viewsOf(side)
    return view === dimension && other === undefined
  }
  const sides = sidesOf(expr, isLeft, isRight)
  return sides && { left: sides.left, right: sides.right, type: sides.left.type, nullSafe: sides.nullSafe }
}

/** All expressions, joined by AND; null if there are none. */
export function allOf(exprs: readonly Expr[]): Expr | null {
  const [only] = exprs
  return only && exprs.length > 1 ? makeCall('and', exprs, 'boolean') : (only ?? null)
}

/** All conditions as one; null if there are none. */
export function conjunction(conditions: readonly Condition[]): Condition | null {
  const expr = allOf(conditions.map(({ expr }) => expr))
  return expr && { expr, text: conditions.map(({ text }) => text).join(' AND ') }
}
