import { MICROS_PER_DAY, MICROS_PER_SECOND } from '../evaluate/civil.ts'
import { type Cursor, describe } from './cursor.ts'
import type { Syntax } from './syntax.ts'

const MONTHS: Readonly<Record<string, bigint>> = { YEAR: 12n, MONTH: 1n }
const MICROS: Readonly<Record<string, bigint>> = {
  WEEK: 7n * MICROS_PER_DAY,
  DAY: MICROS_PER_DAY,
  HOUR: 3_600n * MICROS_PER_SECOND,
  MINUTE: 60n * MICROS_PER_SECOND,
  SECOND: MICROS_PER_SECOND,
  MILLISECOND: 1_000n,
  MICROSECOND: 1n,
}

/** One `1 DAY` of an interval. */
interface Part {
  readonly unit: string
  readonly count: string
}

/** Whether INTERVAL is the keyword here, and not a column's name. */
export function isInterval(cursor: Cursor): boolean {
  const signed = /^[-+]$/.test(cursor.peek(1).text) ? 1 : 0
  const { kind } = cursor.peek(1 + signed)
  if (!cursor.at('INTERVAL') || (kind !== 'number' && kind !== 'string')) return false
  return signed === 0 || unitOf(cursor.peek(3).text) !== null
}

/**
 * `INTERVAL 1 DAY 2 HOURS`, `INTERVAL '1' DAY`, `INTERVAL '1 day'`: a call of INTERVAL with its months, its microseconds,
 * and whether it has whole days only.
 */
export function parseInterval(cursor: Cursor): Syntax {
  const { at, end } = cursor.next()
  const isText = cursor.peek().kind === 'string' && unitOf(cursor.peek(1).text) === null
  const parts = isText ? partsOf(cursor.next().text) : readParts(cursor)
  if (cursor.at('TO')) cursor.fail('INTERVAL with TO is not supported; write its parts, as in INTERVAL 1 DAY 2 HOURS')
  const months = sum(parts, MONTHS)
  const micros = sum(parts, MICROS)
  const byMonths = parts.filter(({ unit }) => unit in MONTHS).length
  if (parts.length === 0 || months === null || micros === null)
    return cursor.fail('this is no INTERVAL; write it as in INTERVAL 1 DAY 2 HOURS', at)
  if (byMonths > 0 && byMonths < parts.length)
    return cursor.fail('an INTERVAL has years and months, or days and what is shorter; add two of them', at)
  const isDays = parts.every(({ unit }) => unit === 'DAY' || unit === 'WEEK')
  const literal = (value: bigint | boolean, type: 'bigint' | 'boolean'): Syntax => {
    return { kind: 'literal', value, type, at, end: cursor.end }
  }
  const args = [literal(months, 'bigint'), literal(micros, 'bigint'), literal(isDays, 'boolean')]
  return { kind: 'call', name: { text: 'INTERVAL', at, end }, operator: true, args, at, end: cursor.end }
}

function unitOf(word: string): string | null {
  const unit = word.toUpperCase().replace(/S$/, '')
  return unit in MONTHS || unit in MICROS ? unit : null
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

/** The parts with these units; null where a count is no number. Only seconds have a fraction. */
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
