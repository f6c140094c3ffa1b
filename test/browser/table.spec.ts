import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { readLog } from '../../functions/log/read.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { describePage, settled, violations } from './open-browser.ts'

const ROWS = 1_000_000

/** The page of a batch that has so many bronze files as far as the page can tell. */
async function openLongBatch(page: Page, root: string): Promise<void> {
  const { store, layout } = await openLake({ lake: root })
  const [batch] = [...(await readLog(store, layout)).state.batches.keys()]
  await page.route('**/api/batch?*', async route => {
    const answer = await (await route.fetch()).json()
    const lines = answer.lines.map((line: object) => ({ ...line, bronzeFiles: ROWS, parkedFiles: 0 }))
    await route.fulfill({ json: { ...answer, lines } })
  })
  await page.route('**/api/batch/files?*', async route => {
    const asked = new URL(route.request().url()).searchParams
    const [offset, limit] = [Number(asked.get('offset')), Number(asked.get('limit'))]
    const rows = { read: 10, filtered: 0, nullKey: 0, unmatched: 0, matched: 10, written: 10 }
    const file = { size: 1000, silver: 'part-00000.parquet', rows, modified: '2026-10-01T00:00:00.000Z' }
    const files = Array.from({ length: limit }, (_, i) => ({ ...file, key: `bronze/reviews/${offset + i}.parquet` }))
    await route.fulfill({ json: { total: ROWS, files } })
  })
  await page.goto(new URL(`/batch/${batch}`, page.url()).href)
  await settled(page)
}

describePage('a table of a million rows', { refusals: true }, open => {
  const focused = (text: string) =>
    open().page.waitForFunction(wanted => document.activeElement?.textContent === wanted, text)
  /** The numbers of the rows that lie in the box, in the order in which a screen reader has them. */
  const inSight = () =>
    open().page.evaluate(() => {
      const box = document.querySelector('#file-list .rows')?.getBoundingClientRect()
      const rows = [...document.querySelectorAll<HTMLElement>('#file-list tbody tr:not([hidden])')]
      const seen = rows.filter(row => {
        const { top, bottom } = row.getBoundingClientRect()
        return box && top < box.bottom && bottom > box.top + 34
      })
      return seen.map(row => Number(row.getAttribute('aria-rowindex')) - 1)
    })

  beforeEach(async () => {
    const { page, root } = open()
    await openLongBatch(page, root)
  })

  it('has few elements, in their order, and no fault of accessibility', async () => {
    const { page } = open()
    assert.deepEqual((await inSight()).slice(0, 3), [1, 2, 3])
    for (const by of [400, 700, -300, 9000, -200]) {
      await page.evaluate(move => document.querySelector('#file-list .rows')?.scrollBy(0, move), by)
      await settled(page)
      const seen = await inSight()
      assert.deepEqual(
        seen,
        seen.map((_, i) => Number(seen[0]) + i),
      )
    }
    assert((await page.locator('#file-list tbody tr').count()) < 40)
    assert.equal(await page.locator('#file-list table').getAttribute('aria-rowcount'), String(ROWS + 1))
    assert.deepEqual(await violations(page), [])
  })

  it('leads to its last row by a key, and up from there row by row', async () => {
    const { page } = open()
    await page.locator('#file-list [tabindex="0"]').focus()
    await page.keyboard.press('Control+ArrowDown')
    await focused('1,000,000')
    await settled(page)
    assert.equal((await inSight()).at(-1), ROWS)
    assert.equal(
      await page
        .locator(`#file-list tr[aria-rowindex="${ROWS + 1}"] td`)
        .first()
        .textContent(),
      'bronze/reviews/999999.parquet',
    )
    for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowUp')
    await focused('999,988')
    assert.equal((await inSight())[0], ROWS - 12)
    await page.keyboard.press('PageUp')
    await page.keyboard.press('Control+Home')
    await focused('1')
    assert.equal((await inSight())[0], 1)
  })

  it('scrolls to its end and by the wheel', async () => {
    const { page } = open()
    await page.evaluate(() => document.querySelector('#file-list .rows')?.scrollTo(0, 4_000_000))
    await settled(page)
    const [middle = 0] = await inSight()
    assert(middle > 400_000 && middle < 600_000)
    await page.locator('#file-list').hover()
    await page.mouse.wheel(0, 330)
    await page.waitForFunction(row => document.querySelector(`#file-list tr[aria-rowindex="${row}"]`), middle + 10 + 1)
    await page.evaluate(() => document.querySelector('#file-list .rows')?.scrollTo(0, 8_000_000))
    await page.waitForFunction(row => document.querySelector(`#file-list tr[aria-rowindex="${row}"]`), ROWS + 1)
    await settled(page)
    assert.equal((await inSight()).at(-1), ROWS)
  })

  it('gives the focus back when its cell has left and comes into sight again', async () => {
    const { page } = open()
    await page.locator('#file-list [tabindex="0"]').focus()
    await page.keyboard.press('ArrowDown')
    await focused('2')
    await page.evaluate(() => document.querySelector('#file-list .rows')?.scrollTo(0, 100_000))
    await page.waitForFunction(() => document.activeElement?.className === 'rows')
    await page.keyboard.press('ArrowDown')
    await focused('3')
  })

  it('keeps the width that the reader gives a column', async () => {
    const { page, root } = open()
    const width = () => page.locator('#file-list th[title="read"]').evaluate(cell => cell.getBoundingClientRect().width)
    const before = await width()
    await page.locator('#file-list [tabindex="0"]').focus()
    for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight'])
      await page.keyboard.press(key)
    assert.equal(await width(), before + 40)
    const handle = await page.locator('#file-list th[title="read"] i').boundingBox()
    assert(handle)
    await page.mouse.move(handle.x + 4, handle.y + 10)
    await page.mouse.down()
    await page.mouse.move(handle.x + 34, handle.y + 10)
    await page.mouse.up()
    assert.equal(await width(), before + 70)
    await openLongBatch(page, root)
    assert.equal(await width(), before + 70)
  })

  it('says when rows cannot be had', async () => {
    const { page } = open()
    await page.route('**/api/batch/files?*', route =>
      route.fulfill({ status: 400, json: { error: 'the log is gone' } }),
    )
    await page.evaluate(() => document.querySelector('#file-list .rows')?.scrollTo(0, 2_000_000))
    await page.locator('#file-list[data-problem="the log is gone"]').waitFor()
  })
})
