import type { Json } from '@duckdb/node-api'

/** Rows of a query in the order in which they come, a page at a time: no more than a page is held. */
export interface RowStream {
  readonly columns: readonly string[]
  /** To be read once; stopping before the end cancels the query. */
  readonly pages: AsyncIterable<readonly (readonly Json[])[]>
}

/** All rows of a query. */
export interface QueryResult {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Json[])[]
}

/** Reads a stream to its end, for results that are known to be small. */
export async function collect({ columns, pages }: RowStream): Promise<QueryResult> {
  const rows: (readonly Json[])[] = []
  for await (const page of pages) for (const row of page) rows.push(row)
  return { columns, rows }
}
