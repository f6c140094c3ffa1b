import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { count, many } from '../../functions/base/text.ts'
import { startConsole } from '../console/server.ts'
import { openLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { FILES, type InBrowser, measureInBrowser } from './console-in-browser.ts'
import { writeConsoleLog } from './console-lake.ts'
import { simulatedCommit } from './plan/simulated-lake.ts'
import type { Scrolling } from './scrolling.ts'

/** The most milliseconds that an answer may take after the first. */
const BOUND = 200
const TIMES = 7

/**
 * How long the console takes to answer what each view asks for, on a lake of so many commits: the first answer, for which the
 * log is read, and the median of those after it. Returns a table in Markdown. Throws where one takes too long.
 */
export async function measureConsole(commits: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-console-'))
  try {
    const root = join(folder, 'lake')
    await writeConsoleLog(new DirectoryStore(root), commits)
    const served = await startConsole(await openLake({ lake: root }), { where: '', port: 0 })
    const url = new URL(served.url)
    const signed = await fetch(url, { redirect: 'manual' })
    const cookie = String(signed.headers.get('set-cookie')).split(';')[0] ?? ''
    const ask = async (path: string): Promise<number> => {
      const started = performance.now()
      let response = await fetch(new URL(path, url), { headers: { cookie } })
      while (response.status === 202) response = await fetch(new URL(path, url), { headers: { cookie } })
      const text = await response.text()
      if (!response.ok) throw new Error(`${path}: ${text}`)
      return performance.now() - started
    }
    const first = await ask('/api/now')
    await ask('/api/trouble') // begins what is found behind the scenes
    await settle(ask)
    const rows: string[] = []
    for (const path of PATHS(commits)) {
      const all: number[] = []
      await ask(path)
      for (let i = 0; i < TIMES; i++) all.push(await ask(path))
      const median = all.sort((a, b) => a - b)[TIMES >> 1] ?? 0
      print(JSON.stringify({ part: 'console', commits, path, milliseconds: median, bound: BOUND }))
      if (median > BOUND) throw new Error(`${path} took ${median.toFixed(0)} ms, at most ${BOUND} are wanted`)
      rows.push(`| \`${path.replace(/\?.*/, '')}\` | ${median.toFixed(1)} |`)
    }
    const seen = await measureInBrowser(served.url, simulatedCommit(commits >> 1, 0, 1).batch)
    if (seen) {
      print(JSON.stringify({ part: 'console', commits, ...seen }))
      rows.push(`| in Chromium: the first view, with its data | ${seen.firstView.toFixed(0)} |`)
    }
    await served.close()
    const head = `| route, ${count(commits)} commits | ms |\n|---|---|`
    const answers = [head, `| the first answer: the log is read | ${first.toFixed(0)} |`, ...rows].join('\n')
    return seen ? `${answers}\n\n${scrollTable(seen, commits)}` : answers
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** How the lists scroll, beside a box with nothing in it: what that takes is the browser's. */
function scrollTable({ batches, files, nothing }: InBrowser, commits: number): string {
  const cells = ({ frame, work }: Scrolling) =>
    [frame, work].map(({ median, p95, max }) => [median, p95, max].map(value => value.toFixed(1)).join(' / '))
  return [
    '| scrolled in Chromium: ms, median / 95 % / longest | from frame to frame | main thread for each |',
    '|---|---|---|',
    ...(
      [
        [`${many(commits, 'batch')}`, batches],
        [`${many(FILES, 'bronze file')}`, files],
        ['a box with nothing in it', nothing],
      ] as const
    ).map(([name, scrolling]) => `| ${[name, ...cells(scrolling)].join(' | ')} |`),
  ].join('\n')
}

const PATHS = (commits: number): string[] => {
  const { batch } = simulatedCommit(commits >> 1, 0, 1)
  return [
    ...['/api/now', '/api/flow', '/api/timeline?bars=160', `/api/batches?offset=${commits >> 1}&limit=200`],
    ...[`/api/batch?batch=${batch}`, `/api/batch/files?version=${commits >> 1}`, `/api/commit?version=${commits >> 1}`],
    ...['/api/rows', '/api/trouble', '/api/query'],
  ]
}

/** Waits until the look at the whole lake is over. */
async function settle(ask: (path: string) => Promise<number>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const took = await ask('/api/flow')
    if (took < BOUND) return
    await new Promise(done => setTimeout(done, 100))
  }
}
