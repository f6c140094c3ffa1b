import { decimalOf, type SqlType, type Value } from '../types.ts'
import { absolute, parseExact, plainDecimal } from './decimal.ts'
import { exactDouble, rescaleHalfEven } from './exact-double.ts'
import { isInteger } from './integer.ts'

/** FORMAT_NUMBER: thousands with commas and so many digits behind the point, rounded half to even (java.text.DecimalFormat). */
export function formatNumber(type: SqlType): (value: Value, digits: number) => string | null {
  const scale = isInteger(type) ? 0 : (decimalOf(type)?.scale ?? null)
  return (value, digits) => {
    if (digits < 0) return null
    if (scale !== null) {
      const unscaled = BigInt(String(value))
      return withCommas(rescaleHalfEven(unscaled, scale, digits), digits, unscaled < 0n)
    }
    const number = Number(value)
    if (Number.isNaN(number)) return 'NaN'
    const negative = number < 0 || Object.is(number, -0)
    if (!Number.isFinite(number)) return negative ? '-∞' : '∞'
    return withCommas(roundDouble(number, digits), digits, negative)
  }
}

/** By the shortest digits that stand for the double; where those lie in the middle, by the digits it really has. */
function roundDouble(number: number, digits: number): bigint {
  const shortest = parseExact(String(number)) ?? exactDouble(number)
  const isTie =
    shortest.scale > digits &&
    absolute(shortest.unscaled) % 10n ** BigInt(shortest.scale - digits) ===
      5n * 10n ** BigInt(shortest.scale - digits - 1)
  const { unscaled, scale } = isTie ? exactDouble(number) : shortest
  return rescaleHalfEven(unscaled, scale, digits)
}

function withCommas(unscaled: bigint, digits: number, negative: boolean): string {
  const [whole = '', fraction] = plainDecimal(absolute(unscaled), digits).split('.')
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',')
  return `${negative ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`
}
