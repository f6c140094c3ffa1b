import { decimalOf, type SqlType, type Value } from '../types.ts'
import { absolute, parseExact, plainDecimal } from './decimal.ts'
import { exactDouble, rescaleHalfEven } from './exact-double.ts'
import { isInteger } from './integer.ts'
import { MOST } from './most.ts'

/** How many digits Java writes after the point of a number that is not a decimal. */
const MOST_DIGITS = 340

/** FORMAT_NUMBER: thousands with commas and so many digits after the point, rounded half to even (java.text.DecimalFormat). */
export function formatNumber(type: SqlType): (value: Value, digits: number) => string | null {
  const scale = isInteger(type) ? 0 : (decimalOf(type)?.scale ?? null)
  return (value, digits) => {
    if (digits < 0 || digits > MOST) return null
    const shown = Math.min(digits, MOST_DIGITS)
    if (scale !== null) {
      const unscaled = BigInt(String(value))
      const text = withCommas(rescaleHalfEven(unscaled, scale, shown), shown, unscaled < 0n)
      return decimalOf(type) ? text + '0'.repeat(digits - shown) : text
    }
    const number = Number(value)
    if (Number.isNaN(number)) return 'NaN'
    const negative = number < 0 || Object.is(number, -0)
    if (!Number.isFinite(number)) return negative ? '-∞' : '∞'
    return withCommas(roundDouble(number, shown), shown, negative)
  }
}

/**
 * By the shortest digits that stand for the double; where those lie in the middle, by the digits it really has. Below 0.001 Java
 * makes two digits at least, and takes 5.0E-4 for the middle itself.
 */
function roundDouble(number: number, digits: number): bigint {
  const shortest = parseExact(String(number)) ?? exactDouble(number)
  const isTie =
    shortest.scale > digits &&
    absolute(shortest.unscaled) % 10n ** BigInt(shortest.scale - digits) ===
      5n * 10n ** BigInt(shortest.scale - digits - 1)
  const isFive = Math.abs(number) < 0.001 && absolute(shortest.unscaled) === 5n
  const { unscaled, scale } = isTie && !isFive ? exactDouble(number) : shortest
  return rescaleHalfEven(unscaled, scale, digits)
}

function withCommas(unscaled: bigint, digits: number, negative: boolean): string {
  const [whole = '', fraction] = plainDecimal(absolute(unscaled), digits).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return `${negative ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}
