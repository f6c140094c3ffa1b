import { isInteger } from '../evaluate/integer.ts'
import type { Expr } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import type { CallSyntax, Syntax } from '../parse/syntax.ts'
import { isOperator } from '../parse/walk.ts'
import { printType } from '../type-text.ts'
import { tightest } from './common-type.ts'
import { type Context, fail } from './context.ts'
import { intervalParts } from './intervals.ts'
import { makeCall } from './make-call.ts'
import { arrayOf } from './nested-operands.ts'
import { castOperand, type Operand } from './operand.ts'

/** `SEQUENCE(start, stop[, step])` of whole numbers, or of times with an INTERVAL; null for any other call. */
export function typeSequence(syntax: CallSyntax, context: Context, type: (syntax: Syntax) => Operand): Operand | null {
  if (syntax.operator || syntax.name.text.toLowerCase() !== 'sequence') return null
  const [first, second, third, more] = syntax.args
  if (!first || !second || more) return fail(context, 'SEQUENCE takes 2 to 3 arguments', syntax.at)
  const bounds = [type(first), type(second)] as const
  const common = tightest(bounds[0].type, bounds[1].type)
  const isTime = common === 'date' || common === 'timestamp'
  const interval = third && isOperator(third, 'INTERVAL') ? third : null
  const step = third && !interval ? type(third) : null
  if (!common || common === 'void' || !(isTime || isInteger(common)) || (third && isTime !== (interval !== null))) {
    const types = [...bounds, ...(step ? [step] : [])].map(operand => printType(operand.type))
    const what = 'SEQUENCE takes whole numbers, or times with an INTERVAL as the step'
    return fail(context, `${what}, not ${types.join(', ')}${interval ? ' and an INTERVAL' : ''}`, syntax.at)
  }
  const element = step ? tightest(common, step.type) : common
  if (!element || element === 'void') return fail(context, 'the step of SEQUENCE is a whole number', syntax.at)
  const exprs: (Expr | null)[] = [...bounds, ...(step ? [step] : [])].map(operand => castOperand(operand, element))
  if (interval) {
    const { months, micros } = intervalParts(interval)
    exprs.push(encodeLiteral(months, 'int'), encodeLiteral(micros, 'bigint'))
  }
  return makeCall(
    'sequence',
    exprs.filter(expr => expr !== null),
    arrayOf(element),
  )
}
