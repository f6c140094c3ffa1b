import { parseExact, power, rescale, within } from '../evaluate/decimal.ts'
import { rescaleHalfEven } from '../evaluate/exact-double.ts'
import { isInteger, narrow, wrap } from '../evaluate/integer.ts'
import { decimalOf, type Value } from '../types.ts'
import { type Call, type Definition, strictFor } from './definition.ts'

/** ROUND (half up, away from zero), BROUND (half to even), FLOOR and CEIL. */
export const ROUNDING: readonly Definition[] = [
  strictFor('round', 'number, constant int?', 'round', call => round(call, rescale)),
  strictFor('bround', 'number, constant int?', 'round', call => round(call, rescaleHalfEven)),
  strictFor('floor', 'number', 'floor', call => toWhole(call, -1n, Math.floor)),
  strictFor('ceil ceiling', 'number', 'floor', call => toWhole(call, 1n, Math.ceil)),
]

type Rescale = typeof rescale

function round(call: Call, rescaleBy: Rescale): (value: Value, digits?: number) => Value {
  const { type } = call
  const scale = decimalOf(call.args[0]?.type)?.scale ?? 0
  const decimal = decimalOf(type)
  if (decimal)
    return (value, digits = 0) =>
      within(rescale(roundAt(BigInt(String(value)), scale, digits, rescaleBy), scale, decimal.scale), decimal.precision)
  if (isInteger(type)) return (value, digits = 0) => wrap(roundAt(BigInt(String(value)), 0, digits, rescaleBy), type)
  const roundDouble = (value: Value, digits = 0) => roundNumber(Number(value), digits, rescaleBy)
  return type === 'float' ? (value, digits) => Math.fround(roundDouble(value, digits)) : roundDouble
}

/** Rounds an unscaled value of `scale` digits after the point to `digits` of them, keeping its scale. */
function roundAt(unscaled: bigint, scale: number, digits: number, rescaleBy: Rescale): bigint {
  if (digits >= scale) return unscaled
  const dropped = Math.min(scale - digits, 400)
  return rescaleBy(unscaled, dropped, 0) * power(dropped)
}

/** By the number's shortest decimal text, as Spark rounds by way of BigDecimal. */
function roundNumber(value: number, digits: number, rescaleBy: Rescale): number {
  const exact = Number.isFinite(value) ? parseExact(String(value)) : null
  // `+ 0` because BigDecimal has no -0.
  if (!exact || digits >= exact.scale) return value + 0
  const rounded = roundAt(exact.unscaled, exact.scale, digits, rescaleBy)
  return Number(`${rounded}e${-exact.scale}`)
}

function toWhole(call: Call, direction: 1n | -1n, ofNumber: (value: number) => number): (value: Value) => Value {
  const from = call.args[0]?.type ?? call.type
  const decimal = decimalOf(from)
  if (!decimal)
    return isInteger(from) ? value => BigInt(String(value)) : value => narrow(ofNumber(Number(value)), 'bigint')
  const unit = power(decimal.scale)
  return value => {
    const unscaled = BigInt(String(value))
    const whole = unscaled / unit
    const rest = unscaled % unit
    return rest !== 0n && rest > 0n === direction > 0n ? whole + direction : whole
  }
}
