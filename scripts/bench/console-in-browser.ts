import { chromium, type Page } from 'playwright-core'
import { findChromium } from './find-chromium.ts'
import { measureScrolling, type Scrolling } from './scrolling.ts'

/** What a person waits for in the browser, in milliseconds. */
export interface InBrowser {
  /** From the request for the page to the first view with its data. */
  readonly firstView: number
  /** The list of batches, a list of a million files, and a box of the same height with nothing in it, by the same turns of the wheel. */
  readonly batches: Scrolling
  readonly files: Scrolling
  readonly nothing: Scrolling
}

/** Files of the long list. */
export const FILES = 1_000_000

/** Looks at a console in Chromium, without a window; undefined where there is none. `batch` is one of its batches. */
export async function measureInBrowser(url: string, batch: string): Promise<InBrowser | undefined> {
  const executablePath = findChromium()
  if (executablePath === undefined) return undefined
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } })
    await page.goto(url) // signs in
    await page.waitForSelector('main:not([aria-busy]) h1')
    const started = performance.now()
    await page.goto(new URL('/', url).href)
    await page.waitForSelector('main:not([aria-busy]) h1')
    const firstView = performance.now() - started
    await page.goto(new URL('/batches', url).href)
    await settled(page)
    const batches = await measureScrolling(page, '.table')
    await serveFiles(page)
    await page.goto(new URL(`/batch/${batch}`, url).href)
    await settled(page)
    await page.locator('.table').scrollIntoViewIfNeeded()
    const files = await measureScrolling(page, '.table')
    await page.setContent(`<div style="height: 560px; overflow: auto"><div style="height: 8000000px"></div></div>`)
    const nothing = await measureScrolling(page, 'div')
    return { firstView, batches, files, nothing }
  } finally {
    await browser.close()
  }
}

async function settled(page: Page): Promise<void> {
  await page.waitForSelector('.table td')
  await page.waitForFunction(() => !document.querySelector('.table [aria-busy="true"]'))
}

/** Answers in the place of the console for a batch that has a million files: no commit of a run has as many. */
async function serveFiles(page: Page): Promise<void> {
  await page.route('**/api/batch?*', async route => {
    const answer = await (await route.fetch()).json()
    const lines = answer.lines.map((line: object) => ({ ...line, bronzeFiles: FILES, parkedFiles: 0 }))
    await route.fulfill({ json: { ...answer, lines } })
  })
  await page.route('**/api/batch/files?*', async route => {
    const asked = new URL(route.request().url()).searchParams
    const [offset, limit] = [Number(asked.get('offset')), Number(asked.get('limit'))]
    const rows = { read: 1000, filtered: 99, nullKey: 0, unmatched: 1, matched: 900, written: 900 }
    const file = { size: 11_234_567, silver: 'part-00000.parquet', rows, modified: '2026-01-01T00:00:00.000Z' }
    const key = (i: number) => `bronze/reviews/2026/01/01/reviews-${offset + i}.parquet`
    await route.fulfill({
      json: { total: FILES, files: Array.from({ length: limit }, (_, i) => ({ ...file, key: key(i) })) },
    })
  })
}
