import {
  checkedDays,
  civilFromDays,
  daysFromCivil,
  daysInMonth,
  inDays,
  inMicros,
  MICROS_PER_DAY,
  MICROS_PER_SECOND,
  splitMicros,
} from './civil.ts'
import { weekday } from './date-format.ts'

/** The same day of another month, or its last day where it is shorter. */
export function shiftMonths(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days)
  const index = year * 12 + month - 1 + months
  const newYear = Math.floor(index / 12)
  const newMonth = index - newYear * 12 + 1
  return daysFromCivil(newYear, newMonth, Math.min(day, daysInMonth(newYear, newMonth)))
}

/** The units of DATEADD and DATEDIFF: months, or microseconds. */
export const DIFFERENCE_UNITS: Readonly<Record<string, { readonly months: number } | { readonly micros: bigint }>> = {
  YEAR: { months: 12 },
  QUARTER: { months: 3 },
  MONTH: { months: 1 },
  WEEK: { micros: 7n * MICROS_PER_DAY },
  DAY: { micros: MICROS_PER_DAY },
  DAYOFYEAR: { micros: MICROS_PER_DAY },
  HOUR: { micros: 3_600n * MICROS_PER_SECOND },
  MINUTE: { micros: 60n * MICROS_PER_SECOND },
  SECOND: { micros: MICROS_PER_SECOND },
  MILLISECOND: { micros: 1_000n },
  MICROSECOND: { micros: 1n },
}

function unitOf(name: string) {
  return DIFFERENCE_UNITS[name.toUpperCase()] ?? { micros: 1n }
}

/** So many units later; null beyond the range of timestamps. */
export function addUnits(unit: string, count: number, time: bigint): bigint | null {
  const length = unitOf(unit)
  if ('micros' in length) return inMicros(time + BigInt(count) * length.micros)
  const { days, ofDay } = splitMicros(time)
  return inMicros(BigInt(shiftMonths(days, count * length.months)) * MICROS_PER_DAY + ofDay)
}

/** How many whole units lie between. */
export function unitsBetween(unit: string, start: bigint, end: bigint): bigint {
  const length = unitOf(unit)
  return 'micros' in length ? (end - start) / length.micros : monthsPassed(start, end) / BigInt(length.months)
}

/** The days count first: a later time of day leaves the last of them out (java.time.LocalDateTime.until). */
function monthsPassed(start: bigint, end: bigint): bigint {
  const [from, to] = [splitMicros(start), splitMicros(end)]
  const isShort = to.days > from.days && to.ofDay < from.ofDay
  const isLong = to.days < from.days && to.ofDay > from.ofDay
  const days = to.days - (isShort ? 1 : 0) + (isLong ? 1 : 0)
  return BigInt(Math.trunc((ofMonth(days) - ofMonth(from.days)) / DAYS_IN_LONGEST_MONTH))
}

/** More than any month has. */
const DAYS_IN_LONGEST_MONTH = 32

/** A day by its month and its place in it. */
function ofMonth(days: number): number {
  const { year, month, day } = civilFromDays(days)
  return (year * 12 + month) * DAYS_IN_LONGEST_MONTH + day
}

/** MONTHS_BETWEEN, with months of 31 days where there is no whole month; rounded to eight digits. */
export function monthsBetween(end: bigint, start: bigint, rounded = true): number {
  const [a, b] = [splitMicros(end), splitMicros(start)]
  const [to, from] = [civilFromDays(a.days), civilFromDays(b.days)]
  const months = (to.year - from.year) * 12 + to.month - from.month
  const isLast = ({ year, month, day }: typeof to) => day === daysInMonth(year, month)
  if (to.day === from.day || (isLast(to) && isLast(from))) return months
  const seconds =
    (to.day - from.day) * 86_400 + Number(a.ofDay / MICROS_PER_SECOND) - Number(b.ofDay / MICROS_PER_SECOND)
  const between = months + seconds / (31 * 86_400)
  return rounded ? Math.floor(between * 1e8 + 0.5) / 1e8 : between
}

/** MAKE_DATE; null if there is no such day. */
export function makeDate(year: number, month: number, day: number): number | null {
  if (Math.abs(year) > 999_999_999) return null
  const days = checkedDays(year, month, day)
  return days === null ? null : inDays(days)
}

/** MAKE_TIMESTAMP in local microseconds; `second` is in microseconds, and 60 of them are the next minute. */
export function makeTimestamp(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: bigint,
): bigint | null {
  const days = checkedDays(year, month, day)
  const fits = (value: number, below: number) => value >= 0 && value < below
  if (days === null || Math.abs(year) > 999_999_999 || !fits(hour, 24) || !fits(minute, 60)) return null
  if (second < 0n || second > 60n * MICROS_PER_SECOND) return null
  const time = BigInt(hour * 60 + minute) * 60n * MICROS_PER_SECOND + second
  return inMicros(BigInt(days) * MICROS_PER_DAY + time)
}

const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY']

/** NEXT_DAY: the first such day of the week that comes later; null if the name is not a day's. */
export function nextDay(days: number, name: string): number | null {
  const upper = name.toUpperCase()
  const wanted = DAYS.findIndex(day => [day, day.slice(0, 2), day.slice(0, 3)].includes(upper))
  return wanted < 0 ? null : (days + 1 + ((wanted - weekday(days + 1) + 7) % 7)) | 0
}

/** The ISO week: its year and its number from 1. A week belongs to the year of its Thursday. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  const thursday = days + 3 - ((weekday(days) + 6) % 7)
  const { year } = civilFromDays(thursday)
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 }
}
