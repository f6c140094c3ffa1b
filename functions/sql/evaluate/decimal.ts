const POWERS: bigint[] = [1n]

/** 10 to the power of a whole number. */
export function power(exponent: number): bigint {
  for (let i = POWERS.length; i <= exponent; i++) POWERS.push((POWERS[i - 1] ?? 1n) * 10n)
  return POWERS[exponent] ?? 1n
}

/** Unscaled value of another scale, rounded half up (away from zero), as Spark changes scales. */
export function rescale(unscaled: bigint, from: number, to: number): bigint {
  return to >= from ? unscaled * power(to - from) : divideHalfUp(unscaled, power(from - to))
}

/** The quotient rounded half up (away from zero); the divisor is not 0. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor
  const twice = (dividend % divisor) * 2n
  if (absolute(twice) < absolute(divisor)) return quotient
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n
}

/** The value if it has at most `precision` digits, else null: an overflow is NULL. */
export function within(unscaled: bigint, precision: number): bigint | null {
  return absolute(unscaled) < power(precision) ? unscaled : null
}

export function absolute(value: bigint): bigint {
  return value < 0n ? -value : value
}

/** The longest text that is read as a decimal: NULL for longer ones keeps a cell of megabytes from costing seconds. */
const MAX_DIGITS = 1_000

/** Spark counts the digits before the point of `0e38` too: more than 38 are not a decimal. */
const MOST_ZEROS = 37

/** A number exactly as its text has it: unscaled × 10^-scale. */
interface Exact {
  readonly unscaled: bigint
  /** Below 0 for a text like `1e3`. */
  readonly scale: number
}

/** Reads `-12.5e3`; null if it is not a number. */
export function parseExact(text: string): Exact | null {
  if (text.length > MAX_DIGITS) return null
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text)
  if (!match) return null
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  if (whole === '' && fraction === '') return null
  return { unscaled: BigInt((sign === '-' ? '-' : '') + whole + fraction), scale: fraction.length - Number(exponent) }
}

/** A number in text as a decimal of the given scale, rounded half up; null if it is none or does not fit. */
export function parseDecimal(text: string, precision: number, scale: number): bigint | null {
  const exact = parseExact(text)
  if (!exact) return null
  if (exact.unscaled === 0n) return exact.scale < -MOST_ZEROS ? null : 0n
  // Too far from the point to matter, or to fit: no need to build powers of ten with millions of digits.
  if (exact.scale - scale > MAX_DIGITS + 1) return 0n
  if (scale - exact.scale > precision) return null
  return within(rescale(exact.unscaled, exact.scale, scale), precision)
}

/** As java.math.BigDecimal prints it: plain, or `1E-7` where that needs more than six zeros after the point. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const digits = String(absolute(unscaled))
  const sign = unscaled < 0n ? '-' : ''
  const exponent = digits.length - 1 - scale
  if (scale > 0 && exponent < -6) {
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
    return `${sign}${mantissa}E${exponent}`
  }
  return plainDecimal(unscaled, scale)
}

/** All digits, without an exponent (java.math.BigDecimal.toPlainString). */
export function plainDecimal(unscaled: bigint, scale: number): string {
  const digits = String(absolute(unscaled))
  const sign = unscaled < 0n ? '-' : ''
  if (scale === 0) return sign + digits
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

/** The nearest double. */
export function decimalToNumber(unscaled: bigint, scale: number): number {
  return Number(`${unscaled}e-${scale}`)
}
