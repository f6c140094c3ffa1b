import { makeCall } from '../typing/make-call.ts'
import type { Condition } from './conditions.ts'

/** All conditions as one; null if there are none. */
export function conjunction(conditions: readonly Condition[]): Condition | null {
  const [first] = conditions
  if (!first || conditions.length === 1) return first ?? null
  return {
    expr: makeCall(
      'and',
      conditions.map(({ expr }) => expr),
      'boolean',
    ),
    text: conditions.map(({ text }) => text).join(' AND '),
  }
}
