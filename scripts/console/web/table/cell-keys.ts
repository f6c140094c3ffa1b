/** A cell by its row and its column; column 0 is the row's number. */
export interface CellPlace {
  readonly row: number
  readonly column: number
}

/** How many rows and columns there are, and how many rows a page has. */
export interface CellGrid {
  readonly rows: number
  readonly columns: number
  readonly page: number
}

type Key = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** Where a key leads from a cell; undefined for a key that leads nowhere. */
export function cellAfter({ row, column }: CellPlace, key: Key, grid: CellGrid): CellPlace | undefined {
  if (key.altKey || key.metaKey || key.shiftKey) return undefined
  const all = key.ctrlKey
  const [lastRow, lastColumn] = [grid.rows - 1, grid.columns]
  const moved: Readonly<Record<string, CellPlace>> = {
    ArrowUp: { row: all ? 0 : row - 1, column },
    ArrowDown: { row: all ? lastRow : row + 1, column },
    ArrowLeft: { row, column: all ? 0 : column - 1 },
    ArrowRight: { row, column: all ? lastColumn : column + 1 },
    Home: { row: all ? 0 : row, column: 0 },
    End: { row: all ? lastRow : row, column: lastColumn },
    PageUp: { row: row - grid.page, column },
    PageDown: { row: row + grid.page, column },
  }
  const to = moved[key.key]
  return to && { row: between(to.row, lastRow), column: between(to.column, lastColumn) }
}

/** By how many pixels a key makes the column of a cell wider: Shift with an arrow. */
export function widerBy({ key, shiftKey, altKey, ctrlKey, metaKey }: Key): number {
  if (!shiftKey || altKey || ctrlKey || metaKey) return 0
  return key === 'ArrowRight' ? WIDER : key === 'ArrowLeft' ? -WIDER : 0
}

const WIDER = 20

function between(at: number, last: number): number {
  return Math.max(0, Math.min(at, last))
}
