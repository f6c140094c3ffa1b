import type { Expr } from '../../expr.ts'
import { encodeLiteral } from '../../literal.ts'
import type { ComputedColumn } from '../../static-plan.ts'
import { fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import { castOperand } from '../../typing/operand.ts'
import type { Environment } from '../environment.ts'
import { planColumn } from './relation.ts'

/** `grouping(key)`, 1 where a row's grouping lacks the key, or `grouping_id(…)`, the bits of all keys. */
export interface GroupingCall {
  readonly name: 'grouping' | 'grouping_id'
  /** The column that stands for it. */
  readonly id: string
  readonly args: readonly Expr[]
  readonly at: number
}

/** The columns of such calls after the GROUP BY. `id` is the column of the bits, null without ROLLUP, CUBE or GROUPING SETS. */
export function groupingColumns(
  calls: readonly GroupingCall[],
  keys: readonly ComputedColumn[],
  id: string | null,
  environment: Environment,
): ComputedColumn[] {
  const texts = keys.map(({ expr }) => JSON.stringify(expr))
  return calls.map(call => {
    const word = call.name.toUpperCase()
    if (id === null) return fail(environment, `${word} needs ROLLUP, CUBE or GROUPING SETS in GROUP BY`, call.at)
    const bits = planColumn(id, 'bigint')
    const places = call.args.map(arg => texts.indexOf(JSON.stringify(arg)))
    if (call.name === 'grouping') {
      const [place = -1] = places
      if (place < 0) return fail(environment, 'GROUPING takes a key of GROUP BY', call.at)
      return { id: call.id, expr: bitOf(bits, keys.length - 1 - place) }
    }
    const all = places.length === 0 || (places.length === keys.length && places.every((place, i) => place === i))
    if (!all) return fail(environment, 'GROUPING_ID takes nothing, or all keys of GROUP BY in their order', call.at)
    return { id: call.id, expr: bits }
  })
}

function bitOf(bits: Expr, number: number): Expr {
  const shifted = makeCall('shiftright', [bits, encodeLiteral(number, 'int')], 'bigint')
  const bit = makeCall('&', [shifted, encodeLiteral(1n, 'bigint')], 'bigint')
  return castOperand(bit, 'tinyint') ?? bit
}
