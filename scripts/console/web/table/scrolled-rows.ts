import { type CellPlace, cellAfter, widerBy } from './cell-keys.ts'
import { cellText } from './cell-text.ts'
import type { ColumnWidths } from './column-widths.ts'
import { RowPages } from './row-pages.ts'
import { type CellLink, part, RowPool } from './row-pool.ts'
import type { RowSource } from './row-source.ts'
import { canvasHeight, movedPlace, placeAt, type ScrollPlace, type ScrollSize } from './scroll-place.ts'

/** Heights of a row and of the header in pixels, and the width of a row's number: as style/table.css has them. */
const ROW = 33
const HEAD = 34
/** Rows drawn above and below those in sight, and rows fetched there. */
const AROUND = 3
const AHEAD = 40

interface ScrolledOptions {
  readonly source: RowSource
  readonly link: CellLink
  readonly widths: ColumnWidths
  readonly name: string
  readonly header: HTMLElement
  /** Called when a column has another width. */
  readonly arrange: () => void
  /** Called once, with the first rows that have come. */
  readonly loaded: (rows: readonly (readonly unknown[])[]) => void
  readonly failed: (error: unknown) => void
}

/** A box in which a table's rows scroll, and in which keys lead from cell to cell. */
export class ScrolledRows {
  readonly box = document.createElement('div')
  readonly table = part('table', 'grid')
  readonly #options: ScrolledOptions
  readonly #pool: RowPool
  readonly #pages: RowPages
  #boxHeight = 0
  #place: ScrollPlace = { scrollTop: 0, top: 0 }
  #current: CellPlace = { row: 0, column: 0 }
  #marked: HTMLElement | undefined
  #isMeasured = false
  #isAside = false

  constructor(options: ScrolledOptions) {
    this.#options = options
    const { source, link, name, header, failed } = options
    this.#pool = new RowPool(source.columns, link)
    this.#pages = new RowPages(source, { loaded: () => this.#loaded(), failed })
    this.box.className = 'rows'
    this.box.tabIndex = 0
    this.table.setAttribute('aria-label', name)
    this.table.setAttribute('aria-rowcount', String(source.rows + 1))
    this.table.setAttribute('aria-colcount', String(source.columns.length + 1))
    this.table.style.setProperty('--number', `${cellText(source.rows).length + 3}ch`)
    this.table.append(header, this.#pool.body)
    this.box.append(this.table)
  }

  /** The height of the whole table in pixels. */
  get height(): number {
    return HEAD + this.#options.source.rows * ROW
  }

  /** Draws the rows, now that the box is in the page, and whenever it scrolls. Returns what ends that. */
  start(): () => void {
    this.table.style.height = `${canvasHeight(this.#size)}px`
    this.box.addEventListener('scroll', () => this.#scrolled(), { passive: true })
    this.box.addEventListener('scrollend', () => this.#put(this.#place.top), { passive: true })
    this.box.addEventListener('keydown', event => this.#pressed(event))
    this.box.addEventListener('focusin', event => this.#focused(event))
    const observer = new ResizeObserver(([entry]) => {
      this.#boxHeight = entry?.contentRect.height ?? 0
      this.#draw()
    })
    observer.observe(this.box)
    return () => observer.disconnect()
  }

  get #size(): ScrollSize {
    return { content: this.height, box: this.#boxHeight }
  }

  #scrolled(): void {
    const { scrollTop, scrollLeft } = this.box
    if (scrollLeft > 0 !== this.#isAside) {
      this.#isAside = scrollLeft > 0
      this.box.classList.toggle('aside', this.#isAside) // numbers that always stick would cost a layer each
    }
    if (scrollTop === this.#place.scrollTop) return
    this.#place = movedPlace(this.#place, scrollTop, this.#size)
    this.#draw()
  }

  /** Scrolls to a pixel of the content. Where it is scaled, the browser's bar goes to where that is. */
  #put(top: number): void {
    const place = placeAt(top, this.#size)
    const isMoved = Math.abs(place.scrollTop - this.#place.scrollTop) >= 1
    if (!isMoved && place.top === this.#place.top) return // asking the box would lay it out
    if (isMoved) this.box.scrollTop = place.scrollTop
    this.#place = { scrollTop: isMoved ? this.box.scrollTop : this.#place.scrollTop, top: place.top }
    this.#draw()
  }

  #draw(): void {
    const { source } = this.#options
    const { top, scrollTop } = this.#place
    const first = Math.max(0, Math.floor(top / ROW) - AROUND)
    const end = Math.min(source.rows, Math.ceil((top + this.#boxHeight - HEAD) / ROW) + AROUND)
    this.#pages.want(Math.max(0, first - AHEAD), end + AHEAD)
    const hadFocus = document.activeElement !== this.box && this.box.contains(document.activeElement)
    const moved = Math.round(scrollTop - top)
    this.#pool.show(
      [first, Math.max(first, end)],
      row => this.#pages.row(row),
      row => HEAD + row * ROW + moved,
    )
    this.#mark(hadFocus)
  }

  #loaded(): void {
    const first = this.#pages.row(0)
    if (!this.#isMeasured && first) {
      this.#isMeasured = true
      const rows = Array.from({ length: Math.min(this.#options.source.rows, AHEAD) }, (_, i) => this.#pages.row(i))
      this.#options.loaded(rows.flatMap(row => (row ? [row] : [])))
    }
    this.#draw()
  }

  /** The current cell is the one that Tab leads to; where its row is out of sight, that is the box. */
  #mark(hasFocus: boolean): void {
    const { row, column } = this.#current
    const cell = this.#pool.cell(row, column)
    if (cell !== this.#marked) {
      if (this.#marked) this.#marked.tabIndex = -1
      if (cell) cell.tabIndex = 0
      this.#marked = cell
      this.box.tabIndex = cell ? -1 : 0
    }
    if (!hasFocus) return
    if (!cell) this.box.focus({ preventScroll: true })
    else if (!cell.contains(document.activeElement)) cell.focus({ preventScroll: true })
  }

  #focused({ target }: FocusEvent): void {
    const place = target instanceof Element && target !== this.box ? this.#pool.place(target) : undefined
    if (!place) return
    this.#current = place
    this.#mark(false)
  }

  #pressed(event: KeyboardEvent): void {
    const { row, column } = this.#current
    const { source, widths, arrange } = this.#options
    const wider = column > 0 ? widerBy(event) : 0
    const grid = { rows: source.rows, columns: source.columns.length, page: this.#rowsInSight }
    const next = wider === 0 ? cellAfter(this.#current, event, grid) : this.#current
    if (wider !== 0) {
      widths.choose(column - 1, widths.of(column - 1) + wider)
      arrange()
    } else if (event.key === 'Enter') this.#pool.cell(row, column)?.querySelector('a')?.click()
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey)) this.#copy()
    if (!next) return
    event.preventDefault()
    this.#current = next
    this.#reveal(next)
    this.#mark(true)
  }

  get #rowsInSight(): number {
    return Math.max(1, Math.floor((this.#boxHeight - HEAD) / ROW))
  }

  /** Scrolls no further than a cell needs to be in sight. */
  #reveal({ row, column }: CellPlace): void {
    const above = row * ROW
    const below = above + ROW + HEAD - this.#boxHeight
    const { top } = this.#place
    if (top > above || top < below) this.#put(top > above ? above : below)
    const { widths } = this.#options
    const number = this.#pool.cell(row, 0)?.offsetWidth ?? 0
    const left = column === 0 ? 0 : widths.before(column - 1)
    const right = column === 0 ? 0 : widths.before(column) + number - this.box.clientWidth
    if (this.box.scrollLeft > left || this.box.scrollLeft < right) {
      this.box.scrollLeft = this.box.scrollLeft > left ? left : right
    }
  }

  /** Takes the whole of the current cell, where nothing else is selected. */
  #copy(): void {
    const { row, column } = this.#current
    const values = this.#pages.row(row)
    if (column === 0 || !values || String(getSelection()) !== '') return
    void navigator.clipboard.writeText(cellText(values[column - 1]))
  }
}
