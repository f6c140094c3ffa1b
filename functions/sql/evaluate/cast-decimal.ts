import { type Convert, type DecimalType, decimalOf, type SqlType } from '../types.ts'
import { fromNumber } from './cast-number.ts'
import { decimalToNumber, formatDecimal, plainDecimal, power, rescale, within } from './decimal.ts'
import { bigintOf, INTEGER_BITS, isInteger, wrap } from './integer.ts'

/**
 * CAST from a decimal: integers are cut off and wrap (TRY_CAST: NULL), decimals round half up. In text, CAST writes an
 * exponent where java.math.BigDecimal does, TRY_CAST never does.
 */
export function fromDecimal({ precision, scale }: DecimalType, to: SqlType, attempt: boolean): Convert | null {
  if (to === 'string') return value => (attempt ? plainDecimal : formatDecimal)(bigintOf(value), scale)
  if (to === 'boolean') return value => bigintOf(value) !== 0n
  if (to === 'float') return value => Math.fround(decimalToNumber(bigintOf(value), scale))
  if (to === 'double') return value => decimalToNumber(bigintOf(value), scale)
  if (isInteger(to)) {
    // Spark tries a decimal of more than 18 digits by way of a double, which can round it up to the next whole number.
    if (attempt && precision > 18 && to !== 'bigint') {
      const convert = fromNumber('double', to, true)
      return convert && (value => convert(decimalToNumber(bigintOf(value), scale)))
    }
    return value => {
      const whole = bigintOf(value) / power(scale)
      return attempt && BigInt.asIntN(INTEGER_BITS[to], whole) !== whole ? null : wrap(whole, to)
    }
  }
  if (to === 'timestamp') return value => BigInt.asIntN(64, (bigintOf(value) * 1_000_000n) / power(scale))
  const decimal = decimalOf(to)
  return decimal && (value => within(rescale(bigintOf(value), scale, decimal.scale), decimal.precision))
}
