import { checkedDays, daysFromCivil, inMicros, MICROS_PER_DAY } from './civil.ts'
import { checkedPattern, MONTHS, type PatternPart } from './date-pattern.ts'

type Fields = Record<string, number>
type Field = Extract<PatternPart, { letter: string }>

/**
 * TO_TIMESTAMP with a pattern: text → UTC microseconds, null where the text does not fit it. As java.time reads it: two
 * letters are exactly two digits, one letter any number of them, and nothing may be left over.
 */
export function dateParser(pattern: string): (text: string) => bigint | null {
  const parts = checkedPattern(pattern, 'parse')
  return text => {
    const fields: Fields = {}
    let at = 0
    for (const [i, part] of parts.entries()) {
      if ('text' in part) {
        const found = text.slice(at, at + part.text.length)
        if (found.toLowerCase() !== part.text.toLowerCase()) return null
        at += part.text.length
      } else {
        at = readField(text, at, part, parts.slice(i + 1), fields)
        if (at < 0) return null
      }
    }
    return at === text.length ? resolve(fields) : null
  }
}

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  M3: MONTHS.map(month => month.slice(0, 3)),
  M4: MONTHS,
  a1: ['AM', 'PM'],
}

/** Reads one field into `fields`; gives where it ends, or -1. */
function readField(
  text: string,
  at: number,
  { letter, count }: Field,
  rest: readonly PatternPart[],
  fields: Fields,
): number {
  const texts = TEXTS[letter + count]
  if (texts) {
    const index = texts.findIndex(name => text.slice(at, at + name.length).toLowerCase() === name.toLowerCase())
    if (index < 0) return -1
    return set(fields, letter, letter === 'M' ? index + 1 : index) ? at + (texts[index] ?? '').length : -1
  }
  if ('XxZ'.includes(letter)) return readOffset(text, at, letter, count, fields)
  const negative = text[at] === '-' && (count === 1 || letter === 'y') && letter !== 'S'
  const start = negative || (text[at] === '+' && count === 4) ? at + 1 : at
  const digits = /^\d{0,19}/.exec(text.slice(start, start + 19))?.[0] ?? ''
  const [least, most] = widths(letter, count)
  const length = Math.min(most, Math.max(least, digits.length - widthBehind(rest, most)))
  if (digits.length < least || length < 1 || length > digits.length) return -1
  // A year of more than four digits must have a plus before it, and no other may have one.
  if (count === 4 && !negative && start > at !== length > 4) return -1
  const value = letter === 'S' ? Number(digits.slice(0, length).padEnd(9, '0')) : Number(digits.slice(0, length))
  // java.time takes no minus before a zero.
  if (negative && value === 0) return -1
  const year = letter === 'y' && count === 2 ? 2000 + value : value
  return set(fields, letter, negative ? -year : year) ? start + length : -1
}

/** The fewest and the most digits of a numeric field. */
function widths(letter: string, count: number): [number, number] {
  if (letter === 'S') return [1, count]
  if (count === 1) return [1, 19]
  return count === 4 ? [4, 19] : [count, count]
}

/** How many digits the fixed fields right after need, so that a variable one leaves them (`yyyyMMdd`). */
function widthBehind(rest: readonly PatternPart[], most: number): number {
  if (most < 19) return 0
  let width = 0
  for (const part of rest) {
    if ('text' in part || TEXTS[part.letter + part.count] || part.letter === 'S') break
    const [least, fixed] = widths(part.letter, part.count)
    if (least !== fixed) break
    width += fixed
  }
  return width
}

/** False if the field has another value already. */
function set(fields: Fields, letter: string, value: number): boolean {
  const known = fields[letter]
  fields[letter] = value
  return known === undefined || known === value
}

/** Seconds east of UTC: `Z` for X, `+01`, `+0100` or `+01:00` by the count of letters. */
function readOffset(text: string, at: number, letter: string, count: number, fields: Fields): number {
  if (letter === 'X' && /^z/i.test(text.slice(at, at + 1))) return set(fields, 'Z', 0) ? at + 1 : -1
  const forms = [/^([+-])(\d\d)(\d\d)?/, /^([+-])(\d\d)(\d\d)/, /^([+-])(\d\d):(\d\d)/]
  const match = (letter === 'Z' ? forms[1] : forms[count - 1])?.exec(text.slice(at, at + 6))
  if (!match) return -1
  const seconds = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60
  if (seconds > 18 * 3600 || Number(match[3] ?? 0) > 59) return -1
  return set(fields, 'Z', match[1] === '-' ? -seconds : seconds) ? at + match[0].length : -1
}

/** Missing fields are those of 1970-01-01 00:00, as in Spark. */
function resolve(fields: Fields): bigint | null {
  const { y = 1970, M, d, D, S = 0, Z = 0 } = fields
  const days = D === undefined ? checkedDays(y, M ?? 1, d ?? 1) : ordinal(y, D)
  const hour = resolveHour(fields)
  const { m = 0, s = 0 } = fields
  if (days === null || hour === null || m < 0 || m > 59 || s < 0 || s > 59) return null
  const seconds = (hour * 60 + m) * 60 + s - Z
  return inMicros(BigInt(days) * MICROS_PER_DAY + BigInt(seconds) * 1_000_000n + BigInt(Math.floor(S / 1000)))
}

function ordinal(year: number, day: number): number | null {
  const first = daysFromCivil(year, 1, 1)
  return day >= 1 && first + day - 1 < daysFromCivil(year + 1, 1, 1) ? first + day - 1 : null
}

/** The hour of the day from H or k, or from h or K with a; a half of the day that contradicts the hour is null. */
function resolveHour({ H, k, h, K, a }: Fields): number | null {
  if (k !== undefined && (k < 1 || k > 24)) return null
  if (h !== undefined && (h < 1 || h > 12)) return null
  const day = H ?? (k === undefined ? undefined : k % 24)
  if (day !== undefined) return day < 0 || day > 23 || (a !== undefined && a !== Math.floor(day / 12)) ? null : day
  const half = K ?? (h === undefined ? undefined : h % 12)
  if (half === undefined) return a === 1 ? 12 : 0
  return half < 0 || half > 11 ? null : half + 12 * (a ?? 0)
}
