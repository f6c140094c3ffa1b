import { cellText } from './cell-text.ts'

/** Where a cell leads, if anywhere. */
export type CellLink = (column: string, value: unknown) => string | undefined

/** Characters of a cell that are drawn: the browser would shape all of a long text for the few in sight. */
const DRAWN = 500

/** An element of the table, with the role that it has whatever its style displays it as. */
export function part(name: string, role: string): HTMLElement {
  const element = document.createElement(name)
  element.setAttribute('role', role)
  return element
}

/** A text as much of it as is drawn. */
export function drawnText(value: unknown): string {
  const text = cellText(value)
  return text.length > DRAWN ? `${text.slice(0, DRAWN)}…` : text
}

/** The elements of the rows in sight, in their order. They are made once, and filled with other rows as those come into sight. */
export class RowPool {
  readonly body = part('tbody', 'rowgroup')
  readonly #columns: readonly string[]
  readonly #link: CellLink
  #rows: PooledRow[] = []

  constructor(columns: readonly string[], link: CellLink) {
    this.#columns = columns
    this.#link = link
  }

  /**
   * Shows the rows from one on and before another: what each holds, undefined as long as it has not come, and where it stands.
   * What stands as it should is not touched.
   */
  show(
    [first, end]: readonly [number, number],
    valuesOf: (row: number) => readonly unknown[] | undefined,
    topOf: (row: number) => number,
  ): void {
    this.#provide(end - first)
    this.#turn(first)
    for (const [i, pooled] of this.#rows.entries()) {
      const row = first + i
      if (row < end) pooled.show(row, topOf(row), valuesOf(row))
      else pooled.hide()
    }
  }

  /** A cell's element, if its row is in sight; column 0 is the row's number. */
  cell(row: number, column: number): HTMLElement | undefined {
    const pooled = this.#rows.find(each => each.row === row)
    return column === 0 ? pooled?.head : pooled?.cells[column - 1]
  }

  /** The row and the column of an element in it. */
  place(element: Element): { readonly row: number; readonly column: number } | undefined {
    const cell = element.closest<HTMLElement>('td, th')
    if (!cell) return undefined
    const pooled = this.#rows.find(each => each.element === cell.parentElement)
    return pooled && { row: pooled.row, column: pooled.cells.indexOf(cell) + 1 }
  }

  #provide(wanted: number): void {
    while (this.#rows.length < wanted) {
      const row = new PooledRow(this.#columns, this.#link)
      this.#rows.push(row)
      this.body.append(row.element)
    }
  }

  /** After a short way most rows stay: those that have left go to the other end. After a long one all are filled again. */
  #turn(first: number): void {
    const from = this.#rows[0]?.row ?? -1
    const by = first - from
    if (from < 0 || by === 0 || Math.abs(by) > this.#rows.length / 2) return
    const moved = by > 0 ? this.#rows.splice(0, by) : this.#rows.splice(by)
    const elements = moved.map(({ element }) => element)
    if (by > 0) this.body.append(...elements)
    else this.body.prepend(...elements)
    this.#rows = by > 0 ? [...this.#rows, ...moved] : [...moved, ...this.#rows]
  }
}

/** One row's elements, and what they show. */
class PooledRow {
  readonly element = part('tr', 'row')
  readonly head = part('th', 'rowheader')
  readonly cells: readonly HTMLElement[]
  row = -1
  readonly #columns: readonly string[]
  readonly #link: CellLink
  #top = -1
  #values: readonly unknown[] | undefined | null = null

  constructor(columns: readonly string[], link: CellLink) {
    this.#columns = columns
    this.#link = link
    this.cells = columns.map(() => part('td', 'gridcell'))
    for (const [i, cell] of [this.head, ...this.cells].entries()) {
      cell.tabIndex = -1
      cell.setAttribute('aria-colindex', String(i + 1))
      this.element.append(cell)
    }
  }

  show(row: number, top: number, values: readonly unknown[] | undefined): void {
    if (this.row !== row) {
      if (this.row < 0) this.element.hidden = false
      this.row = row
      this.element.setAttribute('aria-rowindex', String(row + 2)) // the header is the first
      setText(this.head, cellText(row + 1))
    }
    if (this.#top !== top) {
      this.#top = top
      this.element.style.top = `${top}px`
    }
    if (this.#values === values) return
    if (!values) this.element.setAttribute('aria-busy', 'true')
    else if (!this.#values) this.element.removeAttribute('aria-busy')
    this.#values = values
    for (const [i, cell] of this.cells.entries()) this.#fill(cell, this.#columns[i] ?? '', values?.[i], !values)
  }

  hide(): void {
    if (this.row < 0) return
    this.row = -1
    this.element.hidden = true
  }

  #fill(cell: HTMLElement, column: string, value: unknown, isUnknown: boolean): void {
    const isNull = !isUnknown && (value === null || value === undefined)
    if (isNull !== cell.classList.contains('null')) cell.classList.toggle('null', isNull)
    const href = isUnknown || isNull ? undefined : this.#link(column, value)
    if (href === undefined) {
      setText(cell, isNull ? 'null' : drawnText(value))
      return
    }
    let link = cell.firstElementChild
    if (!link) {
      link = document.createElement('a')
      link.setAttribute('tabindex', '-1')
      cell.replaceChildren(link)
    }
    link.setAttribute('href', href)
    setText(link, drawnText(value))
  }
}

/** Puts a text in the place of what an element holds. */
function setText(element: Element, text: string): void {
  const { firstChild } = element
  if (!(firstChild instanceof Text)) element.textContent = text
  else if (firstChild.data !== text) firstChild.data = text
}
