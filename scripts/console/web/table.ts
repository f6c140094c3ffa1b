import HighTable, { createEventTarget, type DataFrame, type DataFrameEvents } from 'hightable'
import { createElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { visibleLine } from '../../../functions/base/visible.ts'

/** What a table is called, where its cells lead, and how wide some of its columns are at least, in pixels. */
interface TableLook {
  readonly name: string
  readonly link?: CellLink
  readonly widths?: Readonly<Record<string, number>>
}

/** Rows that are asked for as they come into sight. */
export interface RowSource {
  readonly columns: readonly string[]
  readonly rows: number
  /** The rows from one on and before another, each with its values in the order of the columns. */
  fetch(start: number, end: number): Promise<readonly (readonly unknown[])[]>
}

/** Where a cell leads, if anywhere. */
export type CellLink = (column: string, value: unknown) => string | undefined

/** A table of fewer rows is as high as they are, in pixels. */
const FEW = 10
const ROW = 33
const HEAD = 54

/** Rows that are asked for at once. */
const PAGE = 200

/** Shows a table of any length in an element: only what is in sight is fetched and drawn. Returns what ends it. */
export function showTable(
  element: Element,
  source: RowSource,
  { name, link = () => undefined, widths = {} }: TableLook,
): () => void {
  const root = createRoot(element)
  const columns = [...source.columns]
  const renderCellContent = ({
    cell,
    col,
  }: {
    readonly cell?: { value: unknown }
    readonly col: number
  }): ReactNode => {
    if (!cell) return null
    const href = link(columns[col] ?? '', cell.value)
    const text = cellText(cell.value)
    if (cell.value === null || cell.value === undefined) return createElement('span', { className: 'null' }, 'null')
    return href === undefined ? text : createElement('a', { href, tabIndex: -1 }, text)
  }
  const problem = (error: unknown) => {
    if (error instanceof Error && error.name !== 'AbortError') element.setAttribute('data-problem', error.message)
  }
  element.setAttribute('aria-label', name)
  if (element instanceof HTMLElement && source.rows < FEW) element.style.height = `${source.rows * ROW + HEAD}px`
  root.render(
    createElement(HighTable, {
      ...{ data: frameOf(source), focus: false, cacheKey: `silversmith ${name}`, overscan: 4 },
      ...{ renderCellContent, stringify: cellText, onError: problem },
      columnConfiguration: Object.fromEntries(
        Object.entries(widths).map(([column, minWidth]) => [column, { minWidth }]),
      ),
      // Enter follows what a cell leads to
      onKeyDownCell: (event: { readonly key: string; readonly currentTarget: Element }) => {
        if (event.key === 'Enter') event.currentTarget.querySelector('a')?.click()
      },
    }),
  )
  const observer = new MutationObserver(() => mendHeader(element))
  observer.observe(element, { childList: true, subtree: true })
  return () => {
    observer.disconnect()
    root.unmount()
  }
}

/** hightable's header has attributes that ARIA does not allow there: a screen reader would be told of a box to check. */
function mendHeader(element: Element): void {
  for (const corner of element.querySelectorAll('thead td[aria-checked]')) corner.removeAttribute('aria-checked')
  for (const handle of element.querySelectorAll('thead [aria-orientation]')) handle.removeAttribute('aria-orientation')
}

/** A source as hightable asks for it: a page at a time, each once. */
function frameOf(source: RowSource): DataFrame {
  const eventTarget = createEventTarget<DataFrameEvents>()
  const pages = new Map<number, readonly (readonly unknown[])[] | Promise<void>>()
  const at = new Map(source.columns.map((name, i) => [name, i]))
  const load = async (page: number): Promise<void> => {
    const start = page * PAGE
    try {
      pages.set(page, await source.fetch(start, Math.min(source.rows, start + PAGE)))
      eventTarget.dispatchEvent(new CustomEvent('resolve'))
    } catch (error) {
      pages.delete(page)
      throw error
    }
  }
  return {
    columnDescriptors: source.columns.map(name => ({ name })),
    numRows: source.rows,
    eventTarget,
    getRowNumber: ({ row }) => ({ value: row }),
    getCell: ({ row, column }) => {
      const page = pages.get(Math.floor(row / PAGE))
      const values = Array.isArray(page) ? page[row % PAGE] : undefined
      return values && { value: values[at.get(column) ?? -1] }
    },
    fetch: async ({ rowStart, rowEnd }) => {
      const wanted: Promise<void>[] = []
      for (let page = Math.floor(rowStart / PAGE); page * PAGE < rowEnd; page++) {
        const known = pages.get(page)
        if (known instanceof Promise) wanted.push(known)
        if (known !== undefined) continue
        const loading = load(page)
        pages.set(page, loading)
        wanted.push(loading)
      }
      await Promise.all(wanted)
    },
  }
}

/** A value as a text on one line; what a reader can't see is shown as `\u001b`. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no time' : value.toISOString().replace('T', ' ')
  if (typeof value === 'number' || typeof value === 'bigint')
    return value.toLocaleString('en-US', { maximumFractionDigits: 10 })
  if (value instanceof Uint8Array)
    return [...value.subarray(0, 32)].map(byte => byte.toString(16).padStart(2, '0')).join('')
  if (typeof value !== 'object') return visibleLine(String(value))
  return visibleLine(JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? String(each) : each)))
}
