import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { makeCodecs } from '../functions/parquet/pages/codecs.ts'
import { type SimulatedLake, writeSimulatedLog } from './bench/plan/simulated-lake.ts'
import { serveLake } from './bench/plan/simulated-s3.ts'
import { type BronzeGroup, writeBronzeFile } from './demo/bronze-file.ts'
import { customerColumns, reviewColumns } from './demo/columns.ts'
import { makeCustomers, makeReviews } from './demo/rows.ts'
import { DirectoryStore } from './directory-store.ts'
import { count, table } from './text.ts'

/*
 * `npm run bench:plan`: what Plan takes as bronze and the log grow. S3 is simulated in this process and answers at once;
 * Plan runs in a process of its own, so that its memory is its own.
 */
const FRESH = 500
const rows: unknown[][] = []
for (const [keys, batches] of [
  [10_000, 100],
  [1_000_000, 35_000],
  [1_000_000, 100_000],
] as const) {
  const { seconds, cpu, rss, counts } = await measurePlan({ keys, batches, fresh: FRESH })
  rows.push([
    count(keys),
    count(batches),
    counts.LIST,
    (counts.GET ?? 0) + (counts.HEAD ?? 0),
    counts.PUT,
    seconds.toFixed(1),
    cpu.toFixed(1),
    Math.round(rss / 1e6),
  ])
}
console.log(table(['bronze keys', 'batches', 'LIST', 'GET, HEAD', 'PUT', 'seconds', 'CPU s', 'peak RSS MB'], rows))

/** Runs Plan once over a simulated lake. */
async function measurePlan(lake: SimulatedLake) {
  const directory = await mkdtemp(join(tmpdir(), 'silversmith-bench-'))
  const store = new DirectoryStore(directory)
  await writeSimulatedLog(store, lake)
  await writeBronze(store, 'bronze/customers/c.parquet', customerColumns(makeCustomers(100, 1)))
  await writeBronze(store, 'template.parquet', reviewColumns(makeReviews(20, 100, 0, 1)))
  const s3 = await serveLake(lake, store, await store.get('template.parquet'))
  try {
    const script = join(directory, 'measure.mjs')
    await bundle(script)
    const { stdout } = await promisify(execFile)(process.execPath, [
      ...(process.env.FLAGS ? process.env.FLAGS.split(' ') : []),
      script,
      s3.endpoint,
    ])
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
    entryPoints: [join(import.meta.dirname, 'bench', 'plan', 'measure.ts')],
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

async function writeBronze(store: DirectoryStore, key: string, group: BronzeGroup): Promise<void> {
  const target = store.writer(key)
  await writeBronzeFile(target, [group], makeCodecs())
  await target.close()
}
