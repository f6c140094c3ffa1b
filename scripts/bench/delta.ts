/**
 * Measures the Delta log of a lake of many commits: its bytes, the time of a checkpoint, and how long readers take to open it and
 * to plan a query: `DELTA_PYTHON=.e2e/venv-…/bin/python node scripts/bench/delta.ts [COMMITS]`. That environment is the one
 * which `npm run test:delta` makes; without it readers are not measured. The silver files themselves are not there.
 */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { FoldedLog } from '../../functions/log/fold.ts'
import { makeCheckpoint } from '../../functions/readers/delta/delta-checkpoint.ts'
import { type DeltaHead, makeVersion } from '../../functions/readers/delta/delta-version.ts'
import { layout, simulatedCommit } from './plan/simulated-lake.ts'

/** As many versions may follow a checkpoint. */
const AFTER_CHECKPOINT = 109
const commits = Number(process.argv[2] ?? 35_000)
const directory = await mkdtemp(join(tmpdir(), 'silversmith-bench-'))
try {
  const log = join(directory, '_delta_log')
  await mkdir(log)
  const state = new FoldedLog()
  let head: DeltaHead | undefined
  let jsonBytes = 0
  for (let version = 0; version < commits; version++) {
    const commit = { ...simulatedCommit(version, version * 10, 10), ...typed(version) }
    state.apply(commit)
    const made = await makeVersion(commit, head, [])
    head = made.head
    jsonBytes += made.bytes.length
    await writeFile(join(log, basename(layout.deltaVersion(version))), made.bytes)
    if (version !== Math.max(0, commits - 1 - AFTER_CHECKPOINT)) continue
    const start = performance.now()
    const { parquet, last } = makeCheckpoint(state, head)
    const seconds = ((performance.now() - start) / 1000).toFixed(2)
    await writeFile(join(log, basename(layout.deltaCheckpoint(version))), parquet)
    await writeFile(join(log, basename(layout.deltaLastCheckpoint)), last)
    const rss = (process.memoryUsage.rss() / 1e6).toFixed(0)
    console.log(`checkpoint of ${version + 1} versions: ${parquet.length} bytes, ${seconds} s, process ${rss} MB`)
  }
  console.log(`${commits} versions: ${jsonBytes} bytes of JSON`)
  const { DELTA_PYTHON: python } = process.env
  if (python !== undefined)
    spawnSync(python, [join(import.meta.dirname, 'open_delta.py'), directory], { stdio: 'inherit' })
} finally {
  await rm(directory, { recursive: true, force: true })
}

/** Columns and statistics as those of reviews: four whole numbers and a time have bounds. */
function typed(version: number) {
  const { schema, silver } = simulatedCommit(version, 0, 0)
  const bounded = ['column_0', 'column_1', 'column_2', 'column_3'].map(name => ({ name, type: 'int' }) as const)
  const values = (value: number) => Object.fromEntries(bounded.map(({ name }) => [name, value]))
  const nullCount = Object.fromEntries(schema.map(({ name }) => [name, 0]))
  const stats = { nullCount, minValues: values(version), maxValues: values(version + 5000) }
  return { schema: [...bounded, ...schema.slice(bounded.length)], silver: silver.map(file => ({ ...file, stats })) }
}
