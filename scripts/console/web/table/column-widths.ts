/** How wide columns are in pixels, without and with what their texts need. */
const NARROWEST = 48
const WIDEST_AT_FIRST = 340
/** Room beside the text of a cell, and of a header with its handle. */
const BESIDE = 24

/** The widths of a table's columns: as wide as their first rows need, or as the reader wants them, which is kept. */
export class ColumnWidths {
  readonly #name: string
  readonly #columns: readonly string[]
  readonly #widths: number[]
  readonly #chosen: Record<string, number>

  /** `name` is the table's: readers' widths are kept by it. */
  constructor(name: string, columns: readonly string[]) {
    this.#name = `silversmith widths ${name}`
    this.#columns = columns
    this.#chosen = readChosen(this.#name)
    this.#widths = columns.map(column => this.#chosen[column] ?? NARROWEST)
  }

  /** Makes the columns as wide as some of their texts need; those that the reader has chosen stay. */
  fit(widthsOfTexts: readonly (readonly number[])[], least: Readonly<Record<string, number>>): void {
    for (const [i, column] of this.#columns.entries()) {
      if (this.#chosen[column] !== undefined) continue
      const wanted = Math.max(NARROWEST, ...(widthsOfTexts[i] ?? [])) + BESIDE
      this.#widths[i] = Math.max(least[column] ?? 0, Math.min(WIDEST_AT_FIRST, Math.ceil(wanted)))
    }
  }

  /** Makes a column as wide as the reader wants it. */
  choose(i: number, width: number): void {
    const column = this.#columns[i]
    if (column === undefined) return
    const chosen = Math.max(NARROWEST, Math.round(width))
    this.#widths[i] = chosen
    this.#chosen[column] = chosen
    try {
      localStorage.setItem(this.#name, JSON.stringify(this.#chosen))
    } catch {
      // a browser that keeps nothing: they last as long as the page
    }
  }

  of(i: number): number {
    return this.#widths[i] ?? NARROWEST
  }

  /** Where a column begins. */
  before(i: number): number {
    return this.#widths.slice(0, i).reduce((sum, width) => sum + width, 0)
  }

  get all(): readonly number[] {
    return this.#widths
  }
}

function readChosen(name: string): Record<string, number> {
  try {
    const known: unknown = JSON.parse(localStorage.getItem(name) ?? '{}')
    if (typeof known !== 'object' || known === null) return {}
    return Object.fromEntries(Object.entries(known).filter(([, width]) => width >= NARROWEST))
  } catch {
    return {}
  }
}
