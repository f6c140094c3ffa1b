import { chromium } from 'playwright-core'
import { findChromium } from './find-chromium.ts'

/** What a person waits for in the browser, in milliseconds. */
export interface InBrowser {
  /** From the request for the page to the first view with its data. */
  readonly firstView: number
  /** The longest frame, and the one that 95 of 100 are no longer than, while the list of batches is scrolled. */
  readonly longestFrame: number
  readonly usualFrame: number
}

/** Turns of the wheel over the list of batches, and how far each goes. */
const TURNS = 120
const TURN = 2000

/** Looks at a console in Chromium, without a window; undefined where there is none. */
export async function measureInBrowser(url: string): Promise<InBrowser | undefined> {
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
    await page.waitForSelector('.table td')
    await page.evaluate(() => {
      const frames: number[] = []
      Object.assign(window, { frames })
      let last = performance.now()
      const next = (now: number) => {
        frames.push(now - last)
        last = now
        requestAnimationFrame(next)
      }
      requestAnimationFrame(next)
    })
    const box = await page.locator('.table').first().boundingBox()
    await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200)
    for (let i = 0; i < TURNS; i++) await page.mouse.wheel(0, TURN)
    const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames) // put there above
    const sorted = frames.slice(1).sort((a, b) => a - b)
    return {
      firstView,
      longestFrame: sorted.at(-1) ?? 0,
      usualFrame: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
    }
  } finally {
    await browser.close()
  }
}
