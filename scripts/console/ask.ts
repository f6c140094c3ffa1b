import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { refuseWriting } from '../../functions/adapters/duckdb/statement.ts'
import type { OpenLake } from '../lakes/lake.ts'
import { textOf } from '../terminal/formats.ts'
import type { AskedRows } from './api.ts'
import { SAFE_HEADERS } from './guard.ts'

/** The most rows that an answer has. */
const MOST = 10_000

/** Asks a statement as `query` does, and takes its first rows. Throws UsageError for a statement that does not only read. */
export async function ask(lake: OpenLake, sql: string): Promise<AskedRows> {
  refuseWriting(sql)
  const started = performance.now()
  const { columns, pages } = await lake.stream(sql)
  const rows: (readonly unknown[])[] = []
  let more = false
  for await (const page of pages) {
    rows.push(...page.slice(0, MOST - rows.length))
    more = page.length > MOST - rows.length && rows.length === MOST
    if (rows.length === MOST) break
  }
  return { columns, rows, more: more || rows.length === MOST, milliseconds: performance.now() - started }
}

/** Sends all rows of a statement as a file. */
export async function exportRows(
  lake: OpenLake,
  { sql, format }: { readonly sql: string; readonly format: 'csv' | 'parquet' },
  response: ServerResponse,
): Promise<void> {
  refuseWriting(sql)
  const headers = { ...SAFE_HEADERS, 'content-disposition': `attachment; filename="silver.${format}"` }
  if (format === 'csv') {
    const rows = await lake.stream(sql)
    response.writeHead(200, { ...headers, 'content-type': 'text/csv; charset=utf-8' })
    return pipeline(textOf('csv', rows, Number.POSITIVE_INFINITY), response)
  }
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-console-'))
  try {
    const file = join(folder, 'silver.parquet')
    await lake.writeParquet(sql, file)
    const { size } = await stat(file)
    response.writeHead(200, { ...headers, 'content-type': 'application/octet-stream', 'content-length': size })
    await pipeline(createReadStream(file), response)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
