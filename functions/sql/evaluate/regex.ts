/**
 * The pattern, translated to JavaScript's when the query was compiled; `g` so that it can be searched from a place on.
 */
export function regex(source: string): RegExp {
  return new RegExp(source, 'gu')
}

export function find(pattern: RegExp, text: string): boolean {
  pattern.lastIndex = 0
  return pattern.test(text)
}

/** REGEXP_EXTRACT: the group of the first match; '' if there is no match or the group took no part in it. */
export function extract(pattern: RegExp, text: string, group: number): string {
  pattern.lastIndex = 0
  return pattern.exec(text)?.[group] ?? ''
}

/** REGEXP_EXTRACT_ALL: the group of each match. */
export function extractAll(pattern: RegExp, text: string, group: number): string[] {
  return matches(pattern, text).map(match => match[group] ?? '')
}

/** A piece of a replacement: text, or the number of a group. */
type Template = readonly (string | number)[]

/**
 * Java's replacement syntax (Matcher.appendReplacement): `$1` a group, `\` takes the next character as it is. `groups`
 * is how many the pattern has; null if the text is not a replacement.
 */
export function parseTemplate(text: string, groups: number): Template | null {
  const parts: (string | number)[] = []
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') {
      if (++i >= text.length) return null
      parts.push(text[i] ?? '')
    } else if (text[i] === '$') {
      const digits = /^\d+/.exec(text.slice(i + 1))?.[0]
      if (digits === undefined) return null
      let length = 1
      while (length < digits.length && Number(digits.slice(0, length + 1)) <= groups) length++
      const group = Number(digits.slice(0, length))
      if (group > groups) return null
      parts.push(group)
      i += length
    } else {
      parts.push(text[i] ?? '')
    }
  }
  return parts
}

/** How many capturing groups the pattern has. */
export function groupCount(pattern: RegExp): number {
  return (new RegExp(`${pattern.source}|`, pattern.flags).exec('')?.length ?? 1) - 1
}

const GROUP = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?<(\w+)>|(?!\?))/g

/** Whether Java and JavaScript may remember different text for this group (see regex/loops.ts). */
export function isUnsure(pattern: RegExp, group: number): boolean {
  const groups = [...pattern.source.matchAll(GROUP)].filter(match => match[0].startsWith('('))
  return groups[group - 1]?.[1]?.startsWith('_') === true
}

export function matches(pattern: RegExp, text: string): RegExpExecArray[] {
  pattern.lastIndex = 0
  return Array.from(text.matchAll(pattern)).filter(match => match[0] !== '' || !isInsidePair(text, match.index))
}

/** REGEXP_REPLACE of every match. */
export function replaceAll(pattern: RegExp, text: string, template: Template): string {
  return text.replace(pattern, (...match: unknown[]) => {
    if (match[0] === '' && isInsidePair(text, Number(match.find(part => typeof part === 'number')))) return ''
    return template.map(part => (typeof part === 'string' ? part : (match[part] ?? ''))).join('')
  })
}

/** JavaScript finds `\B` even between the two halves of a surrogate pair. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff
}

/** SPLIT as Java does it (String.split) with all empty pieces kept; at most `limit` pieces where that is above 0. */
export function split(pattern: RegExp, text: string, limit: number): string[] {
  if (pattern.source === '(?:)') return splitCharacters(text, limit)
  const pieces: string[] = []
  let from = 0
  for (const match of text.matchAll(pattern)) {
    if (limit > 0 && pieces.length >= limit - 1) break
    const end = match.index + match[0].length
    // A match of no width at the beginning cuts nothing off.
    if (end === 0 || (match[0] === '' && isInsidePair(text, end))) continue
    pieces.push(text.slice(from, match.index))
    from = end
  }
  pieces.push(text.slice(from))
  return pieces
}

function splitCharacters(text: string, limit: number): string[] {
  const characters = [...text]
  if (characters.length === 0) return ['']
  return limit > 0 ? characters.slice(0, limit) : characters
}
