import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { print } from '../terminal/print.ts'
import { joinLake } from './join.ts'
import { lakeOf } from './lake.ts'

/** Rows of all files together. */
const ROWS = 200_000

/**
 * Joins small files with and without merging their row groups, and reads the silver files with DuckDB: what merging
 * costs, and what a reader gains. A table in Markdown.
 */
export async function measureMerging(): Promise<string> {
  const lines = [
    '| rows of a file | row groups | CPU s | silver MB | scan ms | look-up ms |',
    '|---|---|---|---|---|---|',
  ]
  for (const rows of [1000, 5000, 10_000, 25_000, 50_000, 100_000]) {
    const directory = await lakeOf(`merging-${rows}`, { files: ROWS / rows, rows, groups: 1 })
    for (const smallRows of [0, Number.POSITIVE_INFINITY]) {
      const out = 'silver-merging'
      // The first run warms up.
      await joinLake(directory, out, false, { smallRows })
      const before = process.cpuUsage()
      await joinLake(directory, out, false, { smallRows })
      const { user, system } = process.cpuUsage(before)
      const folder = join(directory, out)
      const sizes = await Promise.all((await readdir(folder)).map(name => stat(join(folder, name))))
      const bytes = sizes.reduce((sum, { size }) => sum + size, 0)
      const { groups, scan, lookUp } = await readWithDuckDb(folder)
      lines.push(
        `| ${rows} | ${groups} | ${((user + system) / 1e6).toFixed(2)} | ${(bytes / 1e6).toFixed(1)} | ${scan.toFixed(0)} | ${lookUp.toFixed(0)} |`,
      )
      print(JSON.stringify({ rows, merged: smallRows > 0, groups, cpu: (user + system) / 1e6, bytes, scan, lookUp }))
      await rm(folder, { recursive: true })
    }
  }
  return lines.join('\n')
}

/** Milliseconds for an aggregate over four columns, and for the rows of one state; the best of five. */
async function readWithDuckDb(folder: string): Promise<{ groups: number; scan: number; lookUp: number }> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  const files = `'${join(folder, '*.parquet')}'`
  const timed = async (sql: string) => {
    let best = Number.POSITIVE_INFINITY
    for (let run = 0; run < 5; run++) {
      const start = performance.now()
      await connection.run(sql)
      best = Math.min(best, performance.now() - start)
    }
    return best
  }
  const scan = await timed(
    `SELECT product_category, avg(star_rating), count(DISTINCT city), max(review_headline) FROM read_parquet(${files}) GROUP BY ALL`,
  )
  const lookUp = await timed(`SELECT count(review_body) FROM read_parquet(${files}) WHERE state = 'AA'`)
  const reader = await connection.runAndReadAll(
    `SELECT count(DISTINCT (file_name, row_group_id)) FROM parquet_metadata(${files})`,
  )
  const groups = Number(reader.getRows()[0]?.[0] ?? 0)
  connection.closeSync()
  instance.closeSync()
  return { groups, scan, lookUp }
}
