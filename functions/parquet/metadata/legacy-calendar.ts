import { daysFromCivil, MICROS_PER_DAY, splitMicros } from '../../sql/evaluate/civil.ts'

/**
 * Spark notes in a file's footer which calendar its dates and timestamps were written in. Before 3.0 (INT96: 3.1), and in
 * its LEGACY mode, that is the hybrid one of java.util: Julian up to 1582-10-04, Gregorian from 1582-10-15, with the old
 * offsets of time zones from java.util's tables. Everything here, silver included, is proleptic Gregorian, as in Spark 3 and
 * all other engines (Spark's DataSourceUtils.datetimeRebaseSpec and int96RebaseSpec).
 */
const VERSION = 'org.apache.spark.version'
const ZONE = 'org.apache.spark.timeZone'

/** What silver's footers say to Spark, which by default refuses old dates in files that don't say. */
export const PROLEPTIC: Readonly<Record<string, string>> = { [VERSION]: '3.5.0' }

/** Which of a file's values are in the hybrid calendar, and the time zone of its timestamps. */
export interface LegacyCalendar {
  readonly dateTime: boolean
  readonly int96: boolean
  readonly zone: string | undefined
}

/** The first day of the Gregorian calendar, 1582-10-15. */
export const GREGORIAN_DAY = -141_427
/** 1900-01-01T00:00:00Z: from here on the calendars agree in all time zones. */
export const MODERN_MICROS = -2_208_988_800_000_000n

/** Reads what a footer says about the calendar. */
export function legacyCalendar(keyValue: ReadonlyMap<string, string>): LegacyCalendar {
  const version = keyValue.get(VERSION)
  const is = (key: string, since: string) => version !== undefined && (version < since || keyValue.has(key))
  return {
    dateTime: is('org.apache.spark.legacyDateTime', '3.0.0'),
    int96: is('org.apache.spark.legacyINT96', '3.1.0'),
    zone: keyValue.get(ZONE),
  }
}

/** The day with the same name in the proleptic Gregorian calendar; 29 February becomes 1 March where there is none. */
export function rebasedDay(day: number): number {
  if (day >= GREGORIAN_DAY) return day
  // The Julian calendar by its day number (Richards' algorithm), years counted from 4800 BC.
  const number = day + 2_440_588 + 32_082
  const years = Math.floor((4 * number + 3) / 1461)
  const dayOfYear = number - Math.floor((1461 * years) / 4)
  const month = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - Math.floor((153 * month + 2) / 5)
  const next = Math.floor(month / 10)
  return daysFromCivil(years - 4800 + next, month + 3 - 12 * next, 1) + dayOfMonth
}

/** The same for microseconds since 1970; null for those before 1900 that were not written in UTC. */
export function rebasedMicros(micros: bigint, zone: string | undefined): bigint | null {
  if (micros >= MODERN_MICROS) return micros
  if (!/^((Etc\/)?(UTC|UCT|GMT|GMT[+-]?0|Zulu|Universal|Greenwich)|Z)$/.test(zone ?? '')) return null
  const { days, ofDay } = splitMicros(micros)
  return BigInt(rebasedDay(days)) * MICROS_PER_DAY + ofDay
}
