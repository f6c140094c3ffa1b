import { spawn } from 'node:child_process'
import { join } from 'node:path'

/** Seconds until the first rows and until the end, CPU seconds and peak RSS of the whole process, bytes written. */
export interface CommandRun {
  readonly first: number
  readonly wall: number
  readonly cpu: number
  readonly rss: number
  readonly bytes: number
}

const REPORT = "process.on('exit', () => process.stderr.write(JSON.stringify(process.resourceUsage())))"

const SCRIPT = join(import.meta.dirname, '..', 'silversmith.mjs')

/** Runs a command of the command line in a process of its own. Throws an Error with its output where it fails. */
export function measureCommand(args: readonly string[]): Promise<CommandRun> {
  return measureNode([SCRIPT, ...args])
}

/** The same for Node itself, with its arguments. */
export async function measureNode(args: readonly string[]): Promise<CommandRun> {
  const started = performance.now()
  const seconds = () => (performance.now() - started) / 1000
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${REPORT}`, ...args])
  let usage = ''
  child.stderr.on('data', chunk => {
    usage += chunk
  })
  const ended = new Promise<number | null>(done => child.on('close', done))
  let [first, bytes] = [0, 0]
  for await (const chunk of child.stdout) {
    first ||= seconds()
    bytes += chunk.length
  }
  if ((await ended) !== 0) throw new Error(`${args.join(' ')} failed: ${usage}`)
  const { userCPUTime, systemCPUTime, maxRSS } = JSON.parse(usage)
  return { first, wall: seconds(), cpu: (userCPUTime + systemCPUTime) / 1e6, rss: maxRSS * 1024, bytes }
}
