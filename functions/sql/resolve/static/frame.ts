import type { Frame } from '../../parse/syntax.ts'
import type { AggregateName, RankingName, WindowFunction } from '../../static-plan.ts'
import { isRanking } from '../../typing/aggregates.ts'
import { type Context, fail } from '../../typing/context.ts'

const WHOLE = { unit: 'rows', from: null, to: null } as const
const RUNNING = { unit: 'rows', from: null, to: 0 } as const

/** The frame of a window function: that which is written, or Spark's for the function and the order. */
export function windowFrame(
  word: string,
  name: AggregateName | RankingName,
  ordered: boolean,
  written: Frame | null,
  context: Context,
  at: number,
): WindowFunction['frame'] {
  if (isRanking(name) && name !== 'nth_value') {
    if (!ordered) fail(context, `${word} needs an ORDER BY in its window`, at)
    if (written && !(written.from === null && written.to === 0 && name !== 'lag' && name !== 'lead'))
      fail(context, `${word} takes no frame`, at)
    return RUNNING
  }
  if (!written) return ordered ? { unit: 'range', from: null, to: 0 } : WHOLE
  const { unit, from, to } = written
  if (from !== null && to !== null && from > to) fail(context, 'the frame ends before it begins', at)
  if (unit === 'range') {
    if ((from ?? 0) !== 0 || (to ?? 0) !== 0)
      fail(context, 'RANGE with a distance is not supported; use ROWS, or CURRENT ROW and UNBOUNDED', at)
    if (!ordered && (from !== null || to !== null)) fail(context, 'RANGE needs an ORDER BY in its window', at)
  }
  return { unit, from, to }
}
