import { type CharacterClass, RegexRefused } from './syntax.ts'

type Ranges = readonly (readonly [number, number])[]

const MAX = 0x10ffff
const DIGIT: Ranges = [[0x30, 0x39]]
const LOWER: Ranges = [[0x61, 0x7a]]
const UPPER: Ranges = [[0x41, 0x5a]]
const ALPHA: Ranges = [...UPPER, ...LOWER]
const ALNUM: Ranges = [...DIGIT, ...ALPHA]
const PUNCT: Ranges = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7e],
]
const SPACE: Ranges = [
  [0x09, 0x0d],
  [0x20, 0x20],
]
const VERTICAL: Ranges = [
  [0x0a, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
]
const HORIZONTAL: Ranges = [
  [0x09, 0x09],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
]

/** Characters that end a line for `.` (java.util.regex.Pattern, "Line terminators"). */
export const LINE_ENDS: Ranges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x85, 0x85],
  [0x2028, 0x2029],
]

const PREDEFINED: Readonly<Record<string, Ranges>> = {
  d: DIGIT,
  w: [...ALNUM, [0x5f, 0x5f]],
  s: SPACE,
  h: HORIZONTAL,
  v: VERTICAL,
}

/** `\p{Alpha}` and its kind cover ASCII only in Java. */
const POSIX: Readonly<Record<string, Ranges>> = {
  Lower: LOWER,
  Upper: UPPER,
  ASCII: [[0, 0x7f]],
  Alpha: ALPHA,
  Digit: DIGIT,
  Alnum: ALNUM,
  Punct: PUNCT,
  Graph: [[0x21, 0x7e]],
  Print: [[0x20, 0x7e]],
  Blank: [
    [0x09, 0x09],
    [0x20, 0x20],
  ],
  Cntrl: [
    [0, 0x1f],
    [0x7f, 0x7f],
  ],
  XDigit: [...DIGIT, [0x41, 0x46], [0x61, 0x66]],
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
