import assert from 'node:assert/strict'
import { PAGE_ROWS, RowPages } from '../../../../scripts/console/web/table/row-pages.ts'

/** A source of a million rows that answers when it is let, and what was asked of it. */
function waitingSource() {
  const asked: { readonly start: number; readonly end: number; readonly answer: PromiseWithResolvers<void> }[] = []
  const told = { loaded: 0, failed: 0 }
  const source = {
    columns: ['row'],
    rows: 1_000_000,
    fetch: async (start: number, end: number) => {
      const answer = Promise.withResolvers<void>()
      asked.push({ start, end, answer })
      await answer.promise
      return Array.from({ length: end - start }, (_, i) => [start + i])
    },
  }
  const pages = new RowPages(source, { loaded: () => told.loaded++, failed: () => told.failed++ })
  const answer = async (i: number, error?: Error) => {
    const before = told.loaded + told.failed
    if (error) asked[i]?.answer.reject(error)
    else asked[i]?.answer.resolve()
    while (told.loaded + told.failed === before) await Promise.resolve()
    await Promise.resolve()
  }
  return { pages, asked, told, answer }
}

describe('the pages of a table', () => {
  it('are asked for once, as their rows are wanted', async () => {
    const { pages, asked, told, answer } = waitingSource()
    pages.want(0, 30)
    pages.want(10, 40)
    assert.deepEqual(
      asked.map(({ start, end }) => [start, end]),
      [[0, PAGE_ROWS]],
    )
    assert.equal(pages.row(12), undefined)
    await answer(0)
    assert.deepEqual([told.loaded, pages.row(12), pages.row(PAGE_ROWS)], [1, [12], undefined])
    pages.want(0, 30)
    assert.equal(asked.length, 1)
  })

  it('that a quick scroll has passed are not asked for: two at once, and then those in sight', async () => {
    const { pages, asked, answer } = waitingSource()
    for (let row = 0; row < 500_000; row += 5000) pages.want(row, row + 20)
    assert.equal(asked.length, 2)
    await answer(0)
    assert.equal(asked[2]?.start, 495_000)
    await answer(1)
    await answer(2)
    assert.equal(asked.length, 3)
    assert.deepEqual(pages.row(495_000), [495_000])
  })

  it('are asked for again when they could not be had and are wanted again', async () => {
    const { pages, asked, told, answer } = waitingSource()
    pages.want(0, 20)
    await answer(0, new Error('the server is gone'))
    assert.deepEqual([told.failed, asked.length], [1, 1])
    pages.want(0, 20)
    await answer(1)
    assert.deepEqual(pages.row(3), [3])
  })

  it('are kept as far as there is room, those that were wanted last', async () => {
    const { pages, asked, answer } = waitingSource()
    for (let page = 0; page < 80; page++) {
      pages.want(page * PAGE_ROWS, page * PAGE_ROWS + 1)
      await answer(page)
      pages.want(0, 1)
    }
    assert.deepEqual([pages.row(0), pages.row(79 * PAGE_ROWS)], [[0], [79 * PAGE_ROWS]])
    assert.equal(pages.row(PAGE_ROWS), undefined)
    assert.equal(asked.length, 80)
  })
})
