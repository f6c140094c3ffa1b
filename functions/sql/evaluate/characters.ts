/** Text in code points, as Spark counts characters; JavaScript's own indexes count UTF-16 units. */

const SURROGATE = /[\ud800-\udfff]/

/** How many code points the text has. */
export function characterCount(text: string): number {
  if (!SURROGATE.test(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

/** SUBSTRING as SQL has it (UTF8String.substringSQL): from 1, or from the end where negative; 0 is the first too. */
export function substring(text: string, from: number, length = 2_147_483_647): string {
  const start = from > 0 ? from - 1 : from < 0 ? characterCount(text) + from : 0
  const end = start + length
  if (end <= start || end <= 0) return ''
  if (!SURROGATE.test(text)) return text.slice(Math.max(start, 0), end)
  return text.slice(unitAt(text, start), unitAt(text, end))
}

/** The UTF-16 index of a code point. */
function unitAt(text: string, character: number): number {
  let unit = 0
  for (let i = 0; i < character && unit < text.length; i++) unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1
  return unit
}

/** The text without these characters at its ends. */
export function trimCharacters(text: string, characters: string, start: boolean, end: boolean): string {
  const set = new Set(characters)
  const all = [...text]
  let from = 0
  let to = all.length
  while (start && from < to && set.has(all[from] ?? '')) from++
  while (end && to > from && set.has(all[to - 1] ?? '')) to--
  return all.slice(from, to).join('')
}

/** Each word, cut at spaces, with a capital and then small letters. */
export function capitalize(text: string): string {
  return text.toLowerCase().replace(/(^| )([^ ])/gu, (_, space: string, first: string) => space + titleCase(first))
}

/** Java's Character.toTitleCase: some letters have a title case of their own, Georgian ones have none. */
function titleCase(character: string): string {
  const code = character.codePointAt(0) ?? 0
  // Spark looks at UTF-16 units, so letters beyond them have none either.
  if ((code >= 0x10d0 && code <= 0x10ff) || code > 0xffff) return character
  const title = DIGRAPHS.find(digraph => code >= digraph - 1 && code <= digraph + 1) ?? greekTitle(code)
  if (title !== undefined) return String.fromCodePoint(title)
  const upper = character.toUpperCase()
  return upper.length === character.length ? upper : character
}

/** Dž, Lj, Nj, Dz, each between its capital and its small form. */
const DIGRAPHS = [0x1c5, 0x1c8, 0x1cb, 0x1f2]

/** Letters with an iota below, whose upper case is two letters. */
function greekTitle(code: number): number | undefined {
  if (code >= 0x1f80 && code <= 0x1faf) return code | 8
  return code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3 ? code + 9 : undefined
}
