import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { describePage, keepPicture, type OpenPage, violations } from './open-browser.ts'

/** Each view by the name of its picture: its address, and what must stand there. */
const VIEWS: Readonly<
  Record<string, { readonly path: (open: OpenPage) => Promise<string>; readonly says: readonly RegExp[] }>
> = {
  now: { path: async () => '/', says: [/Is it fresh\?/, /files in quarantine/, /rows in silver/, /The last \d+ runs/] },
  flow: {
    path: async () => '/flow',
    says: [/rows of bronze/, /met their customer/, /parked, waiting/, /written to silver/],
  },
  batches: { path: async () => '/batches', says: [/commits/, /replace of 0/, /version 7/] },
  batch: {
    path: replaced,
    says: [
      /Written again/,
      /version 0/,
      /Its items over time/,
      /each segment is the sum of its time/,
      /2026-10-01\.parquet/,
    ],
  },
  'batch-query': { path: otherQuery, says: [/Another than that of batch/, /\+ .*city_upper/] },
  rows: { path: async () => '/rows', says: [/product_title/, /customer_name/, /Export Parquet/] },
  'rows-parked': {
    path: async () => '/rows?set=parked',
    says: [/\d+ rows in \d files/, /_silversmith_row|product_title/],
  },
  'rows-quarantined': {
    path: async () => '/rows?set=quarantined',
    says: [/RMISFIT1/, /2 rows can be read/, /nothing of it can be read/],
  },
  'rows-filtered': {
    path: async () => '/rows?column=state&value=TX',
    says: [/rows of those that are asked for/, /WHERE CAST\("state"/],
  },
  'rows-chart': {
    path: async () => '/rows?sql=SELECT+state,COUNT(*)+AS+reviews+FROM+silver.reviews+GROUP+BY+1+ORDER+BY+1',
    says: [/30 rows/],
  },
  trouble: {
    path: async () => '/trouble',
    says: [/3 files in quarantine/, /1 file changed/, /reviews wait/, /never committed/, /most reviews wait/],
  },
  why: { path: parkedReview, says: [/It waits/, /is not known yet/] },
  query: { path: async () => '/query', says: [/looked up/, /computed/, /inner join/, /CREATE EXTERNAL TABLE/] },
}

/** Those that the docs show. */
const PICTURES = new Set(['now', 'flow', 'batches', 'batch', 'rows', 'rows-chart', 'trouble', 'why', 'query'])

async function replaced({ root }: OpenPage): Promise<string> {
  const { state } = await readLog((await openLake({ lake: root })).store, (await openLake({ lake: root })).layout)
  return `/batch/${[...state.batches.keys()][0]}`
}

async function otherQuery({ root }: OpenPage): Promise<string> {
  const { store, layout } = await openLake({ lake: root })
  const batches = [...(await readLog(store, layout)).state.batches.values()].sort((a, b) => a.since - b.since)
  const first = batches.find((batch, i) => i > 1 && batch.query !== batches[i - 1]?.query)
  return `/batch/${first?.batch}`
}

async function parkedReview({ page }: OpenPage): Promise<string> {
  await page.goto(new URL('/rows?set=parked', page.url()).href)
  const link = page.locator('.table td a').first()
  return (await link.getAttribute('href')) ?? ''
}

for (const colorScheme of ['light', 'dark'] as const) {
  describePage(`the console, ${colorScheme}`, { colorScheme }, open => {
    for (const [name, { path, says }] of Object.entries(VIEWS)) {
      it(`shows ${name}, without an error or a fault of accessibility`, async () => {
        const opened = open()
        const { page, go, check } = opened
        await go(await path(opened))
        if (name === 'query') await page.locator('#ddl > summary').click()
        if (name === 'rows-chart') {
          await page.getByText('30 rows').waitFor()
          await page.getByRole('button', { name: 'bar' }).click()
        }
        if (name === 'trouble') await page.getByText('most reviews wait').waitFor()
        for (const said of says) {
          await page
            .waitForFunction(
              ([source = '']) => new RegExp(source).test(document.querySelector('main')?.textContent ?? ''),
              [said.source],
              { timeout: 10_000 },
            )
            .catch(async () => assert.match((await page.locator('main').textContent()) ?? '', said))
        }
        check()
        assert.deepEqual(await violations(page), [])
        if (PICTURES.has(name)) await keepPicture(page, `console-${name}-${colorScheme}`)
      })
    }
  })
}
