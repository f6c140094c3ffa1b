import type { SqlType, Value } from '../types.ts'
import { inMicros, MICROS_PER_DAY, splitMicros } from './civil.ts'
import { shiftMonths } from './date-arithmetic.ts'

/**
 * SEQUENCE from `start` to `stop`, both included: whole numbers, dates or timestamps. `step` is one number, or months and
 * microseconds; without it it is 1 or -1, of times in days. Null where the step leads away from `stop`, and for more than
 * `most` elements.
 */
export function sequence(type: SqlType, start: Value, stop: Value, step: readonly Value[], most: number): Value {
  if (typeof start !== typeof stop) return null
  if (type === 'date') return ofTimes(Number(start), Number(stop), step, most)
  if (type === 'timestamp') return ofTimestamps(BigInt(String(start)), BigInt(String(stop)), step, most)
  const [from, to] = [BigInt(String(start)), BigInt(String(stop))]
  const by = step[0] === undefined ? (from <= to ? 1n : -1n) : BigInt(String(step[0]))
  const values = counted(from, to, by, i => from + BigInt(i) * by, most)
  return type === 'bigint' || !values ? values : values.map(Number)
}

function ofTimes(from: number, to: number, step: readonly Value[], most: number): Value {
  const micros = ofTimestamps(BigInt(from) * MICROS_PER_DAY, BigInt(to) * MICROS_PER_DAY, step, most)
  return micros?.map(time => splitMicros(time).days) ?? null
}

function ofTimestamps(from: bigint, to: bigint, step: readonly Value[], most: number): bigint[] | null {
  const [months, micros] =
    step.length === 2 ? [Number(step[0]), BigInt(String(step[1]))] : [0, from <= to ? MICROS_PER_DAY : -MICROS_PER_DAY]
  if (months === 0) return counted(from, to, micros, i => from + BigInt(i) * micros, most)
  const { days, ofDay } = splitMicros(from)
  const beyond = to + BigInt(Math.sign(months))
  const at = (i: number) => inMicros(BigInt(shiftMonths(days, i * months)) * MICROS_PER_DAY + ofDay) ?? beyond
  return counted(from, to, BigInt(Math.sign(months)), at, most)
}

/** The values of 0, 1, … up to `to`, in the direction of `by`. */
function counted(from: bigint, to: bigint, by: bigint, at: (i: number) => bigint, most: number): bigint[] | null {
  if (from === to) return [from]
  if (by === 0n || by > 0n !== to > from) return null
  const isWithin = (value: bigint) => (by > 0n ? value <= to : value >= to)
  if (isWithin(at(most))) return null
  const values: bigint[] = []
  for (let i = 0, value = from; isWithin(value); value = at(++i)) values.push(value)
  return values
}
