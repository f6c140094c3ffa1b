import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shape } from './lake.ts'

/**
 * Joins a bench lake with DuckDB: the customers are loaded once, then each file of reviews becomes one silver file
 * (many small files: one query over all). 2 threads, SNAPPY.
 */
export async function joinWithDuckDb(directory: string, out: string, shape: Shape, where: boolean): Promise<void> {
  const reviews = join(directory, 'bronze/reviews')
  const silver = join(directory, out)
  await rm(silver, { recursive: true, force: true })
  await mkdir(silver, { recursive: true })
  // Not at the top: the other engine's runs must not load it.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  await connection.run(
    `CREATE TEMP TABLE customers AS SELECT * FROM read_parquet('${join(directory, 'bronze/customers/*.parquet')}')`,
  )
  const files =
    shape === 'small' ? ['*.parquet'] : (await readdir(reviews)).filter(name => name.endsWith('.parquet')).sort()
  for (const [i, file] of files.entries()) {
    await connection.run(
      `COPY (SELECT r.*, c.customer_name, c.gender, c.date_of_birth, c.city, c.state
        FROM read_parquet('${join(reviews, file)}') r JOIN customers c ON r.customer_id = c.customer_id
        ${where ? "WHERE r.verified_purchase = 'Y'" : ''})
      TO '${join(silver, `part-${i}.parquet`)}' (FORMAT parquet, COMPRESSION snappy)`,
    )
  }
  connection.closeSync()
  instance.closeSync()
}

/** Rows and an order-independent hash of a silver folder's rows. */
export async function contentOf(folder: string): Promise<string> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
  const connection = await instance.connect()
  const rows = `SELECT * REPLACE (strftime(review_timestamp::TIMESTAMP, '%c %f') AS review_timestamp)
    FROM read_parquet('${join(folder, '*.parquet')}')`
  const reader = await connection.runAndReadAll(
    `SELECT count(*) || ' rows, hash ' || sum(hash(t)) AS content FROM (${rows}) t`,
  )
  const [[content] = []] = reader.getRowsJson()
  connection.closeSync()
  instance.closeSync()
  return String(content)
}
