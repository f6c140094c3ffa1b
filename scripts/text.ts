/** 1234567 → `1,234,567`. */
export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 file`, `20 files`. */
export function many(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`
}

/** Bytes as people read them: `11.2 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  let scaled = value
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000
    unit++
  }
  return `${unit === 0 ? scaled : scaled.toFixed(1)} ${units[unit]}`
}

/** Milliseconds as people read them: `850 ms`, `12.3 s`, `4 min 10 s`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** The most characters of a cell that a table shows. */
const CELL = 40

/** Rows as a table with a header; control characters are shown, long texts cut. */
export function table(header: readonly string[], rows: readonly (readonly unknown[])[]): string {
  const cells = [header, ...rows].map(row => row.map(cell))
  const widths = header.map((_, i) => Math.max(...cells.map(row => width(row[i] ?? ''))))
  const numeric = header.map(
    (_, i) => rows.length > 0 && rows.every(row => typeof row[i] === 'number' || row[i] === null),
  )
  const line = (row: readonly string[]) =>
    row
      .map((text, i) => pad(text, widths[i] ?? 0, numeric[i] ?? false))
      .join('  ')
      .trimEnd()
  const [head = [], ...body] = cells
  return [line(head), widths.map(each => '─'.repeat(each)).join('  '), ...body.map(line)].join('\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal
  const safe = text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '·')
  const characters = [...safe]
  return characters.length > CELL ? `${characters.slice(0, CELL - 1).join('')}…` : safe
}

/** Columns on a terminal: East Asian and emoji characters take two. */
function width(text: string): number {
  let columns = 0
  for (const character of text)
    columns +=
      /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u.test(
        character,
      )
        ? 2
        : 1
  return columns
}

function pad(text: string, columns: number, right: boolean): string {
  const space = ' '.repeat(Math.max(0, columns - width(text)))
  return right ? space + text : text + space
}
