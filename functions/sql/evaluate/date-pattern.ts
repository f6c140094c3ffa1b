/** One piece of a date pattern: a letter with the number of its repetitions, or text. */
export type PatternPart = { readonly letter: string; readonly count: number } | { readonly text: string }

/** What a pattern can have: letters (java.time's, as Spark uses them) in the counts that are supported. */
const FORMATTED: ReadonlySet<string> = new Set(
  `y yy yyyy M MM MMM MMMM d dd D DDD E EE EEE EEEE Q QQ a H HH k kk h hh K KK m mm s ss
  S SS SSS SSSS SSSSS SSSSSS SSSSSSS SSSSSSSS SSSSSSSSS X XX XXX x xx xxx Z ZZ ZZZ`.split(/\s+/),
)

/** Letters that only a format can have, in Spark too. */
const NOT_PARSED = 'EQ'

/** Cuts a pattern into parts, or says what about it is not supported. */
export function parsePattern(
  pattern: string,
  use: 'format' | 'parse',
): readonly PatternPart[] | { readonly unsupported: string } {
  const parts: PatternPart[] = []
  for (let i = 0; i < pattern.length; ) {
    const character = pattern[i] ?? ''
    if (character === "'") {
      const quoted = readQuoted(pattern, i)
      if (!quoted) return { unsupported: 'a quote without its end' }
      parts.push({ text: quoted.text })
      i = quoted.end
    } else if (/[A-Za-z]/.test(character)) {
      let end = i
      while (pattern[end] === character) end++
      const letters = pattern.slice(i, end)
      if (!FORMATTED.has(letters) || (use === 'parse' && NOT_PARSED.includes(character)))
        return { unsupported: letters }
      parts.push({ letter: character, count: letters.length })
      i = end
    } else {
      if ('[]{}#'.includes(character)) return { unsupported: character }
      parts.push({ text: character })
      i++
    }
  }
  return parts
}

/** `'text'`, with `''` for a quote inside; `''` alone is a quote too. */
function readQuoted(pattern: string, from: number): { text: string; end: number } | null {
  if (pattern[from + 1] === "'") return { text: "'", end: from + 2 }
  let text = ''
  for (let i = from + 1; i < pattern.length; i++) {
    if (pattern[i] !== "'") text += pattern[i]
    else if (pattern[i + 1] === "'") {
      text += "'"
      i++
    } else return { text, end: i + 1 }
  }
  return null
}

/** The parts of a pattern that was checked when the query was compiled. */
export function checkedPattern(pattern: string, use: 'format' | 'parse'): readonly PatternPart[] {
  const parts = parsePattern(pattern, use)
  if ('unsupported' in parts) throw new RangeError(`date pattern ${pattern} has an unsupported ${parts.unsupported}`)
  return parts
}

export const MONTHS = 'January February March April May June July August September October November December'.split(' ')
export const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
