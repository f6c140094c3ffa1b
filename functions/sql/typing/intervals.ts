import { MICROS_PER_DAY } from '../evaluate/civil.ts'
import type { Expr } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import type { CallSyntax, Syntax } from '../parse/syntax.ts'
import { isOperator } from '../parse/walk.ts'
import { printType } from '../type-text.ts'
import { type Context, fail } from './context.ts'
import { makeCall } from './make-call.ts'
import { castOperand, type Operand } from './operand.ts'

/** `time + INTERVAL …`, `INTERVAL … + time` and `time - INTERVAL …`; null for all else. */
export function typeShift(
  { name, operator, args: [a, b] }: CallSyntax,
  context: Context,
  type: (syntax: Syntax) => Operand,
): Operand | null {
  if (!operator || !a || !b || (name.text !== '+' && name.text !== '-')) return null
  const [time, interval] = isOperator(b, 'INTERVAL')
    ? [a, b]
    : name.text === '+' && isOperator(a, 'INTERVAL')
      ? [b, a]
      : []
  if (!time || !interval) return null
  const operand = type(time)
  if (operand.type !== 'date' && operand.type !== 'timestamp')
    return fail(
      context,
      `an INTERVAL is added to a date or timestamp, not to ${printType(operand.type)}; cast it`,
      time.at,
    )
  return shifted(operand, interval, name.text === '-' ? -1 : 1)
}

/** What a call of INTERVAL holds (see parseInterval). */
export function intervalParts({ args }: CallSyntax) {
  const [months, micros, isDays] = args.map(arg => (arg.kind === 'literal' ? arg.value : null))
  return { months: Number(months), micros: typeof micros === 'bigint' ? micros : 0n, isDays: isDays === true }
}

/** A date or timestamp and an interval, which is added or taken off. A date stays one where it has months or whole days. */
export function shifted(time: Operand, interval: CallSyntax, sign: 1 | -1): Expr {
  const { months, micros, isDays } = intervalParts(interval)
  const date = time.type === 'date' ? castOperand(time, 'date') : null
  const timestamp = castOperand(time, 'timestamp') ?? encodeLiteral(null, 'timestamp')
  const count = (value: number) => encodeLiteral(sign * value + 0, 'int')
  if (months !== 0 && date) return makeCall('add_months', [date, count(months)], 'date')
  if (months !== 0)
    return makeCall('timestampadd', [encodeLiteral('MONTH', 'string'), count(months), timestamp], 'timestamp')
  if (isDays && date) return makeCall('date_add', [date, count(Number(micros / MICROS_PER_DAY))], 'date')
  return makeCall('shift-micros', [timestamp, encodeLiteral(BigInt(sign) * micros, 'bigint')], 'timestamp')
}
