import type { Expr } from '../../expr.ts'
import type { Distance, Frame } from '../../parse/syntax.ts'
import { isOperator } from '../../parse/walk.ts'
import type { AggregateName, PlanOrder, RankingName, WindowFrame } from '../../static-plan.ts'
import { printType } from '../../type-text.ts'
import { isNumber } from '../../typing/common-type.ts'
import { type Context, fail } from '../../typing/context.ts'
import { isRanking } from '../../typing/gathering.ts'
import { intervalParts, shifted } from '../../typing/intervals.ts'
import { castOperand } from '../../typing/operand.ts'
import { typeArithmetic } from '../../typing/operators.ts'
import { typeExpression } from '../../typing/typer.ts'

const WHOLE = { unit: 'rows', from: null, to: null } as const
const RUNNING = { unit: 'rows', from: null, to: 0 } as const

/** The frame of a window function: that which is written, or Spark's for the function and the order. */
export function windowFrame(
  word: string,
  name: AggregateName | RankingName,
  order: readonly PlanOrder[],
  written: Frame | null,
  context: Context,
  at: number,
): WindowFrame {
  const ordered = order.length > 0
  if (isRanking(name) && name !== 'nth_value') {
    if (!ordered) fail(context, `${word} needs an ORDER BY in its window`, at)
    if (written && !(written.from === null && written.to === 0 && name !== 'lag' && name !== 'lead'))
      fail(context, `${word} takes no frame`, at)
    return RUNNING
  }
  if (!written) return ordered ? { unit: 'range', from: null, to: 0 } : WHOLE
  if (written.unit === 'range') return rangeFrame(written, order, context, at)
  const { from, to } = written
  if (from !== null && to !== null && from > to) fail(context, 'the frame ends before it begins', at)
  return written
}

type Range = Extract<Frame, { unit: 'range' }>

function rangeFrame({ from, to }: Range, order: readonly PlanOrder[], context: Context, at: number): WindowFrame {
  const [by, more] = order
  if (!by && (from !== null || to !== null)) fail(context, 'RANGE needs an ORDER BY in its window', at)
  if ((from === null || from === 0) && (to === null || to === 0)) return { unit: 'range', from, to }
  if (!by || more) return fail(context, 'RANGE with a distance needs an ORDER BY of one expression', at)
  const key = by.expr
  const bound = (distance: 0 | Distance | null) => {
    if (distance === null || distance === 0) return distance === 0 ? key : null
    return valueAt(key, distance, distance.following === by.descending ? -1 : 1, context)
  }
  const bounds = { from: bound(from), to: bound(to) }
  if (from && to && isBehind(from, to, context)) fail(context, 'the frame ends before it begins', at)
  // Decimals need a digit more than the key.
  const type = [bounds.from, bounds.to].find(expr => expr && expr !== key)?.type ?? key.type
  const cast = (expr: Expr | null) => expr && castOperand(expr, type)
  return { unit: 'values', key: cast(key) ?? key, from: cast(bounds.from), to: cast(bounds.to) }
}

/** The value at a distance of the key, towards larger ones (1) or smaller ones (-1). */
function valueAt(key: Expr, { value }: Distance, sign: 1 | -1, context: Context): Expr {
  const { type } = key
  const refuse = (what: string) => fail(context, `the distance of a frame by ${printType(type)} ${what}`, value.at)
  if (isOperator(value, 'INTERVAL')) {
    const { months } = intervalParts(value)
    if (type === 'timestamp' || (type === 'date' && months !== 0)) return shifted(key, value, sign)
    return type === 'date'
      ? refuse('must be a whole number of days, or an INTERVAL of months')
      : refuse('must be a number')
  }
  const distance = typeExpression(value, context)
  if (distance.op !== 'literal') return refuse('must be constant')
  const isDays = type === 'date' && distance.type === 'int'
  if (type === 'timestamp' || !(isDays || isNumber(type)))
    return refuse(
      type === 'timestamp' ? 'must be an INTERVAL' : 'is not possible; order by a number, date or timestamp',
    )
  const typed = castOperand(distance, isDays ? 'int' : type)
  if (!typed || (!isNumber(distance.type) && distance.type !== 'string')) return refuse('must be a number')
  const sum = typeArithmetic(sign === 1 ? '+' : '-', key, typed)
  return 'wrong' in sum ? refuse('must be a number') : sum.expr
}

/** Whether a frame of two distances ends before it begins. */
function isBehind(from: Distance, to: Distance, context: Context): boolean {
  const numberOf = (syntax: Distance['value']) => {
    const number = castOperand(typeExpression(syntax, context), 'double')
    return number?.op === 'literal' ? Number(number.value) : 0
  }
  const placeOf = ({ value, following }: Distance) => {
    const { months, micros } = isOperator(value, 'INTERVAL')
      ? intervalParts(value)
      : { months: 0, micros: numberOf(value) }
    const parts = [months, Number(micros)]
    return parts.map(part => (following ? part : -part))
  }
  const last = placeOf(to)
  const difference = placeOf(from).map((part, i) => part - (last[i] ?? 0))
  return (difference.find(part => part !== 0) ?? 0) > 0
}

/** A frame whose expressions are over other rows. */
export function rewrittenFrame(frame: WindowFrame, rewrite: (expr: Expr) => Expr): WindowFrame {
  if (frame.unit !== 'values') return frame
  const over = (expr: Expr | null) => expr && rewrite(expr)
  return { unit: 'values', key: rewrite(frame.key), from: over(frame.from), to: over(frame.to) }
}
