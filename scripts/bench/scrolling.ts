import type { CDPSession, Page } from 'playwright-core'

/** How a box scrolls, in milliseconds: half of all, 95 of 100, and all are no longer. */
export interface Scrolling {
  /** From one frame to the next. */
  readonly frame: Spread
  /** Processor time of the page's main thread for each: script, style, layout, paint. */
  readonly work: Spread
}

export interface Spread {
  readonly median: number
  readonly p95: number
  readonly max: number
}

/** Turns of the wheel, and how many pixels each goes. */
const TURNS = 120
const TURN = 2000

/** Turns the wheel over a box that a selector finds, down for the frames, and up again for the work, because tracing takes time itself. */
export async function measureScrolling(page: Page, selector: string): Promise<Scrolling> {
  const box = await page.locator(selector).first().boundingBox()
  await page.mouse.move((box?.x ?? 0) + 200, (box?.y ?? 0) + 200)
  const turn = async (pixels: number) => {
    for (let i = 0; i < TURNS; i++) await page.mouse.wheel(0, pixels)
  }
  await startFrames(page)
  await turn(TURN)
  const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames) // put there by startFrames
  const browser = page.context().browser()
  if (!browser) throw new Error('the page has no browser')
  const session = await browser.newBrowserCDPSession()
  const work = await tracedWork(session, () => turn(-TURN))
  await session.detach()
  return { frame: spreadOf(frames.slice(1)), work: spreadOf(work) }
}

async function startFrames(page: Page): Promise<void> {
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
}

/** An event of Chromium's trace; times are in microseconds, `tdur` is the thread's own. */
interface TraceEvent {
  readonly name: string
  /** `X` where it lasts. */
  readonly ph: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly tdur?: number
  readonly args: { readonly name?: string }
}

/** The processor time between one frame and the next on the main thread of the page, while something goes on. */
async function tracedWork(session: CDPSession, act: () => Promise<void>): Promise<number[]> {
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[]))) // as Chromium writes them
  const includedCategories = ['disabled-by-default-devtools.timeline', 'cc']
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories, excludedCategories: ['*'] },
  })
  await act()
  const complete = new Promise(done => session.once('Tracing.tracingComplete', done))
  await session.send('Tracing.end')
  await complete
  return workByFrame(events)
}

/** The processor time of the page's main thread in each frame, in milliseconds. */
export function workByFrame(events: readonly TraceEvent[]): number[] {
  const threads = events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
  const mains = new Set(threads.map(({ pid, tid }) => `${pid} ${tid}`))
  const onMain = events.filter(({ pid, tid }) => mains.has(`${pid} ${tid}`))
  const isFrame = ({ name, ph }: TraceEvent) => ph === 'X' && name === 'ProxyMain::BeginMainFrame'
  const starts = onMain.filter(isFrame).map(({ ts }) => ts)
  starts.sort((a, b) => a - b)
  const tasks = onMain.filter(({ name }) => name === 'RunTask').sort((a, b) => a.ts - b.ts)
  const work = starts.map(() => 0)
  let frame = -1
  for (const [i, { tdur = 0 }] of tasks.entries()) {
    // a frame begins within the task that makes it
    const next = tasks[i + 1]?.ts ?? Number.POSITIVE_INFINITY
    while ((starts[frame + 1] ?? next) < next) frame++
    if (frame >= 0) work[frame] = (work[frame] ?? 0) + tdur / 1000
  }
  return work
}

function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { median: at(0.5), p95: at(0.95), max: at(1) }
}
