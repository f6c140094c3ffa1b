import { inRange } from '../../base/at.ts'

/** LEVENSHTEIN: how many characters must be inserted, removed or replaced; -1 beyond the threshold. */
export function levenshtein(left: string, right: string, threshold?: number): number {
  const a = [...left]
  const b = [...right]
  let above = Uint32Array.from({ length: b.length + 1 }, (_, i) => i)
  let row = new Uint32Array(b.length + 1)
  for (const [i, character] of a.entries()) {
    row[0] = i + 1
    for (let j = 1; j <= b.length; j++) {
      const replaced = inRange(above[j - 1]) + (character === b[j - 1] ? 0 : 1)
      row[j] = Math.min(replaced, inRange(above[j]) + 1, inRange(row[j - 1]) + 1)
    }
    const done = above
    above = row
    row = done
  }
  const distance = inRange(above[b.length])
  return threshold !== undefined && distance > threshold ? -1 : distance
}

/** The codes of A to Z: 0 parts equal ones, 7 does not. */
const SOUNDEX = '01230127022455012623017202'

/** SOUNDEX of the text's letters; a text that does not begin with a letter from A to Z is given back. */
export function soundex(text: string): string {
  const first = text.slice(0, 1).toUpperCase()
  if (!/^[a-z]/i.test(text)) return text
  let codes = first
  let last = codeOf(first)
  for (const character of text.slice(1)) {
    const code = /[a-z]/i.test(character) ? codeOf(character.toUpperCase()) : '0'
    if (code === '7') continue
    if (code !== '0' && code !== last) {
      codes += code
      if (codes.length === 4) break
    }
    last = code
  }
  return codes.padEnd(4, '0')
}

function codeOf(letter: string): string {
  return SOUNDEX[letter.charCodeAt(0) - 65] ?? '0'
}
