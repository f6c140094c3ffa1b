import { type Convert, decimalOf, type SqlType, type Value } from '../types.ts'
import { MICROS_PER_SECOND } from './civil.ts'
import { parseDecimal, rescale, within } from './decimal.ts'
import { formatDouble, formatFloat } from './double-text.ts'
import { bigEndian, INTEGER_BITS, type IntegerType, isInteger, narrow, wrap } from './integer.ts'

const MAX_BIGINT = 2n ** 63n - 1n

/** CAST(boolean AS …): 1 and 0, `true` and `false`. */
export function fromBoolean(to: SqlType, attempt: boolean): Convert | null {
  if (to === 'string') return String
  if (to === 'timestamp') return attempt ? null : value => (value === true ? 1n : 0n)
  if (to === 'bigint') return value => (value === true ? 1n : 0n)
  if (isInteger(to) || to === 'float' || to === 'double') return Number
  const decimal = decimalOf(to)
  return decimal && (value => within(value === true ? rescale(1n, 0, decimal.scale) : 0n, decimal.precision))
}

/** CAST from a whole number: narrower types wrap (TRY_CAST: NULL), a timestamp is taken as seconds. */
export function fromWhole(from: IntegerType, to: SqlType, attempt: boolean): Convert | null {
  if (to === 'string') return String
  if (to === 'boolean') return value => Number(value) !== 0
  if (isInteger(to)) {
    const fits = INTEGER_BITS[to] >= INTEGER_BITS[from]
    return value => {
      const whole = whole64(value)
      return fits || !attempt || BigInt.asIntN(INTEGER_BITS[to], whole) === whole ? wrap(whole, to) : null
    }
  }
  if (to === 'float') return value => Math.fround(Number(value))
  if (to === 'double') return Number
  if (to === 'timestamp') return value => saturate(whole64(value) * MICROS_PER_SECOND)
  if (to === 'binary') return attempt ? null : value => bigEndian(whole64(value), INTEGER_BITS[from] / 8)
  const decimal = decimalOf(to)
  return decimal && (value => within(rescale(whole64(value), 0, decimal.scale), decimal.precision))
}

/**
 * CAST from a float or double: integers are cut off towards 0 and saturate (TRY_CAST: NULL), decimals round half up.
 */
export function fromNumber(from: 'float' | 'double', to: SqlType, attempt: boolean): Convert | null {
  const format = from === 'float' ? formatFloat : formatDouble
  if (to === 'string') return value => format(Number(value))
  if (to === 'boolean') return value => Number(value) !== 0
  if (to === 'float') return value => Math.fround(Number(value))
  if (to === 'double') return value => value
  if (isInteger(to)) {
    const limit = 2 ** (INTEGER_BITS[to] - 1)
    return value => {
      const number = Number(value)
      const outside = !(Math.floor(number) <= limit - 1 && Math.ceil(number) >= -limit)
      return attempt && outside ? null : narrow(number, to)
    }
  }
  if (to === 'timestamp') {
    return value => {
      const micros = Number(value) * 1_000_000
      const exists = attempt ? Math.abs(micros) < 2 ** 63 : Number.isFinite(value)
      return exists ? narrow(micros, 'bigint') : null
    }
  }
  const decimal = decimalOf(to)
  return (
    decimal &&
    (value => (Number.isFinite(value) ? parseDecimal(String(value), decimal.precision, decimal.scale) : null))
  )
}

function whole64(value: Value): bigint {
  return typeof value === 'bigint' ? value : BigInt(Number(value))
}

function saturate(value: bigint): bigint {
  if (value > MAX_BIGINT) return MAX_BIGINT
  return value < -MAX_BIGINT - 1n ? -MAX_BIGINT - 1n : value
}
