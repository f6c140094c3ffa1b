import { inRange } from '../../base/at.ts'
import type { AggregateName, WindowFunction } from '../../sql/static-plan.ts'
import { accumulator } from './accumulators.ts'
import type { FrameOf } from './frame-finder.ts'
import type { SortedRows } from './sorted-rows.ts'
import { type Vector, valuesByRow } from './vector.ts'

type FramedFunction = WindowFunction & { readonly name: AggregateName | 'nth_value' }

/** An aggregate, or NTH_VALUE, over the frame of each row. */
export function windowAggregate(
  item: FramedFunction,
  args: readonly Vector[],
  sorted: SortedRows,
  frameOf: FrameOf,
): Vector {
  const { name } = item
  if (name === 'nth_value' || name === 'first' || name === 'last') return pick({ ...item, name }, args, sorted, frameOf)
  const { rows } = sorted
  const gathering = accumulator({ ...item, name }, args, 1)
  const codes = new Int32Array(rows.length)
  let from = 0
  let to = 0
  let code = -1
  // If the frame only grows, gathering continues from the last one; backwards, if it grows towards the beginning.
  const backwards = item.frame.to === null && item.frame.from !== null
  for (let i = 0; i < rows.length; i++) {
    const at = backwards ? rows.length - 1 - i : i
    const [first, last] = frameOf(at)
    const fits = backwards ? last === to && first <= from : first === from && last >= to
    if (!fits || i === 0) {
      gathering.clear(0)
      from = backwards ? last : first
      to = from
    }
    const before = [from, to] as const
    if (backwards) while (from > first) gathering.add(0, inRange(rows[--from]))
    else while (to < last) gathering.add(0, inRange(rows[to++]))
    if (!fits || i === 0 || before[0] !== from || before[1] !== to) code = gathering.read(0)
    codes[inRange(rows[at])] = code
  }
  return gathering.vector(codes)
}

/** The first, last or nth value of each frame. */
function pick(
  { name, ignoreNulls }: FramedFunction & { readonly name: 'first' | 'last' | 'nth_value' },
  [value, count]: readonly Vector[],
  { rows }: SortedRows,
  frameOf: FrameOf,
): Vector {
  if (!value) throw new RangeError(`${name} needs an argument`)
  const nth = count && rows.length > 0 ? Number(valuesByRow(count)(0)) : 1
  const codes = new Int32Array(rows.length)
  for (let at = 0; at < rows.length; at++) {
    const [first, last] = frameOf(at)
    const step = name === 'last' ? -1 : 1
    let left = nth
    let place = step > 0 ? first : last - 1
    const skips = (to: number) => ignoreNulls && inRange(value.codes[inRange(rows[to])]) < 0
    if (!ignoreNulls) place += step * (left - 1)
    else for (; place >= first && place < last; place += step) if (!skips(place) && --left === 0) break
    codes[inRange(rows[at])] = place >= first && place < last ? inRange(value.codes[inRange(rows[place])]) : -1
  }
  return { ...value, codes }
}
