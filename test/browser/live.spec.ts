import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { once } from '../../functions/base/once.ts'
import type { Store } from '../../functions/lake/store.ts'
import { customersFile, reviewsFile } from '../../scripts/demo/bronze-file.ts'
import { makeCustomers, makeReviews } from '../../scripts/demo/rows.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { runLocal } from '../../scripts/local/run-local.ts'
import { settingsOf, silverSql } from './lived-directory.ts'
import { describePage } from './open-browser.ts'

const ROWS = 300

const freshLake = once(async () => {
  const root = join(await mkdtemp(join(tmpdir(), 'silversmith-live-')), 'lake')
  const store = new DirectoryStore(root)
  await store.put('bronze/customers/a.parquet', customersFile(makeCustomers(100, 1)))
  for (const name of ['a', 'b']) {
    const rows = makeReviews(ROWS, 100, Date.UTC(2026, 9, 1), name.charCodeAt(0))
    await store.put(`bronze/reviews/${name}.parquet`, reviewsFile(rows))
  }
  return root
})

/** A store that gives the customers to the join only once it is let. */
function gated(store: Store, gate: Promise<void>): Store {
  return new Proxy(store, {
    get: (target, name) => {
      const value = Reflect.get(target, name)
      if (name !== 'get') return typeof value === 'function' ? value.bind(target) : value
      return async (key: string, options: Parameters<Store['get']>[1]) => {
        if (key.endsWith('.snapshot')) await gate
        return target.get(key, options)
      }
    },
  })
}

describePage('the console while a run goes on', { root: freshLake }, open => {
  after(async () => rm(join(await freshLake(), '..'), { recursive: true }))

  it('shows it from its start to its end, without being asked', async () => {
    const { page, go, root } = open()
    await go('/')
    await page.getByText('No run yet').waitFor()
    const lake = await openLake({ lake: root })
    const gate = Promise.withResolvers<void>()
    const settings = await settingsOf(await silverSql(), 1)
    const run = runLocal({ lake: { ...lake, store: gated(lake.store, gate.promise) }, input: {}, settings })
    await page.getByText('A run is working').waitFor()
    await page.getByText('0 of 1 item done').waitFor()
    assert.match((await page.locator('.state.running').textContent()) ?? '', /^\s*JoinFiles/)
    gate.resolve()
    await run
    await page.getByText('The last run', { exact: true }).waitFor()
    await page.getByText(/[\d,]+ rows in silver/).waitFor()
    const { totals } = await page.evaluate(async () => (await fetch('/api/now')).json())
    assert.match((await page.locator('.verdict').last().textContent()) ?? '', new RegExp(`^${totals.rows} `))
    assert(totals.rows > ROWS)
  })
})
