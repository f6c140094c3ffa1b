import assert from 'node:assert/strict'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { once } from '../../functions/base/once.ts'
import { findChromium } from '../../scripts/bench/find-chromium.ts'
import { type Console, startConsole } from '../../scripts/console/server.ts'
import { openLake } from '../../scripts/lakes/open-lake.ts'
import { makeLivedLake } from './lived-directory.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One browser for all specs; null where there is none. CI must have one. */
const browser = once(async (): Promise<Browser | null> => {
  const executablePath = findChromium()
  if (executablePath !== undefined) return chromium.launch({ executablePath, args: ['--no-sandbox'] })
  assert(!process.env.CI, 'CI needs a browser: see test/browser/install-chromium.sh')
  return null
})

/** A lake that has seen everything, made once for all specs that only look at it. */
const livedLake = once(async () => {
  const root = join(await mkdtemp(join(tmpdir(), 'silversmith-browser-')), 'lake')
  await makeLivedLake(root)
  return root
})

after(async () => {
  const launched = await browser()
  if (!launched) return
  await launched.close()
  await rm(join(await livedLake(), '..'), { recursive: true, force: true })
})

/** A console and a page of it. */
export interface OpenPage {
  readonly page: Page
  readonly served: Console
  readonly root: string
  /** Goes to a path, and waits until its view is there. */
  go(path: string): Promise<void>
  /** Fails on what went wrong in the page so far: errors, and requests that went elsewhere. */
  check(): void
}

/**
 * `root` makes the lake, else the lived one is taken. `refusals`: the server may refuse what is asked. `files`: the lake's own
 * files may be opened.
 */
type PageOptions = BrowserContextOptions & {
  readonly root?: () => Promise<string>
  readonly refusals?: boolean
  readonly files?: boolean
}

/** A suite with a page of its own on a lake; skipped, with a word, where there is no browser. */
export function describePage(
  title: string,
  { root = livedLake, refusals = false, files = false, ...options }: PageOptions,
  suite: (open: () => OpenPage) => void,
): void {
  describe(title, () => {
    let opened: OpenPage | undefined
    before(async function () {
      const launched = await browser()
      if (!launched) {
        process.stdout.write(`skipped, because there is no browser: ${title}\n`)
        return this.skip()
      }
      const lake = await root()
      opened = await openPage(launched, lake, { refusals, files }, options)
    })
    after(async () => {
      opened?.check()
      await opened?.page.context().close()
      await opened?.served.close()
    })
    suite(() => {
      assert(opened)
      return opened
    })
  })
}

async function openPage(
  launched: Browser,
  root: string,
  { refusals, files }: { readonly refusals: boolean; readonly files: boolean },
  options: BrowserContextOptions,
): Promise<OpenPage> {
  const lake = await openLake({ lake: root })
  const served = await startConsole({ ...lake, name: 'lake' }, { where: '', port: 0 }) // as the demo's in pictures
  const { origin } = new URL(served.url)
  const context = await launched.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', message => {
    const isRefusal = refusals && message.text().includes('status of 400')
    const isProblem = message.type() === 'error' || message.type() === 'warning'
    if (isProblem && !isRefusal) problems.push(`console: ${message.text()}`)
  })
  page.on('pageerror', error => problems.push(`error: ${error.message}`))
  page.on('dialog', dialog => {
    problems.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', request => {
    const url = new URL(request.url())
    const isOwn = url.origin === origin || url.protocol === 'data:' || (files && url.protocol === 'file:')
    if (!isOwn) problems.push(`request: ${request.url()}`)
  })
  await page.goto(served.url)
  await page.waitForSelector('main h1')
  return {
    ...{ page, served, root },
    go: async path => {
      await page.goto(new URL(path, origin).href)
      await settled(page)
    },
    check: () => assert.deepEqual(problems, []),
  }
}

/** Waits until a view is there, and its tables have their rows. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('main:not([aria-busy]) h1')
  for (const table of await page.$$('.table:not(.none)')) await table.waitForSelector('td').catch(() => undefined)
  await page.waitForFunction(() => document.querySelectorAll('.table [aria-busy="true"]').length === 0)
}

/** What axe finds of serious or critical faults. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found = await page.evaluate(
    // axe is what the line above has put there
    async () => (await (window as unknown as { axe: { run(): Promise<AxeResult> } }).axe.run()).violations,
  )
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${help}: ${html.slice(0, 200)}`))
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly help: string
    readonly nodes: readonly { readonly html: string }[]
  }[]
}

/** The most bytes of a screenshot in the docs. */
const SHOT = 60_000

/** The picture of a page in the docs: made anew with UPDATE_DOCS=1. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const file = `docs/images/${name}.webp`
  if (process.env.UPDATE_DOCS) {
    await page.evaluate(
      () => document.querySelector('#ask-result svg')?.scrollIntoView({ block: 'end' }) ?? scrollTo(0, 0),
    )
    const session = await page.context().newCDPSession(page)
    for (const quality of [70, 50, 35]) {
      const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality })
      writeFileSync(file, Buffer.from(data, 'base64'))
      if (statSync(file).size <= SHOT) break
    }
  }
  assert(existsSync(file), `${file} is missing: UPDATE_DOCS=1 npm run test:browser makes it`)
  assert(statSync(file).size <= SHOT, `${file} has ${statSync(file).size} bytes`)
}
