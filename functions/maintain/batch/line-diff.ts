/** Cells of the table that a comparison fills at most. */
const CELLS = 4_000_000

/** How a text became another: its lines, with `- ` before those that are gone, `+ ` before new ones, two spaces before the rest. */
export function lineDiff(before: string, after: string): string[] {
  const a = before.trimEnd().split('\n')
  const b = after.trimEnd().split('\n')
  if (a.length * b.length > CELLS) return [...a.map(line => `- ${line}`), ...b.map(line => `+ ${line}`)]
  // common[i][j]: the lines that a from i and b from j have in common, in order
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  const at = (i: number, j: number) => common[i]?.[j] ?? 0
  for (let i = a.length - 1; i >= 0; i--) {
    const row = common[i]
    for (let j = b.length - 1; row && j >= 0; j--) {
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
    }
  }
  const lines: string[] = []
  let i = 0
  let j = 0
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`.trimEnd())
      i++
      j++
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) lines.push(`- ${a[i++]}`)
    else lines.push(`+ ${b[j++]}`)
  }
  return lines
}
