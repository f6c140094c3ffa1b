import { existsSync } from 'node:fs'
import { link, mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { Random } from '../demo/random.ts'
import { openLake } from '../lakes/open-lake.ts'
import { readQuery } from '../local/local-settings.ts'
import { runLocal } from '../local/run-local.ts'
import { print } from '../terminal/print.ts'
import { measureCommand } from './command-run.ts'
import { writeBenchFile } from './lake.ts'
import { benchCustomers, benchReviews, CUSTOMERS, makeCatalog } from './rows.ts'

/** Files of the lake, each of the same 50,000 rows: 10 million rows, 2.5 GB of silver. */
const FILES = 200
const ROWS = 50_000
const SQL = 'SELECT * FROM silver.reviews'

/** Writes all rows of a lake of 10 million by each format, each in a process of its own; returns a table in Markdown. */
export async function measureQuery(): Promise<string> {
  const lake = await queryLake()
  const lines: string[] = []
  for (const format of ['csv', 'json', 'table']) {
    const measured = await measureCommand(['query', '--lake', lake, '--format', format, SQL])
    print(JSON.stringify({ part: 'query', format, ...measured }))
    const { first, wall, cpu, rss, bytes } = measured
    const cells = [
      format,
      first.toFixed(2),
      wall.toFixed(0),
      cpu.toFixed(0),
      (rss / 1e6).toFixed(0),
      (bytes / 1e9).toFixed(1),
    ]
    lines.push(`| ${cells.join(' | ')} |`)
  }
  return ['| format | first rows s | wall s | CPU s | peak RSS MB | GB |', '|---|---|---|---|---|---|', ...lines].join(
    '\n',
  )
}

/** Makes the lake and runs the pipeline on it, unless that was done before. */
async function queryLake(): Promise<string> {
  const directory = join(process.env.SILVERSMITH_BENCH ?? join(tmpdir(), 'silversmith-bench'), 'query')
  if (existsSync(directory)) return directory
  const draft = `${directory}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const store = new DirectoryStore(draft)
  const name = (file: number) => `bronze/reviews/part-${String(file).padStart(5, '0')}.snappy.parquet`
  const codecs = makeCodecs()
  await writeBenchFile(store, 'bronze/customers/part-00000.snappy.parquet', [benchCustomers(CUSTOMERS)], codecs)
  await writeBenchFile(store, name(0), [benchReviews(new Random(1), ROWS, makeCatalog())], codecs)
  for (let file = 1; file < FILES; file++) await link(join(draft, name(0)), join(draft, name(file)))
  await rename(draft, directory)
  await runLocal({
    ...{ lake: await openLake({ lake: directory }), input: {} },
    settings: {
      caps: { maxFilesPerBatch: FILES, maxBytesPerBatch: 1e12 },
      ...{ maxConcurrency: 2, unmatched: 'park', ignoreSparkMetadata: false },
      query: () => readQuery({ 'reviews-view': 'bronze_reviews', 'customers-view': 'bronze_customers' }),
    },
  })
  return directory
}
