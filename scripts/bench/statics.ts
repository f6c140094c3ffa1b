import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { print } from '../terminal/print.ts'

const ROWS = 5_000_000
const VERSIONS = 5
/** What V8 gives a Lambda function of 1,769 MB. */
const HEAP = '--max-old-space-size=1327'

const QUERIES = {
  'newest row of each customer, all columns':
    'SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY date_of_birth DESC, customer_name) AS n FROM bronze_customers) WHERE n = 1',
  'GROUP BY customer_id':
    'SELECT customer_id, count(*) AS n, max(date_of_birth) AS d, max_by(city, customer_name) AS c FROM bronze_customers GROUP BY customer_id',
  'GROUP BY state, gender':
    'SELECT state, gender, count(*) AS n, count(DISTINCT city) AS c FROM bronze_customers GROUP BY state, gender',
  'DISTINCT customer_id, state': 'SELECT DISTINCT customer_id, state FROM bronze_customers',
} as const

/** Times of static queries over five million rows, each in a process of its own, as a table in Markdown. */
export async function measureStatics(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-static-'))
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [HEAP, join(import.meta.dirname, 'static-run.ts'), ...args], { encoding: 'utf8' })
  run('make', folder, String(ROWS), String(VERSIONS))
  const rows = Object.entries(QUERIES).map(([name, sql]) => {
    const { stdout } = run('evaluate', folder, '0', '0', sql)
    print(stdout.trim())
    const { rows, took, cpu, rss } = JSON.parse(stdout)
    return `| ${name} | ${rows} | ${(took / 1000).toFixed(1)} | ${cpu.toFixed(1)} | ${(rss / 1e6).toFixed(0)} |`
  })
  await rm(folder, { recursive: true })
  return [
    '| static query over 5,000,000 rows | rows | s | CPU s | peak RSS MB |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
