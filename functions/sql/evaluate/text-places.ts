import { characterCount, substring } from './characters.ts'
import { MOST } from './most.ts'

/** LPAD (`left`) and RPAD: cut to the length, or filled up to it; a length below 0 gives ''. Null for more than MOST characters. */
export function pad(text: string, length: number, filling: string, left: boolean): string | null {
  const missing = length - characterCount(text)
  if (missing <= 0 || filling === '') return substring(text, 1, Math.max(length, 0))
  const size = characterCount(filling)
  if (length > MOST) return null
  const added = filling.repeat(Math.floor(missing / size)) + substring(filling, 1, missing % size)
  return left ? added + text : text + added
}

/** OVERLAY: replaces characters from a place on, by default as many as the replacement has. */
export function overlay(text: string, replacement: string, from: number, length = -1): string {
  const cut = length >= 0 ? length : characterCount(replacement)
  return substring(text, 1, (from - 1) | 0) + replacement + substring(text, (from + cut) | 0)
}

/** TRANSLATE: each character of `from` becomes the one at its place in `to`, or is removed if there is none. */
export function translator(from: string, to: string): (text: string) => string {
  const targets = [...to]
  const pairs = new Map<string, string>()
  for (const [i, character] of [...from].entries()) {
    const target = targets[i] ?? ''
    if (!pairs.has(character)) pairs.set(character, target === '\0' ? '' : target)
  }
  return text => {
    let translated = ''
    for (const character of text) translated += pairs.get(character) ?? character
    return translated
  }
}

/** SUBSTRING_INDEX: the text before the count-th delimiter, or, counted from the end, after it. */
export function substringIndex(text: string, delimiter: string, count: number): string {
  if (delimiter === '' || count === 0) return ''
  if (count > 0) {
    let at = -1
    for (let i = 0; i < count; i++) {
      at = text.indexOf(delimiter, at + 1)
      if (at < 0) return text
    }
    return text.slice(0, at)
  }
  let at = text.length - delimiter.length + 1
  for (let i = 0; i > count; i--) {
    at = at > 0 ? text.lastIndexOf(delimiter, at - 1) : -1
    if (at < 0) return text
  }
  return text.slice(at + delimiter.length)
}

/** LOCATE: the place of a part, from 1, searched from a place on; 0 where there is none. */
export function locate(part: string, text: string, from: number): number {
  if (from < 1) return 0
  if (part === '') return 1
  const start = from === 1 ? 0 : characterCount(text) < from ? text.length : substring(text, 1, from - 1).length
  const at = text.indexOf(part, start)
  return at < 0 ? 0 : characterCount(text.slice(0, at)) + 1
}

/** Whether the digits end with the right check digit (ISO/IEC 7812-1). */
export function isLuhn(digits: string): boolean {
  if (!/^\d+$/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]) * (i % 2 === 1 ? 2 : 1)
    sum += digit > 9 ? digit - 9 : digit
  }
  return sum % 10 === 0
}

/** What MASK puts for a capital, a small letter, a digit and all else; null leaves them. */
type Masks = readonly [upper: string | null, lower: string | null, digit: string | null, other: string | null]

/** MASK, by UTF-16 units as Java counts characters. */
export function mask(text: string, [upper, lower, digit, other]: Masks): string {
  return text.replace(/./gs, character => {
    if (/\p{Uppercase}/u.test(character)) return upper ?? character
    if (/\p{Lowercase}/u.test(character)) return lower ?? character
    return (/\p{Nd}/u.test(character) ? digit : other) ?? character
  })
}
