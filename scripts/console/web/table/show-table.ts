import { ColumnWidths } from './column-widths.ts'
import { type CellLink, drawnText, part } from './row-pool.ts'
import type { RowSource } from './row-source.ts'
import { ScrolledRows } from './scrolled-rows.ts'

/** What a table is called, where its cells lead, and how wide some of its columns are at least, in pixels. */
export interface TableLook {
  readonly name: string
  readonly link?: CellLink
  readonly widths?: Readonly<Record<string, number>>
}

/** A table of fewer rows is as high as they are, in pixels, with its frame and a bar to scroll it by. */
const FEW = 10
const FRAME = 18
/** Rows after whose texts columns are made wide. */
const MEASURED = 100

/** Shows a table of any length in an element: only what is in sight is fetched and drawn. Returns what ends it. */
export function showTable(
  element: Element,
  source: RowSource,
  { name, link = () => undefined, widths: least = {} }: TableLook,
): () => void {
  const widths = new ColumnWidths(name, source.columns)
  const rows = new ScrolledRows({
    ...{ source, link, widths, name, header: headerOf(source.columns, (i, event) => drag(i, event)) },
    arrange: () => arrange(),
    loaded: first => fitTo(first),
    failed: error => {
      if (error instanceof Error && error.name !== 'AbortError') element.setAttribute('data-problem', error.message)
    },
  })
  const arrange = () => {
    const tracks = widths.all.map((width, i) => (i < widths.all.length - 1 ? `${width}px` : `minmax(${width}px, 1fr)`))
    rows.table.style.setProperty('--columns', `var(--number) ${tracks.join(' ')}`)
    rows.table.style.setProperty('--width', `calc(var(--number) + ${widths.before(widths.all.length)}px)`)
  }
  const fitTo = (values: readonly (readonly unknown[])[]) => {
    const measure = measureOf(rows.table)
    const some = values.slice(0, MEASURED)
    widths.fit(
      source.columns.map((column, i) => [measure(column), ...some.map(row => measure(drawnText(row[i])))]),
      least,
    )
    arrange()
  }
  const drag = (i: number, event: PointerEvent) => {
    const handle = event.currentTarget
    if (!(handle instanceof HTMLElement) || event.button !== 0) return
    event.preventDefault()
    handle.setPointerCapture(event.pointerId)
    const from = widths.of(i) - event.clientX
    const move = (to: PointerEvent) => {
      widths.choose(i, from + to.clientX)
      arrange()
    }
    handle.addEventListener('pointermove', move)
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), { once: true })
  }
  element.setAttribute('aria-label', name)
  if (element instanceof HTMLElement && source.rows < FEW) element.style.height = `${rows.height + FRAME}px`
  element.replaceChildren(rows.box)
  fitTo([])
  return rows.start()
}

function headerOf(columns: readonly string[], drag: (i: number, event: PointerEvent) => void): HTMLElement {
  const head = part('thead', 'rowgroup')
  const row = part('tr', 'row')
  row.setAttribute('aria-rowindex', '1')
  const corner = part('td', 'gridcell')
  corner.setAttribute('aria-colindex', '1')
  const cells = columns.map((column, i) => {
    const cell = part('th', 'columnheader')
    cell.setAttribute('aria-colindex', String(i + 2))
    cell.title = column
    const label = document.createElement('span')
    label.textContent = column
    const handle = document.createElement('i')
    handle.setAttribute('aria-hidden', 'true')
    handle.addEventListener('pointerdown', event => drag(i, event))
    cell.append(label, handle)
    return cell
  })
  row.append(corner, ...cells)
  head.append(row)
  return head
}

/** Measures how many pixels a text takes in a table. */
function measureOf(table: Element): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return text => text.length * 8
  const { fontFamily, fontSize } = getComputedStyle(table)
  context.font = `${fontSize} ${fontFamily}`
  return text => context.measureText(text).width
}
