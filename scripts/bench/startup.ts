import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLake } from '../demo/make-lake.ts'
import { print } from '../terminal/print.ts'
import { measureCommand, measureNode } from './command-run.ts'

/** What each command may take at most, in times of the CPU time of `node -e 0`. */
const BOUNDS = { '--help': 4, status: 10, history: 10, files: 10, why: 10, 'run with nothing new': 14 } as const

/** A review of the demo's lake. */
const REVIEW = 'R0007CR5DP5TQG'

/**
 * The CPU time of commands on the demo's lake beside that of Node alone; medians of so many runs, all commands in turn.
 * Returns a table in Markdown.
 */
export async function measureStartup(runs: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-startup-'))
  try {
    const lake = join(folder, 'lake')
    await makeLake(lake)
    const of = (...args: string[]) => [...args, '--lake', lake]
    const commands: Readonly<Record<keyof typeof BOUNDS, readonly string[]>> = {
      '--help': ['--help'],
      status: of('status'),
      history: of('history'),
      files: of('files'),
      why: of('why', REVIEW),
      'run with nothing new': of('run'),
    }
    for (const args of [of('run'), ...Object.values(commands)]) await measureCommand(args) // joins, and warms the caches
    const samples = new Map<string, number[]>()
    const take = (name: string, cpu: number) => samples.set(name, [...(samples.get(name) ?? []), cpu])
    for (let run = 0; run < runs; run++) {
      take('node -e 0', (await measureNode(['-e', '0'])).cpu)
      for (const [name, args] of Object.entries(commands)) take(name, (await measureCommand(args)).cpu)
    }
    const median = (name: string) => (samples.get(name) ?? []).toSorted((a, b) => a - b)[runs >> 1] ?? 0
    const base = median('node -e 0')
    const rows = Object.entries(BOUNDS).map(([name, bound]) => {
      const ratio = median(name) / base
      print(JSON.stringify({ part: 'startup', name, cpu: median(name), ratio, bound }))
      return `| \`${name}\` | ${median(name).toFixed(3)} | ${ratio.toFixed(1)} | ${bound} |`
    })
    return ['| command | CPU s | × node | at most |', '|---|---|---|---|', ...rows].join('\n')
  } finally {
    await rm(folder, { recursive: true })
  }
}
