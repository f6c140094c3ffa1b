import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena'
import { GlueClient } from '@aws-sdk/client-glue'
import { AthenaFailed, AthenaUnavailable } from '../../base/errors.ts'
import { once } from '../../base/once.ts'
import { type Athena, athenaCatalogOf } from '../../readers/athena/athena-catalog.ts'
import type { Catalog } from '../../readers/athena/catalog.ts'
import { setting } from '../environment.ts'
import { lake } from '../lambda/lake.ts'
import { connectGlue } from './glue.ts'

/** Milliseconds between two looks at a running statement, at first and at most. */
const FIRST_WAIT = 100
const LONGEST_WAIT = 2000

/** A page of a statement's result as Athena gives it: texts, with NULL as null. */
export interface ResultTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: (string | null)[][]
}

/** Athena through one workgroup, which has its own place for results and its own scan limit. */
export function connectAthena(client: AthenaClient, workgroup: string): Athena {
  return {
    run: async sql => {
      const rows: (string | null)[][] = []
      for await (const page of statementPages(client, workgroup, sql)) for (const row of page.rows) rows.push(row)
      return rows
    },
  }
}

/**
 * Runs a statement to its end and gives its result, a page (1,000 rows) at a time; there is always a first one, which
 * has the columns. Throws AthenaFailed, or AthenaUnavailable for what a retry may mend.
 */
export async function* statementPages(
  client: AthenaClient,
  workgroup: string,
  sql: string,
): AsyncGenerator<ResultTable, void> {
  const start = new StartQueryExecutionCommand({ QueryString: sql, WorkGroup: workgroup })
  const { QueryExecutionId = '' } = await answer(() => client.send(start))
  await finish(client, QueryExecutionId, sql)
  // a query's first row is its header, a statement's is not
  let header = /^\s*(select|with)\b/i.test(sql) ? 1 : 0
  let NextToken: string | undefined
  do {
    const { ResultSet, NextToken: next } = await answer(() =>
      client.send(new GetQueryResultsCommand({ QueryExecutionId, NextToken })),
    )
    const columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = '', Type = '' }) => ({
      name: Name,
      type: Type,
    }))
    const rows = (ResultSet?.Rows ?? []).map(({ Data = [] }) => Data.map(cell => cell.VarCharValue ?? null))
    yield { columns, rows: rows.slice(header) }
    header = 0
    NextToken = next
  } while (NextToken !== undefined)
}

async function finish(client: AthenaClient, QueryExecutionId: string, sql: string): Promise<void> {
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.5, LONGEST_WAIT)) {
    const { QueryExecution: query } = await answer(() =>
      client.send(new GetQueryExecutionCommand({ QueryExecutionId })),
    )
    const state = query?.Status?.State
    if (state === 'SUCCEEDED') return
    if (state === 'FAILED' || state === 'CANCELLED') throw failure(query, sql)
    await new Promise(done => setTimeout(done, wait))
  }
}

function failure(query: QueryExecution | undefined, sql: string): Error {
  const { StateChangeReason = 'no reason given', AthenaError } = query?.Status ?? {}
  const message = `Athena failed (${StateChangeReason}) at: ${sql.replaceAll(/\s+/g, ' ').slice(0, 200)}`
  return AthenaError?.Retryable ? new AthenaUnavailable(message) : new AthenaFailed(message)
}

/** What the service refuses is final; throttling, 5xx and network errors are not. */
async function answer<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error))
    if (name === 'InvalidRequestException' || name === 'AccessDeniedException') {
      const what = `Athena refused a call (${name}: ${message}): check the workgroup and the role's policy`
      throw new AthenaFailed(what, { cause: error })
    }
    throw new AthenaUnavailable(`Athena did not answer (${name})`, { cause: error })
  }
}

/** The silver table of the deployment. */
export const athenaCatalog: () => Catalog = once(() => {
  const { bucket, layout } = lake()
  const athena = connectAthena(new AthenaClient({ maxAttempts: 5 }), setting('ATHENA_WORKGROUP'))
  const name = { database: setting('GLUE_DATABASE'), table: setting('GLUE_TABLE', 'reviews') }
  const glue = connectGlue(new GlueClient({ maxAttempts: 5 }), name)
  const goesBy = setting('ATHENA_TABLE', 'partitions') === 'delta' ? 'delta' : 'partitions'
  return athenaCatalogOf(goesBy, { athena, glue, name, root: `s3://${bucket}/${layout.roots.silver}` })
})
