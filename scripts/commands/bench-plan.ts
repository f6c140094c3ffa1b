import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { bytes, count } from '../../functions/base/text.ts'
import { type SimulatedLake, writeSimulatedLog } from '../bench/plan/simulated-lake.ts'
import { serveLake } from '../bench/plan/simulated-s3.ts'
import { defineCommand } from '../command-line/command.ts'
import { customersFile, reviewsFile } from '../demo/bronze-file.ts'
import { makeCustomers, makeReviews } from '../demo/rows.ts'
import { PRICES, priceOf, usageOf, type Workload } from '../summary/price.ts'
import { print } from '../terminal/print.ts'
import { table } from '../terminal/table.ts'

/** New files in each case. */
const FRESH = 500
/** The heap that Lambda's Node gives a function of 256 MB. */
const HEAP = ['--max-semi-space-size=12', '--max-old-space-size=231']
const execute = promisify(execFile)

export default defineCommand(
  {
    purpose:
      'Measures Plan as bronze grows, and the log as it grows, and says what AWS would charge. S3 is simulated in this ' +
      'process and answers at once; what is measured runs in processes of its own.',
    options: {},
  },
  async () => {
    print(`Plan: ${FRESH} of so many bronze keys are new\n${await plans()}\n`)
    print(`the log: commits of 10 bronze files each\n${await logs()}\n`)
    print(`on AWS, in a month\n${costs()}`)
  },
)

async function plans(): Promise<string> {
  const rows: unknown[][] = []
  for (const [keys, batches] of [
    [10_000, 100],
    [100_000, 1000],
    [1_000_000, 35_000],
    [1_000_000, 100_000],
  ] as const) {
    const { seconds, cpu, rss, counts } = await measurePlan({ keys, batches, fresh: FRESH })
    const reads = (counts.GET ?? 0) + (counts.HEAD ?? 0)
    const figures = [seconds.toFixed(1), cpu.toFixed(1), (rss / 1e6).toFixed(0)]
    rows.push([count(keys), count(batches), counts.LIST, reads, counts.PUT, ...figures])
  }
  return table(['bronze keys', 'batches', 'LIST', 'GET, HEAD', 'PUT', 'seconds', 'CPU s', 'peak RSS, MB'], rows)
}

async function logs(): Promise<string> {
  const rows: unknown[][] = []
  for (const commits of [1000, 10_000, 100_000]) {
    const script = join(import.meta.dirname, '..', 'bench', 'plan', 'log-growth.ts')
    const { stdout } = await execute(process.execPath, [script, String(commits), '10'])
    const { commitBytes, snapshotBytes, readSeconds, writeSeconds, rss } = JSON.parse(stdout)
    const figures = [readSeconds.toFixed(2), writeSeconds.toFixed(2), (rss / 1e6).toFixed(0)]
    rows.push([count(commits), bytes(commitBytes * commits), bytes(snapshotBytes), ...figures])
  }
  return table(['commits', 'all commits', 'snapshot', 'read, s', 'write, s', 'peak RSS, MB'], rows)
}

/** What starts executions: the seconds between two that have work, at least, and how many look in vain in a month. */
interface Trigger {
  readonly name: string
  readonly every: number
  readonly sweeps: number
}

const MONTH = 30 * 86_400
const SCHEDULE: Trigger = { name: 'schedule, 15 minutes', every: 900, sweeps: MONTH / 900 }
/** Where files come without a pause, one execution follows the other. */
const WOKEN: Trigger = { name: 'woken', every: 14, sweeps: MONTH / 3600 }
const WINDOW: Trigger = { name: 'woken, wakeWindow 300', every: 300, sweeps: MONTH / 3600 }
/** Five pollers of Lambda ask the queue for 20 seconds each; a message is received and deleted. */
const QUEUE_REQUESTS = (5 * MONTH) / 20

/** What a month costs: files of 175 kB and 1,000 reviews, as a streaming job leaves them. */
function costs(): string {
  const rows = [SCHEDULE, WOKEN, WINDOW].flatMap(trigger =>
    [1, 1000, 100_000].map(filesADay => {
      const month = monthOf(filesADay, trigger)
      const usage = usageOf(month, { join: 1769, other: 1024 })
      const isWoken = trigger !== SCHEDULE
      const requests = isWoken ? QUEUE_REQUESTS + 2 * month.files : 0
      // of Wake, half a second for each execution
      const waking = isWoken ? { ...NOTHING, gbSeconds: month.passes / 2, invocations: month.passes } : NOTHING
      const usd = priceOf(usage) + priceOf(waking) + requests * PRICES.sqsRequest
      const figures = [month.passes, Math.round(usage.gbSeconds), usage.transitions, usage.puts, Math.round(requests)]
      return [trigger.name, count(filesADay), ...figures.map(count), usd.toFixed(2)]
    }),
  )
  const columns = ['executions with work', 'GB-seconds', 'transitions', 'PUT, LIST', 'SQS requests', 'USD a month']
  return table(['started by', 'files a day', ...columns], rows)
}

const NOTHING = { gbSeconds: 0, invocations: 0, transitions: 0, gets: 0, puts: 0, scanned: 0 }

/** A month of work, of which each run lists a day's keys: bronzeSince leaves out those before. */
function monthOf(filesADay: number, { every, sweeps }: Trigger): Workload {
  const files = 30 * filesADay
  const passes = Math.round(Math.min(MONTH / every, files))
  const items = Math.max(passes, Math.ceil(files / 500))
  const idle = Math.max(0, sweeps - (every === 900 ? passes : 0))
  return { files, bytes: files * 174_818, large: 0, items, passes, idle, listed: filesADay }
}

/** Runs Plan once over a simulated lake. */
async function measurePlan(lake: SimulatedLake) {
  const directory = await mkdtemp(join(tmpdir(), 'silversmith-bench-'))
  const store = new DirectoryStore(directory)
  await writeSimulatedLog(store, lake)
  await store.put('bronze/customers/c.parquet', customersFile(makeCustomers(100, 1)))
  await store.put('template.parquet', reviewsFile(makeReviews(20, 100, 0, 1)))
  const s3 = await serveLake(lake, store, await store.get('template.parquet'))
  try {
    const script = join(directory, 'measure.mjs')
    await bundle(script)
    const { stdout } = await execute(process.execPath, [...HEAP, script, s3.endpoint])
    const measured: Measured = JSON.parse(stdout)
    if (measured.files !== lake.fresh) throw new Error(`Plan took ${measured.files} files, ${lake.fresh} are new`)
    return { ...measured, counts: s3.counts }
  } finally {
    await s3.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Bundles the measured worker as it is deployed: the source would be compiled in the measured process. */
async function bundle(outfile: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, '..', 'bench', 'plan', 'measure.ts')],
    ...{ outfile, bundle: true, minify: true, platform: 'node', target: 'node24', format: 'esm' },
    mainFields: ['module', 'main'],
  })
}

interface Measured {
  readonly files: number
  readonly seconds: number
  readonly cpu: number
  /** Bytes. */
  readonly rss: number
}
