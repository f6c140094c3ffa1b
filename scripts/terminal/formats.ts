import type { Json } from '@duckdb/node-api'
import type { RowStream } from '../../functions/adapters/duckdb/collect.ts'
import { uniqueNames } from '../../functions/adapters/duckdb/statement.ts'
import { count, many } from '../../functions/base/text.ts'
import { visible } from '../../functions/base/visible.ts'
import { type LaidTable, layTable } from './table.ts'

/** What the rows of a query can be written as, but for Parquet, which is not text. */
export const TEXT_FORMATS = ['table', 'json', 'csv'] as const
export type TextFormat = (typeof TEXT_FORMATS)[number]

/** Rows that a terminal shows from the beginning and from the end of a result, as many as DuckDB's shell. */
const SHOWN = 20

/** The rows as a text in pieces, each as soon as its rows are there. `width` is that of a terminal, infinite without one. */
export function textOf(format: TextFormat, stream: RowStream, width: number): AsyncIterable<string> {
  if (format === 'json') return jsonText(stream)
  if (format === 'csv') return csvText(stream)
  // a plan is a drawing of many lines, which no cell can hold
  if (stream.columns[0] === 'explain_key') return planText(stream)
  return Number.isFinite(width) ? tableExcerpt(stream, width) : wholeTable(stream)
}

async function* planText({ pages }: RowStream): AsyncGenerator<string> {
  for await (const page of pages) for (const [, plan] of page) yield `${plan}\n`
}

/** An array of objects, a line each; columns of one name are kept apart, and what a terminal obeys is escaped. */
async function* jsonText({ columns, pages }: RowStream): AsyncGenerator<string> {
  const names = uniqueNames(columns)
  let before = '['
  for await (const page of pages) {
    const rows = page.map(row => JSON.stringify(Object.fromEntries(names.map((name, i) => [name, row[i]]))))
    yield visible(before + rows.join(',\n'))
    before = ',\n'
  }
  yield before === '[' ? '[]\n' : ']\n'
}

/** CSV as RFC 4180 has it, but with `\n`: NULL is nothing, an empty text is `""`, nested values are JSON. */
async function* csvText({ columns, pages }: RowStream): AsyncGenerator<string> {
  yield `${columns.map(csvCell).join(',')}\n`
  for await (const page of pages) yield page.map(row => `${row.map(csvCell).join(',')}\n`).join('')
}

function csvCell(value: Json): string {
  if (value === null) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Every row; the columns are as wide as those of the first page want them. */
async function* wholeTable({ columns, pages }: RowStream): AsyncGenerator<string> {
  let line: ((row: readonly unknown[]) => string) | undefined
  for await (const page of pages) {
    if (!line) {
      const laid = layTable(columns, page)
      line = laid.line
      yield `${laid.head}\n`
    }
    yield `${page.map(line).join('\n')}\n`
  }
  if (!line) yield `${layTable(columns, []).head}\n`
}

/** The first rows and the last ones, and how many there are; all of them where they are few. */
async function* tableExcerpt({ columns, pages }: RowStream, width: number): AsyncGenerator<string> {
  let rows = 0
  const first: (readonly Json[])[] = []
  let last: (readonly Json[])[] = []
  let laid: LaidTable | undefined
  for await (const page of pages) {
    rows += page.length
    const missing = 2 * SHOWN - first.length
    if (missing > 0) first.push(...page.slice(0, missing))
    last = [...last, ...page.slice(-SHOWN)].slice(-SHOWN)
    if (laid || rows <= 2 * SHOWN) continue
    // the first rows are shown at once, however many there are to come
    laid = layTable(columns, first, width)
    yield `${[laid.head, ...first.slice(0, SHOWN).map(laid.line)].join('\n')}\n`
  }
  const isCut = laid !== undefined
  laid ??= layTable(columns, first, width)
  const tail = isCut ? ['·', '·', '·', ...last.map(laid.line)] : [laid.head, ...first.map(laid.line)]
  const counts = [
    `${many(rows, 'row')}${isCut ? ` (${count(2 * SHOWN)} shown)` : ''}`,
    ...(laid.columns < columns.length ? [`${many(columns.length, 'column')} (${count(laid.columns)} shown)`] : []),
  ]
  yield `${tail.join('\n')}\n${counts.join(', ')}\n`
}
