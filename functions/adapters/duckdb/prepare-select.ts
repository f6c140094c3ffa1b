import { type DuckDBConnection, type DuckDBPreparedStatement, StatementType } from '@duckdb/node-api'
import { UsageError } from '../../base/refusal.ts'
import { LOG_TABLES } from '../../maintain/log-tables/log-tables.ts'
import { refuseWriting } from './statement.ts'

/** Prepares the one statement of a text, which must only read. Throws UsageError for anything else. */
export async function prepareSelect(connection: DuckDBConnection, sql: string): Promise<DuckDBPreparedStatement> {
  refuseWriting(sql)
  const statements = await understood(() => connection.extractStatements(sql))
  if (statements.count !== 1) {
    throw new UsageError(`one statement is needed, and there are ${statements.count}: ask one at a time`)
  }
  const prepared = await understood(() => statements.prepare(0))
  const { statementType } = prepared
  if (statementType === StatementType.SELECT || statementType === StatementType.EXPLAIN) return prepared
  throw new UsageError(`a query only reads, and this statement is a ${StatementType[statementType]}`)
}

/** What DuckDB refuses is a mistake in the statement. */
export async function understood<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    throw new UsageError(readable(message), { cause: error })
  }
}

const TABLES = `$1$2: the tables are ${['reviews', ...Object.keys(LOG_TABLES)].map(name => `silver.${name}`).join(', ')}`

/** DuckDB's message with a line's number in the place of the line, and the tables that there are for one that is not. */
function readable(message: string): string {
  return message
    .replace(/^Failed to \w+ statements?: /, '')
    .replace(/\s*\n\s*LINE (\d+): [\s\S]*$/, ' (line $1)')
    .replace(/(Table with name .* does not exist)!.*?( \(line \d+\))?$/s, TABLES)
    .trim()
}
