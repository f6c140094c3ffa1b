import { type Cursor, describe } from './cursor.ts'
import { type Field, INTERVAL_FIELDS, INTERVAL_MICROS, intervalText, isRange, readRange } from './interval-text.ts'
import type { Syntax } from './syntax.ts'

const MONTHS: Readonly<Record<string, bigint>> = { YEAR: 12n, MONTH: 1n }

/** One `1 DAY` of an interval. */
interface Part {
  readonly unit: string
  readonly count: string
}

/** The units that the text of an interval has in place of others. */
const FIELD_OF: Readonly<Record<string, Field>> = { WEEK: 'DAY', MILLISECOND: 'SECOND', MICROSECOND: 'SECOND' }

/** Whether INTERVAL is the keyword here, and not a column's name. */
export function isInterval(cursor: Cursor): boolean {
  const signed = /^[-+]$/.test(cursor.peek(1).text) ? 1 : 0
  const { kind } = cursor.peek(1 + signed)
  if (!cursor.at('INTERVAL') || (kind !== 'number' && kind !== 'string')) return false
  return signed === 0 || unitOf(cursor.peek(3).text) !== null
}

/**
 * `INTERVAL 1 DAY 2 HOURS`, `INTERVAL '1' DAY`, `INTERVAL '1 day'`, `INTERVAL '1 02:03' DAY TO MINUTE`: a call of INTERVAL
 * with its months, its microseconds, whether it has whole days only, and its text as Spark prints it.
 */
export function parseInterval(cursor: Cursor): Syntax {
  const { at, end } = cursor.next()
  const parts = rangeParts(cursor) ?? (isText(cursor) ? partsOf(cursor.next().text) : readParts(cursor))
  if (cursor.at('TO')) cursor.fail("TO stands between two units, as in INTERVAL '1 02:03' DAY TO MINUTE")
  const months = sum(parts, MONTHS)
  const micros = sum(parts, INTERVAL_MICROS)
  const byMonths = parts.filter(({ unit }) => unit in MONTHS).length
  const places = parts.map(({ unit }) => INTERVAL_FIELDS.findIndex(field => field === (FIELD_OF[unit] ?? unit)))
  const [from, to] = [INTERVAL_FIELDS[Math.min(...places)], INTERVAL_FIELDS[Math.max(...places)]]
  if (!from || !to || months === null || micros === null)
    return cursor.fail('this is not an INTERVAL; write it like INTERVAL 1 DAY 2 HOURS', at)
  if (byMonths > 0 && byMonths < parts.length)
    return cursor.fail('an INTERVAL has either years and months, or days and shorter units; add two of them', at)
  const literal = (value: bigint | boolean | string, type: 'bigint' | 'boolean' | 'string'): Syntax => {
    return { kind: 'literal', value, type, at, end: cursor.end }
  }
  const args = [
    literal(months, 'bigint'),
    literal(micros, 'bigint'),
    literal(to === 'DAY', 'boolean'),
    literal(intervalText(months, micros, from, to), 'string'),
  ]
  return { kind: 'call', name: { text: 'INTERVAL', at, end }, operator: true, args, at, end: cursor.end }
}

function isText(cursor: Cursor): boolean {
  return cursor.peek().kind === 'string' && unitOf(cursor.peek(1).text) === null
}

/** The parts of `'1 02:03' DAY TO MINUTE`, if that comes next. */
function rangeParts(cursor: Cursor): Part[] | null {
  const signed = /^[-+]$/.test(cursor.peek().text) ? 1 : 0
  if (cursor.peek(2 + signed).text.toUpperCase() !== 'TO') return null
  const [from, to] = [1, 3].map(ahead => {
    const unit = unitOf(cursor.peek(ahead + signed).text)
    return INTERVAL_FIELDS.find(field => field === unit)
  })
  if (!from || !to || cursor.peek(signed).kind !== 'string') return null
  if (!isRange(from, to)) cursor.fail(`there is no INTERVAL from ${from} to ${to}`)
  const sign = signed ? cursor.next().text : ''
  const text = cursor.next()
  for (let i = 0; i < 3; i++) cursor.next()
  const parts = readRange(text.text, from, to)
  if (!parts) return cursor.fail(`'${text.text}' is not an INTERVAL ${from} TO ${to}`, text.at)
  return parts.map(({ unit, count }) => ({ unit, count: sign + count }))
}

function unitOf(word: string): string | null {
  const unit = word.toUpperCase().replace(/S$/, '')
  return unit in MONTHS || unit in INTERVAL_MICROS ? unit : null
}

function readParts(cursor: Cursor): Part[] {
  const parts: Part[] = []
  for (;;) {
    const signed = /^[-+]$/.test(cursor.peek().text) ? 1 : 0
    const unit = unitOf(cursor.peek(1 + signed).text)
    const value = cursor.peek(signed)
    if (value.kind !== 'number' && value.kind !== 'string') return parts
    if (unit === null) return cursor.fail(`expected a unit such as DAY, found ${describe(cursor.peek(1 + signed))}`)
    const sign = signed ? cursor.next().text : ''
    parts.push({ unit, count: sign + cursor.next().text.trim() })
    cursor.next()
  }
}

/** The parts of a text such as `1 day 2 hours`; none if it is something else. */
function partsOf(text: string): Part[] {
  const words = text
    .trim()
    .replace(/^interval\s+/i, '')
    .split(/\s+/)
  const parts: Part[] = []
  for (let i = 0; i < words.length; i += 2) {
    const unit = unitOf(words[i + 1] ?? '')
    if (unit === null) return []
    parts.push({ unit, count: words[i] ?? '' })
  }
  return parts
}

/** The parts with these units; null where a count is not a number. Only seconds have a fraction. */
function sum(parts: readonly Part[], units: Readonly<Record<string, bigint>>): bigint | null {
  let total = 0n
  for (const { unit, count } of parts) {
    const [, sign = '', whole = '', fraction = ''] =
      /^([+-]?|-\+|\+-|--|\+\+)(\d{1,15})(?:\.(\d{1,6}))?$/.exec(count) ?? []
    if (whole === '' || (fraction !== '' && unit !== 'SECOND')) return null
    const length = BigInt(whole) * (units[unit] ?? 0n) + (unit in units ? BigInt(fraction.padEnd(6, '0')) : 0n)
    total += sign.replace('+', '') === '-' ? -length : length
  }
  return total
}
