/**
 * Measures what packing does to a scan: a lake of many batches of one file each, read before and after `compact`, by DuckDB from
 * the disk, and by as many readers at once as a small Athena query has, each of whose requests takes as long as S3's:
 * `node scripts/bench/packing.ts [BATCHES] [ROWS] [COLUMN to sort by]`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { DuckDBInstance } from '@duckdb/node-api'
import { codecs } from '../../functions/adapters/codecs.ts'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { mapConcurrently } from '../../functions/base/concurrently.ts'
import { parkedSource } from '../../functions/engine/sources/open-source.ts'
import { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { readLog } from '../../functions/log/read.ts'
import { compactLake } from '../../functions/maintain/compact/compact.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { readColumns } from '../../functions/parquet/values/read-columns.ts'
import { Random } from '../demo/random.ts'
import { openLake } from '../lakes/open-lake.ts'
import { readQuery } from '../local/local-settings.ts'
import { runLocal } from '../local/run-local.ts'
import { writeBenchFile } from './lake.ts'
import { benchCustomers, benchReviews, CUSTOMERS, makeCatalog } from './rows.ts'

const DAY = 86_400_000
const RUNS = 9
/** A request to S3, in milliseconds, and files read at once. */
const LATENCY = 30
const READERS = 8
const [batches = 146, rows = 5_000] = process.argv.slice(2, 4).map(Number)
const sort = process.argv[4]
const layout = new Layout()
const directory = await mkdtemp(join(tmpdir(), 'silversmith-bench-'))
try {
  const store = new DirectoryStore(directory)
  await makeLake(store)
  const before = await measure(store)
  const now = Date.now() + 2 * DAY
  const peakBefore = peak()
  const start = performance.now()
  const [done] = await compactLake({
    ...{ store, layout, codecs: codecs(), clock: () => now, targetBytes: 256 << 20, before: now, merge: true, sort },
  })
  const seconds = (performance.now() - start) / 1000
  const peaks = { before: peakBefore, after: peak() }
  const after = await measure(store)
  console.log(JSON.stringify({ batches, rows, sort, seconds, done: done?.files, peaks, before, after }, null, 2))
} finally {
  await rm(directory, { recursive: true, force: true })
}

/** The most memory that this process has had, in MB. */
function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1000)
}

/** Runs the pipeline on so many files, a batch for each. */
async function makeLake(store: DirectoryStore): Promise<void> {
  const name = (file: number) => `bronze/reviews/part-${String(file).padStart(5, '0')}.snappy.parquet`
  const all = makeCodecs()
  await writeBenchFile(store, 'bronze/customers/part-00000.snappy.parquet', [benchCustomers(CUSTOMERS)], all)
  const catalog = makeCatalog()
  for (let file = 0; file < batches; file++) {
    await writeBenchFile(store, name(file), [benchReviews(new Random(1 + file), rows, catalog)], all)
  }
  const lake = await openLake({ lake: directory })
  for (let made = 0; made < batches; made = (await readLog(store, layout)).state.batches.size) {
    await runLocal({
      ...{ lake, input: {} },
      settings: {
        caps: { maxFilesPerBatch: 1, maxBytesPerBatch: 1e12 },
        ...{ maxConcurrency: 2, unmatched: 'park', ignoreSparkMetadata: false },
        query: () => readQuery({ 'reviews-view': 'bronze_reviews', 'customers-view': 'bronze_customers' }),
      },
    })
  }
}

/** The files that the log has, their bytes and rows, and the median milliseconds of a scan of one column. */
async function measure(store: Store) {
  const { state } = await readLog(store, layout)
  const silver = [...state.batches.values()].flatMap(({ location, silver }) =>
    silver.map(file => ({ ...file, key: layout.roots.silver + location + file.key })),
  )
  const keys = silver.map(({ key }) => key)
  const sum = (of: 'size' | 'rows') => silver.reduce((total, file) => total + file[of], 0)
  const from = `read_parquet([${keys.map(key => `'${join(directory, key)}'`).join(', ')}])`
  const duckdb = await medianOf(() =>
    askDuckDB(`SELECT star_rating, count(*), count(DISTINCT state) FROM ${from} GROUP BY ALL`),
  )
  const [[id] = []] = await askDuckDB(
    `SELECT product_id FROM ${from} GROUP BY ALL ORDER BY count(*) DESC, product_id LIMIT 1 OFFSET 1000`,
  )
  const product = await medianOf(() =>
    askDuckDB(`SELECT avg(star_rating), max(length(review_body)) FROM ${from} WHERE product_id = '${id}'`),
  )
  const requests = { count: 0 }
  const remote = await medianOf(() => scanFromAfar(store, keys, requests))
  return {
    files: keys.length,
    bytes: sum('size'),
    rows: sum('rows'),
    duckdb,
    product,
    remote,
    requests: requests.count / RUNS,
  }
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return Math.round(times.sort((a, b) => a - b)[RUNS >> 1] ?? 0)
}

async function askDuckDB(sql: string): Promise<unknown[][]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const rows = (await connection.runAndReadAll(sql)).getRowsJS()
  connection.closeSync()
  return rows
}

async function scanFromAfar(store: Store, keys: readonly string[], requests: { count: number }): Promise<void> {
  const far: Store = Object.assign(Object.create(store), {
    get: async (...asked: Parameters<Store['get']>) => {
      requests.count++
      await setTimeout(LATENCY)
      return store.get(...asked)
    },
  })
  await mapConcurrently(keys, READERS, async key => {
    const info = await store.head(key)
    if (!info) throw new Error(`${key} is gone`)
    await readColumns(parkedSource(far, info, []), ['star_rating'], codecs())
  })
}
