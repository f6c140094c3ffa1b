/** What differs between two runs of the same commands: ids, times, durations, sizes, and the width of columns. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  [/\b\d{8}T\d{6}Z-[0-9a-f]{8,16}\b/g, 'ID'],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?Z?)?/g, 'TIME'],
  [/\d[\d,.]* rows\/s/g, 'SPEED'],
  [/\d[\d.]* (?:ms|s|min)\b(?: \d+ s\b)?/g, 'DURATION'],
  [/\d[\d.]* (?:B|kB|MB)\b/g, 'SIZE'],
  [/─+/g, '─'],
  [/ +/g, ' '],
]

/**
 * Says how the output differs from what a page shows, or returns undefined. A line `…` stands for any number of lines,
 * `…` at the end of a line for the rest of it.
 */
export function differenceOf(shown: string, output: string): string | undefined {
  const lines = output.trim().split('\n').map(plain)
  let at = 0
  let skips = false
  for (const text of shown.trim().split('\n')) {
    const line = plain(text)
    if (line === '…') {
      skips = true
      continue
    }
    const found = lines.slice(at, skips ? undefined : at + 1).findIndex(candidate => fits(line, candidate))
    if (found < 0) return `not printed: ${text}`
    at += found + 1
    skips = false
  }
  return skips || at >= lines.length ? undefined : `printed, and not shown: ${lines[at]}`
}

function plain(line: string): string {
  return VARIES.reduce((text, [pattern, word]) => text.replaceAll(pattern, word), line).trimEnd()
}

function fits(shown: string, line: string): boolean {
  return shown.endsWith('…') ? line.startsWith(shown.slice(0, -1)) : line === shown
}
