import type { SqlType, Value } from '../types.ts'
import type { Convert } from './cast.ts'
import { decimalOf, decimalToNumber, formatDecimal, power, rescale, within } from './decimal.ts'
import { INTEGER_BITS, isInteger, wrap } from './integer.ts'

/** CAST from a decimal of the given scale: integers are cut off and wrap (TRY_CAST: NULL), decimals round half up. */
export function fromDecimal(scale: number, to: SqlType, attempt: boolean): Convert | null {
  if (to === 'string') return value => formatDecimal(unscaled(value), scale)
  if (to === 'boolean') return value => unscaled(value) !== 0n
  if (to === 'float') return value => Math.fround(decimalToNumber(unscaled(value), scale))
  if (to === 'double') return value => decimalToNumber(unscaled(value), scale)
  if (isInteger(to)) {
    return value => {
      const whole = unscaled(value) / power(scale)
      return attempt && BigInt.asIntN(INTEGER_BITS[to], whole) !== whole ? null : wrap(whole, to)
    }
  }
  if (to === 'timestamp') return value => BigInt.asIntN(64, (unscaled(value) * 1_000_000n) / power(scale))
  const decimal = decimalOf(to)
  return decimal && (value => within(rescale(unscaled(value), scale, decimal.scale), decimal.precision))
}

function unscaled(value: Value): bigint {
  if (typeof value !== 'bigint') throw new TypeError('decimal values are bigints')
  return value
}
