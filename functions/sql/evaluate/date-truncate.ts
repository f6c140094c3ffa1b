import { civilFromDays, daysFromCivil, MICROS_PER_DAY, splitMicros } from './civil.ts'
import { weekday } from './date-format.ts'
import { floorDivide } from './integer.ts'

/** The units of TRUNC and DATE_TRUNC by all their names. */
export const DATE_UNITS: Readonly<Record<string, 'year' | 'quarter' | 'month' | 'week'>> = {
  YEAR: 'year',
  YYYY: 'year',
  YY: 'year',
  QUARTER: 'quarter',
  MONTH: 'month',
  MON: 'month',
  MM: 'month',
  WEEK: 'week',
}

/** The units of DATE_TRUNC that are shorter than a week, in microseconds. */
export const TIME_UNITS: Readonly<Record<string, bigint>> = {
  DAY: MICROS_PER_DAY,
  DD: MICROS_PER_DAY,
  HOUR: 3_600_000_000n,
  MINUTE: 60_000_000n,
  SECOND: 1_000_000n,
  MILLISECOND: 1_000n,
  MICROSECOND: 1n,
}

/** The first day of the year, quarter, month or week (from Monday) a day lies in. */
export function truncateDate(unit: string, days: number): number {
  const { year, month } = civilFromDays(days)
  switch (DATE_UNITS[unit.toUpperCase()]) {
    case 'year':
      return daysFromCivil(year, 1, 1)
    case 'quarter':
      return daysFromCivil(year, month - ((month - 1) % 3), 1)
    case 'month':
      return daysFromCivil(year, month, 1)
    default:
      return days - ((weekday(days) + 6) % 7)
  }
}

export function truncateTimestamp(unit: string, micros: bigint): bigint {
  const length = TIME_UNITS[unit.toUpperCase()]
  if (length === undefined) return BigInt(truncateDate(unit, splitMicros(micros).days)) * MICROS_PER_DAY
  return micros - floorDivide(micros, length)[1]
}
