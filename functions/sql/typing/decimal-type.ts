import { type DecimalType, decimalType, MAX_PRECISION } from '../types.ts'

/**
 * Digits after the point that a result keeps at least when it has to give some up
 * (DecimalType.MINIMUM_ADJUSTED_SCALE).
 */
const MIN_SCALE = 6

/** DecimalType.bounded. */
export function boundedDecimal(precision: number, scale: number): DecimalType {
  return decimalType(Math.min(precision, MAX_PRECISION), Math.min(scale, MAX_PRECISION))
}

/** DecimalType.adjustPrecisionScale: beyond 38 digits, those after the point go first. */
function adjusted(precision: number, scale: number): DecimalType {
  if (precision <= MAX_PRECISION) return decimalType(precision, scale)
  const whole = precision - scale
  return decimalType(MAX_PRECISION, Math.max(MAX_PRECISION - whole, Math.min(scale, MIN_SCALE)))
}

/** The type of `a operator b` for decimals (Spark's decimalOperations.allowPrecisionLoss, which is on by default). */
export function decimalResult(operator: string, a: DecimalType, b: DecimalType): DecimalType {
  const scale = Math.max(a.scale, b.scale)
  const whole = [a.precision - a.scale, b.precision - b.scale] as const
  switch (operator) {
    case '*':
      return adjusted(a.precision + b.precision + 1, a.scale + b.scale)
    case '/': {
      const digits = Math.max(MIN_SCALE, a.scale + b.precision + 1)
      return adjusted(a.precision - a.scale + b.scale + digits, digits)
    }
    case '%':
      return adjusted(Math.min(...whole) + scale, scale)
    default:
      return adjusted(Math.max(...whole) + scale + 1, scale)
  }
}

/** The type of ROUND (Spark's RoundBase): one more digit in front, in case all are nines. */
export function roundedDecimal({ precision, scale }: DecimalType, digits: number): DecimalType {
  const whole = precision - scale + 1
  if (digits < 0) return boundedDecimal(Math.max(whole, 1 - digits), 0)
  const kept = Math.min(scale, digits)
  return boundedDecimal(whole + kept, kept)
}

/** The type of FLOOR and CEIL. */
export function wholeDecimal({ precision, scale }: DecimalType): DecimalType {
  return scale === 0 ? decimalType(precision, 0) : boundedDecimal(precision - scale + 1, 0)
}
