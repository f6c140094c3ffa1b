import assert from 'node:assert/strict'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { HOSTILE_NAME } from './lived-directory.ts'
import { describePage, keepPicture, violations } from './open-browser.ts'

/** The reports of a lake's commits, as files, by what is in them. */
async function reportsOf(root: string): Promise<{ readonly replaced: string; readonly hostile: string }> {
  const { store, layout } = await openLake({ lake: root })
  const { state } = await readLog(store, layout)
  const found = { replaced: '', hostile: '' }
  for (let version = 0; version <= state.version; version++) {
    const commit = await readCommit(store, layout, version)
    if (!commit || commit.operation === 'abandon') continue
    const file = pathToFileURL(join(root, layout.report(commit))).href
    if (commit.operation === 'replace') found.replaced = file
    if (commit.bronze.some(({ key }) => key.includes(HOSTILE_NAME))) found.hostile = file
  }
  return found
}

for (const colorScheme of ['light', 'dark'] as const) {
  describePage(`the report of a batch, ${colorScheme}`, { colorScheme, files: true }, open => {
    it('is a page of its own, without a fault of accessibility', async () => {
      const { page, root } = open()
      const { replaced, hostile } = await reportsOf(root)
      await page.goto(hostile)
      assert.equal(await page.evaluate(() => 'pwned' in window), false)
      assert.match((await page.locator('main').textContent()) ?? '', /Quarantined.*no Parquet file|onerror=pwned/s)
      assert.deepEqual(await violations(page), [])
      await page.goto(replaced)
      assert.match((await page.locator('main').textContent()) ?? '', /Written again.*met their customer.*customers/s)
      assert.deepEqual(await violations(page), [])
      await keepPicture(page, `report-${colorScheme}`)
    })

    it('fits a phone', async () => {
      const { page, root } = open()
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto((await reportsOf(root)).replaced)
      assert((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390)
    })
  })
}
