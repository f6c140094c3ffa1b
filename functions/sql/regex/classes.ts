import { type CharacterClass, RegexRefused } from './syntax.ts'

type Ranges = readonly (readonly [number, number])[]

const MAX = 0x10ffff
const DIGIT = ranges('30-39')
const LOWER = ranges('61-7a')
const UPPER = ranges('41-5a')
const ALPHA = [...UPPER, ...LOWER]
const ALNUM = [...DIGIT, ...ALPHA]
const SPACE = ranges('9-d 20')

/** Characters that end a line for `.` (java.util.regex.Pattern, "Line terminators"). */
export const LINE_ENDS = ranges('a d 85 2028-2029')

/** Reads code points in hexadecimal, and ranges of them. */
export function ranges(text: string): Ranges {
  return text.split(' ').map(range => {
    const [from = '', to = from] = range.split('-')
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const
  })
}

const PREDEFINED: Readonly<Record<string, Ranges>> = {
  d: DIGIT,
  w: [...ALNUM, ...ranges('5f')],
  s: SPACE,
  h: ranges('9 20 a0 1680 180e 2000-200a 202f 205f 3000'),
  v: ranges('a-d 85 2028-2029'),
}

/** `\p{Alpha}` and its kind cover ASCII only in Java. */
const POSIX: Readonly<Record<string, Ranges>> = {
  Lower: LOWER,
  Upper: UPPER,
  ASCII: ranges('0-7f'),
  Alpha: ALPHA,
  Digit: DIGIT,
  Alnum: ALNUM,
  Punct: ranges('21-2f 3a-40 5b-60 7b-7e'),
  Graph: ranges('21-7e'),
  Print: ranges('20-7e'),
  Blank: ranges('9 20'),
  Cntrl: ranges('0-1f 7f'),
  XDigit: ranges('30-39 41-46 61-66'),
  Space: SPACE,
}

export function characterClass(ranges: Ranges, negated = false, properties: readonly string[] = []): CharacterClass {
  return { kind: 'class', negated, ranges, properties }
}

/** `\d`, `\W` and so on; null for other letters. */
export function predefined(letter: string): CharacterClass | null {
  const ranges = PREDEFINED[letter.toLowerCase()]
  if (!ranges) return null
  return letter === letter.toLowerCase() ? characterClass(ranges) : characterClass(complement(ranges))
}

/** `\p{name}`, or `\P{name}` if negated. */
export function property(name: string, negated: boolean, at: number): CharacterClass {
  const ranges = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined
  if (ranges) return characterClass(negated ? complement(ranges) : ranges)
  const bare = name.replace(/^Is/, '')
  const candidates = [bare, `Script=${bare}`]
  const known = candidates.find(candidate => /^[A-Za-z_=]+$/.test(candidate) && isProperty(candidate))
  if (!known || name.startsWith('java') || name.startsWith('In'))
    throw new RegexRefused(`\\p{${name}} is not supported`, at)
  return characterClass([], false, [`\\${negated ? 'P' : 'p'}{${known}}`])
}

/** Whether a property depends on a letter's case. */
export function isCased(property: string): boolean {
  return /\{(?:L[ult]|Uppercase|Lowercase|Titlecase|Uppercase_Letter|Lowercase_Letter|Titlecase_Letter)\}/i.test(
    property,
  )
}

function isProperty(name: string): boolean {
  try {
    return new RegExp(`\\p{${name}}`, 'u') instanceof RegExp
  } catch {
    return false
  }
}

export function complement(ranges: Ranges): Ranges {
  const result: [number, number][] = []
  let next = 0
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (from > next) result.push([next, from - 1])
    next = Math.max(next, to + 1)
  }
  if (next <= MAX) result.push([next, MAX])
  return result
}

/** The class with the other case of its ASCII letters: what Java's `(?i)` means without `(?u)`. */
export function ignoreCase(set: CharacterClass): CharacterClass {
  const other = (ranges: Ranges, from: number, shift: number): Ranges =>
    ranges
      .map(([low, high]) => [Math.max(low, from) + shift, Math.min(high, from + 25) + shift] as const)
      .filter(([low, high]) => low <= high)
  return { ...set, ranges: [...set.ranges, ...other(set.ranges, 0x41, 32), ...other(set.ranges, 0x61, -32)] }
}

/** The class in JavaScript's syntax, for a pattern with the flag `u`. */
export function printClass({ ranges, properties, negated }: CharacterClass): string {
  const [only] = ranges
  if (!negated && ranges.length === 1 && properties.length === 0 && only && only[0] === only[1])
    return printCharacter(only[0])
  const parts = ranges.map(([from, to]) =>
    from === to ? printCharacter(from) : `${printCharacter(from)}-${printCharacter(to)}`,
  )
  return `[${negated ? '^' : ''}${parts.join('')}${properties.join('')}]`
}

function printCharacter(code: number): string {
  const isPlain = ALNUM.some(([from, to]) => code >= from && code <= to)
  return isPlain ? String.fromCharCode(code) : `\\u{${code.toString(16)}}`
}
