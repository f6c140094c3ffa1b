import { sha256 } from '../base/bytes.ts'
import { ClockOutOfRange } from '../base/errors.ts'

/** The ids of one pass of one execution. A retried task gets the same ones. */
export interface PassIds {
  /** `YYYYMMDDTHHMMSSZ-` and 8 hex digits: sorts by time and is safe in keys, SQL and shells. */
  readonly batch: string
  /** The same with 16 hex digits: the directory that nobody else writes into. */
  readonly attempt: string
  /** The UTC day of `time`, `YYYY-MM-DD`. */
  readonly ingestDate: string
}

/** Batch ids write the year with four digits, and sort by it. */
const YEARS = { from: Date.UTC(1970, 0), to: Date.UTC(10_000, 0) } as const

/** A time of the clock (UTC milliseconds) as ISO 8601. Throws ClockOutOfRange for one that ids can't hold. */
export function clockTime(time: number): string {
  if (time >= YEARS.from && time < YEARS.to) return new Date(time).toISOString()
  const shown = Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time)
  throw new ClockOutOfRange(
    `the clock says ${shown}, but batch ids only hold the years 1970 to 9999: set the clock, then run again`,
  )
}

/**
 * Derives the ids of pass number `pass` of an execution from its name and the pass's time (UTC milliseconds). Throws
 * ClockOutOfRange.
 */
export async function passIds(execution: string, pass: number, time: number): Promise<PassIds> {
  const digest = await sha256(`${execution}#${pass}`)
  const iso = clockTime(time)
  const second = `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  return {
    batch: `${second}-${digest.slice(0, 8)}`,
    attempt: `${second}-${digest.slice(0, 16)}`,
    ingestDate: iso.slice(0, 10),
  }
}

/** Whether a text is a batch id. */
export function isBatchId(text: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{8}$/.test(text)
}

/** Whether a text is an attempt's id. */
export function isAttemptId(text: string): boolean {
  return /^\d{8}T\d{6}Z-[0-9a-f]{16}$/.test(text)
}

/** The time in a batch's or attempt's id, in UTC milliseconds. */
export function idTime(id: string): number {
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(id) ?? []
  return Date.parse(`${y}-${m}-${d}T${h}:${min}:${s}Z`)
}
