import { visibleLine } from '../../functions/base/visible.ts'
import { isAttemptId, isBatchId } from '../../functions/lake/ids.ts'
import { padColumns, shorten, terminalColumns } from './columns.ts'

/** No column that can be cut is cut to less than this. */
const LEAST = 8
const GAP = '  '

/** Rows as a table with a header, laid out as `layTable` does. */
export function table(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  width: number = terminalWidth(),
  ids: readonly string[] = [],
): string {
  const { head, line } = layTable(header, rows, width, ids)
  return [head, ...rows.map(line)].join('\n')
}

/** `columns` is how many are shown. */
export interface LaidTable {
  readonly head: string
  readonly columns: number
  readonly line: (row: readonly unknown[]) => string
}

/**
 * How a table of such rows is written: its header, and a line for each row. It fits `width` columns of a terminal: long
 * texts are cut, numbers and ids (those of batches and attempts, and the columns `ids`) never, and columns that find no room are left out, the last ones first, with a `…` in
 * their place. What a terminal obeys or hides is shown as `\u001b`.
 */
export function layTable(
  header: readonly string[],
  rows: readonly (readonly unknown[])[],
  width: number = Number.POSITIVE_INFINITY,
  ids: readonly string[] = [],
): LaidTable {
  const numeric = header.map(
    (_, i) => rows.length > 0 && rows.every(row => typeof row[i] === 'number' || row[i] === null),
  )
  const whole = header.map((name, i) => numeric[i] || ids.includes(name) || rows.some(row => isId(row[i])))
  const cells = [header, ...rows].map(row => row.map(cell))
  const natural = header.map((_, i) => cells.reduce((most, row) => Math.max(most, terminalColumns(row[i] ?? '')), 0))
  const widths = columnWidths(natural, whole, width)
  const cut = widths.length < header.length
  const lineOf = (row: readonly string[]) => {
    const shown = widths.map((columns, i) => {
      const text = row[i] ?? ''
      return padColumns(
        whole[i] || width === Number.POSITIVE_INFINITY ? text : shorten(text, columns),
        columns,
        numeric[i],
      )
    })
    return [...shown, ...(cut ? ['…'] : [])].join(GAP).trimEnd()
  }
  const rule = widths.map(each => '─'.repeat(each)).join(GAP)
  const head = `${lineOf(header.map(cell))}\n${rule}`
  return { head, columns: widths.length, line: row => lineOf(row.map(cell)) }
}

/** Whether a cell is the id of a batch or an attempt: one that is cut names nothing. */
function isId(value: unknown): boolean {
  return typeof value === 'string' && (isBatchId(value) || isAttemptId(value))
}

/** The columns of the terminal that a command writes to; without one, lines may be of any length. */
export function terminalWidth({ isTTY, columns }: { isTTY?: boolean; columns?: number } = process.stdout): number {
  return isTTY && columns ? columns : Number.POSITIVE_INFINITY
}

/** The widths of the columns that are shown: all of them, the widest ones cut, or as many as there is room for. */
function columnWidths(natural: readonly number[], whole: readonly boolean[], room: number): number[] {
  const capped = (cap: number) => natural.map((each, i) => (whole[i] ? each : Math.min(each, cap)))
  const total = (widths: readonly number[]) => widths.reduce((sum, each) => sum + each + GAP.length, -GAP.length)
  let cap = Math.max(LEAST, ...natural)
  if (total(capped(cap)) <= room) return capped(cap)
  while (cap > LEAST && total(capped(cap)) > room) cap--
  const widths = capped(cap)
  while (widths.length > 1 && total(widths) + (widths.length < natural.length ? GAP.length + 1 : 0) > room) widths.pop()
  return widths
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return visibleLine(text)
}
