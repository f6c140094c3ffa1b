import { printClass } from './classes.ts'
import { checkLoops } from './loops.ts'
import { RegexParser } from './parse.ts'
import { isExponential } from './safety.ts'
import { type Regex, RegexRefused } from './syntax.ts'

/** The longest regular expression that is taken, in UTF-16 units. */
const MAX_LENGTH = 2_000

/**
 * A regular expression of Java as the source of a JavaScript one with the flag `u` that finds the same. Throws
 * RegexRefused for what JavaScript can't do alike, and for patterns that could take exponential time on some text.
 */
export function translateRegex(pattern: string): string {
  if (pattern.length > MAX_LENGTH) throw new RegexRefused(`it is longer than ${MAX_LENGTH} characters`, 0)
  const regex = new RegexParser(pattern).parse()
  if (isExponential(regex)) {
    throw new RegexRefused('it could take exponential time: a repeated group can match the same text in two ways', 0)
  }
  const source = print(checkLoops(regex))
  // Only the empty text itself splits a text into its characters.
  return source === '' && pattern !== '' ? '(?:){1}' : source
}

function print(regex: Regex): string {
  switch (regex.kind) {
    case 'class':
      return printClass(regex)
    case 'verbatim':
      return regex.source
    case 'sequence':
      return regex.items.map(print).join('')
    case 'choice':
      return regex.options.map(print).join('|')
    case 'group':
    case 'look':
      return `${regex.open}${print(regex.body)})`
    case 'repeat':
      return `${atom(regex.body)}${quantifier(regex.min, regex.max)}${regex.lazy ? '?' : ''}`
  }
}

/** One character of a sequence is an atom already, everything longer needs a group. */
function atom(regex: Regex): string {
  return regex.kind === 'class' || regex.kind === 'group' ? print(regex) : `(?:${print(regex)})`
}

function quantifier(min: number, max: number): string {
  if (max === Infinity) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`
  if (min === 0 && max === 1) return '?'
  return min === max ? `{${min}}` : `{${min},${max}}`
}
