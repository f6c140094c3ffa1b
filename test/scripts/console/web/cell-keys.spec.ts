import assert from 'node:assert/strict'
import { cellAfter, widerBy } from '../../../../scripts/console/web/table/cell-keys.ts'

const grid = { rows: 100, columns: 5, page: 20 }
const press = (key: string, held: 'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey' | '' = '') => ({
  ...{ key, ctrlKey: false, shiftKey: false, altKey: false, metaKey: false },
  ...(held !== '' && { [held]: true }),
})

describe('the keys of a table', () => {
  it('lead from cell to cell', () => {
    const from = { row: 50, column: 3 }
    const to = (key: string, held: 'ctrlKey' | '' = '') => Object.values(cellAfter(from, press(key, held), grid) ?? {})
    assert.deepEqual(
      ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].map(key => to(key)),
      [
        [49, 3],
        [51, 3],
        [50, 2],
        [50, 4],
      ],
    )
    assert.deepEqual(
      ['PageUp', 'PageDown', 'Home', 'End'].map(key => to(key)),
      [
        [30, 3],
        [70, 3],
        [50, 0],
        [50, 5],
      ],
    )
    assert.deepEqual(
      ['Home', 'End', 'ArrowDown', 'ArrowLeft'].map(key => to(key, 'ctrlKey')),
      [
        [0, 0],
        [99, 5],
        [99, 3],
        [50, 0],
      ],
    )
  })

  it('lead no further than the last cell', () => {
    assert.deepEqual(cellAfter({ row: 95, column: 0 }, press('PageDown'), grid), { row: 99, column: 0 })
    assert.deepEqual(cellAfter({ row: 0, column: 0 }, press('ArrowLeft'), grid), { row: 0, column: 0 })
  })

  it('leave other keys to the browser', () => {
    assert.equal(cellAfter({ row: 1, column: 1 }, press('a'), grid), undefined)
    assert.equal(cellAfter({ row: 1, column: 1 }, press('ArrowLeft', 'altKey'), grid), undefined)
  })

  it('make a column wider or narrower', () => {
    assert.deepEqual(
      [press('ArrowRight', 'shiftKey'), press('ArrowLeft', 'shiftKey'), press('ArrowRight')].map(widerBy),
      [20, -20, 0],
    )
  })
})
