import { MICROS_PER_DAY, MICROS_PER_SECOND } from '../evaluate/civil.ts'

/** The units that `unit TO unit` can name, from the longest: all but WEEK and those shorter than a second. */
export const INTERVAL_FIELDS = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'] as const
export type Field = (typeof INTERVAL_FIELDS)[number]

/** The forms of the texts of `INTERVAL '…' unit TO unit` (IntervalUtils.scala). */
const FORMS: Readonly<Record<string, RegExp>> = {
  'YEAR MONTH': /^(\d{1,9})-(\d{1,2})$/,
  'DAY HOUR': /^(\d{1,9}) (\d{1,2})$/,
  'DAY MINUTE': /^(\d{1,9}) (\d{1,2}):(\d{1,2})$/,
  'DAY SECOND': /^(\d{1,9}) (\d{1,2}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/,
  'HOUR MINUTE': /^(\d{1,10}):(\d{1,2})$/,
  'HOUR SECOND': /^(\d{1,10}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?)$/,
  'MINUTE SECOND': /^(\d{1,12}):(\d{1,2}(?:\.\d{1,9})?)$/,
}
const MOST: Readonly<Record<Field, number>> = { YEAR: 0, MONTH: 11, DAY: 0, HOUR: 23, MINUTE: 59, SECOND: 59 }

/** Whether intervals go from the one unit to the other. */
export function isRange(from: string, to: string): boolean {
  return `${from} ${to}` in FORMS
}

/** `1 02:03` read as DAY TO MINUTE: each unit with its count, which may have a sign; null if it is something else. */
export function readRange(text: string, from: Field, to: Field): { unit: Field; count: string }[] | null {
  const [, sign = '', rest = ''] = /^\s*([+-]?)(.*?)\s*$/s.exec(text) ?? []
  const values = FORMS[`${from} ${to}`]?.exec(rest)?.slice(1)
  if (!values) return null
  const units = INTERVAL_FIELDS.slice(INTERVAL_FIELDS.indexOf(from))
  const parts = values.flatMap((value, i) => {
    const unit = units[i]
    // Digits after the microseconds are cut off.
    return unit && (i === 0 || Number(value) < MOST[unit] + 1)
      ? [{ unit, count: sign + value.replace(/(\.\d{6})\d+$/, '$1') }]
      : []
  })
  return parts.length === values.length ? parts : null
}

/** The interval as Spark prints it: `INTERVAL '1 02:03' DAY TO MINUTE`. */
export function intervalText(months: bigint, micros: bigint, from: Field, to: Field): string {
  const isNegative = months < 0n || micros < 0n
  const text = from === 'YEAR' || from === 'MONTH' ? monthsText(months, from, to) : microsText(micros, from, to)
  return `INTERVAL '${isNegative ? '-' : ''}${text}' ${from}${from === to ? '' : ` TO ${to}`}`
}

function monthsText(months: bigint, from: Field, to: Field): string {
  const length = months < 0n ? -months : months
  if (from === 'MONTH') return String(length)
  return to === 'YEAR' ? String(length / 12n) : `${length / 12n}-${length % 12n}`
}

/** The units of intervals that are not months. */
export const INTERVAL_MICROS: Readonly<Record<string, bigint>> = {
  WEEK: 7n * MICROS_PER_DAY,
  DAY: MICROS_PER_DAY,
  HOUR: 3_600n * MICROS_PER_SECOND,
  MINUTE: 60n * MICROS_PER_SECOND,
  SECOND: MICROS_PER_SECOND,
  MILLISECOND: 1_000n,
  MICROSECOND: 1n,
}

function microsText(micros: bigint, from: Field, to: Field): string {
  let rest = micros < 0n ? -micros : micros
  let text = ''
  for (const unit of INTERVAL_FIELDS.slice(INTERVAL_FIELDS.indexOf(from), INTERVAL_FIELDS.indexOf(to) + 1)) {
    const size = INTERVAL_MICROS[unit] ?? 1n
    const count = String(rest / size)
    rest %= size
    text += unit === 'DAY' ? count : `${text === '' ? '' : unit === 'HOUR' ? ' ' : ':'}${count.padStart(2, '0')}`
  }
  const fraction = to === 'SECOND' && rest > 0n ? `.${String(rest).padStart(6, '0').replace(/0+$/, '')}` : ''
  return text + fraction
}
