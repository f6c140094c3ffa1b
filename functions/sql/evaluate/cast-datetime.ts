import { type Convert, decimalOf, type SqlType } from '../types.ts'
import { formatDate, formatTimestamp, inMicros, MICROS_PER_DAY, MICROS_PER_SECOND, splitMicros } from './civil.ts'
import { parseDecimal } from './decimal.ts'
import { bigintOf, floorDivide, INTEGER_BITS, isInteger, wrap } from './integer.ts'

/** CAST(date AS …): a timestamp is the day's midnight in UTC (NULL beyond its range); numbers and booleans are NULL, as in Spark. */
export function fromDate(to: SqlType, attempt: boolean): Convert | null {
  if (to === 'string') return value => formatDate(Number(value))
  if (to === 'timestamp') {
    return value => inMicros(BigInt(Number(value)) * MICROS_PER_DAY)
  }
  const isNumber = to === 'boolean' || to === 'float' || to === 'double' || isInteger(to) || decimalOf(to) !== null
  return isNumber && !attempt ? () => null : null
}

/** CAST(timestamp AS …): numbers are seconds since 1970 in UTC, whole ones rounded down and wrapped. */
export function fromTimestamp(to: SqlType, attempt: boolean): Convert | null {
  if (to === 'string') return value => formatTimestamp(bigintOf(value))
  if (to === 'date') return value => splitMicros(bigintOf(value)).days
  if (to === 'boolean') return attempt ? null : value => bigintOf(value) !== 0n
  if (isInteger(to)) {
    return value => {
      const [second] = floorDivide(bigintOf(value), MICROS_PER_SECOND)
      return attempt && BigInt.asIntN(INTEGER_BITS[to], second) !== second ? null : wrap(second, to)
    }
  }
  if (to === 'float') return value => Math.fround(Number(bigintOf(value)) / 1e6)
  if (to === 'double') return value => Number(bigintOf(value)) / 1e6
  const decimal = decimalOf(to)
  return decimal && (value => parseDecimal(String(Number(bigintOf(value)) / 1e6), decimal.precision, decimal.scale))
}
