import { inRange } from '../../base/at.ts'
import type { PlanOrder, WindowFrame } from '../../sql/static-plan.ts'
import { evaluateColumn } from './expressions.ts'
import { placesOf } from './ranks.ts'
import type { SortedRows } from './sorted-rows.ts'
import { unionColumn } from './union.ts'
import type { Vectors } from './vector.ts'

/** The places of a frame: from `from` to before `to`. */
export type FrameOf = (at: number) => readonly [from: number, to: number]

/** Finds the frame of the row at each place of a window. */
export function frameFinder(
  frame: WindowFrame,
  order: readonly PlanOrder[],
  sorted: SortedRows,
  input: Vectors,
): FrameOf {
  if (frame.unit === 'values') return valueFrames(frame, order, sorted, input)
  const { unit, from, to } = frame
  const { starts, ends, peerStarts, peerEnds } = sorted
  return at => {
    const start = inRange(starts[at])
    const end = inRange(ends[at])
    const current = unit === 'range' ? [inRange(peerStarts[at]), inRange(peerEnds[at])] : [at, at + 1]
    const first = from === null ? start : Math.min(end, Math.max(start, inRange(current[0]) + from))
    const last = to === null ? end : Math.max(first, Math.min(end, inRange(current[1]) + to))
    return [first, last]
  }
}

/**
 * Frames by values: both bounds only move forwards, as in Spark (SlidingWindowFunctionFrame), which makes a difference if a
 * value at a distance is beyond its type.
 */
function valueFrames(
  { key, from, to }: Extract<WindowFrame, { unit: 'values' }>,
  [by]: readonly PlanOrder[],
  { rows, starts, ends }: SortedRows,
  input: Vectors,
): FrameOf {
  if (!by) throw new RangeError('a frame of values has an order')
  const columns = [key, from ?? key, to ?? key].map(expr => evaluateColumn(expr, input))
  const { places } = placesOf({ ...by, vector: unionColumn(columns) })
  const placeOf = (column: 0 | 1 | 2, at: number) => inRange(places[column * input.rows + inRange(rows[at])])
  const firsts = new Int32Array(rows.length)
  const lasts = new Int32Array(rows.length)
  let first = 0
  let last = 0
  for (let at = 0; at < rows.length; at++) {
    const end = inRange(ends[at])
    if (at === inRange(starts[at])) {
      first = at
      last = to === null ? end : at
    }
    const low = placeOf(1, at)
    if (from !== null) while (first < last && placeOf(0, first) < low) first++
    for (; last < end && placeOf(0, last) <= placeOf(2, at); last++)
      if (from !== null && first === last && placeOf(0, last) < low) first++
    firsts[at] = first
    lasts[at] = last
  }
  return at => [inRange(firsts[at]), inRange(lasts[at])]
}
