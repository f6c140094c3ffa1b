import { checkedDays, inDays, inMicros, MICROS_PER_DAY, MICROS_PER_SECOND } from './civil.ts'
import { trimAll } from './trim.ts'
import { toUtc } from './zone.ts'

/**
 * A date from text, as Spark's cast reads it (DateTimeUtils.stringToDate): `2014`, `2014-1`, `2014-1-5`, and anything
 * after a whole date and a space or `T`. Null for all else.
 */
export function parseDate(text: string): number | null {
  const match = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s.exec(trimAll(text))
  if (!match) return null
  const [, sign, year, month = '1', day = '1'] = match
  const days = checkedDays((sign === '-' ? -1 : 1) * Number(year), Number(month), Number(day))
  return days === null ? null : inDays(days)
}

const TIMESTAMP =
  /^([+-]?)(\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?(\D.*)?)?)?)?)?)?$/s

/**
 * A timestamp from text in UTC microseconds, as Spark's cast reads it (DateTimeUtils.stringToTimestamp), with the
 * session in UTC: a date, a time after a space or `T`, a fraction cut to microseconds, and a zone (`Z`, `+05:30`,
 * `UTC+1`, `Europe/Paris`). A time without a date is null, because it means another day in every run.
 */
export function parseTimestamp(text: string): bigint | null {
  const match = TIMESTAMP.exec(trimAll(text))
  if (!match) return null
  const [, sign, year, month = '1', day = '1', hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const days = checkedDays((sign === '-' ? -1 : 1) * Number(year), Number(month), Number(day))
  if (days === null || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null
  const seconds = BigInt((Number(hour) * 60 + Number(minute)) * 60 + Number(second))
  const part = BigInt(fraction.slice(0, 6).padEnd(6, '0'))
  const local = BigInt(days) * MICROS_PER_DAY + seconds * MICROS_PER_SECOND + part
  const micros = zone === undefined ? local : toUtc(local, trimAll(zone))
  return micros === null ? null : inMicros(micros)
}
