import { floorDivide } from './integer.ts'

/**
 * The proleptic Gregorian calendar in plain integers: days since 1970-01-01 and microseconds since its midnight in UTC.
 * The algorithms are Howard Hinnant's (`days_from_civil`, `civil_from_days`).
 */
interface CivilDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to 31. */
  readonly day: number
}

export const MICROS_PER_SECOND = 1_000_000n
export const MICROS_PER_DAY = 86_400_000_000n

/** Days since 1970-01-01 of a date that exists. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

export function civilFromDays(days: number): CivilDate {
  const z = days + 719_468
  const era = Math.floor(z / 146_097)
  const dayOfEra = z - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const shifted = Math.floor((5 * dayOfYear + 2) / 153)
  const month = shifted < 10 ? shifted + 3 : shifted - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1,
  }
}

export function daysInMonth(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** Days since 1970-01-01, or null if there is no such date. */
export function checkedDays(year: number, month: number, day: number): number | null {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null
  return daysFromCivil(year, month, day)
}

/** A date is a 32-bit number of days; null beyond that. */
export function inDays(days: number): number | null {
  return days === (days | 0) ? days : null
}

/** A timestamp is a 64-bit number of microseconds; null beyond that. */
export function inMicros(micros: bigint): bigint | null {
  return BigInt.asIntN(64, micros) === micros ? micros : null
}

/** The day a microsecond falls on, and the microseconds since its midnight. */
export function splitMicros(micros: bigint): { days: number; ofDay: bigint } {
  const [days, ofDay] = floorDivide(micros, MICROS_PER_DAY)
  return { days: Number(days), ofDay }
}

/** A year as `2014`, padded to four digits; beyond 9999 with a plus, as java.time prints it. */
export function formatYear(year: number): string {
  const digits = String(Math.abs(year)).padStart(4, '0')
  if (year < 0) return `-${digits}`
  return year > 9999 ? `+${digits}` : digits
}

/** `2014-01-05`. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days)
  return `${formatYear(year)}-${two(month)}-${two(day)}`
}

/** `2014-01-05 07:15:00.123`, without zeros at the end of the fraction. */
export function formatTimestamp(micros: bigint): string {
  const { days, ofDay } = splitMicros(micros)
  const seconds = Number(ofDay / MICROS_PER_SECOND)
  const fraction = String(ofDay % MICROS_PER_SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  return `${formatDate(days)} ${time}${fraction === '' ? '' : `.${fraction}`}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
