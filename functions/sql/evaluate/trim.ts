/** Without white space and control characters at both ends, as Spark trims before it casts (UTF8String.trimAll). */
export function trimAll(text: string): string {
  return trimmed(text, 0, 0x20, 0x7f)
}

/** Without characters up to U+0020 at both ends (java.lang.String.trim). */
export function javaTrim(text: string): string {
  return trimmed(text, 0, 0x20)
}

/** Without spaces (U+0020 only) at the chosen ends. */
export function trimSpaces(text: string, start: boolean, end: boolean): string {
  return trimmed(text, 0x20, 0x20, 0x20, start, end)
}

/** Without the characters from `low` to `high`, and without `other`, at the chosen ends. */
function trimmed(text: string, low: number, high: number, other = high, start = true, end = true): string {
  const isBlank = (code: number) => (code >= low && code <= high) || code === other
  let from = 0
  let to = text.length
  while (start && from < to && isBlank(text.charCodeAt(from))) from++
  while (end && to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}
