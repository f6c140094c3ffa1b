import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  type DuckDBConnection,
  type DuckDBResult,
  type Json,
  JsonDuckDBValueConverter,
  StatementType,
} from '@duckdb/node-api'
import { rowJson } from './cell-json.ts'
import type { RowStream } from './collect.ts'
import { literal } from './local-athena.ts'
import { packTexts, type ResultColumn, selectedColumns, unpackRow } from './pack-texts.ts'
import { prepareSelect, understood } from './prepare-select.ts'

/**
 * Starts one statement that only reads; its rows are JSON. `close` is called when they were read, or nobody wants more.
 * Throws UsageError for any other statement.
 */
export async function streamRows(
  connection: DuckDBConnection,
  sql: string,
  close: () => void = () => undefined,
): Promise<RowStream> {
  try {
    const prepared = await prepareSelect(connection, sql)
    const columns = selectedColumns(prepared)
    const packed = prepared.statementType === StatementType.SELECT && (await packTexts(connection, sql, columns))
    const result = await understood(() => (packed || prepared).stream())
    // of EXPLAIN and its like the columns are known when they were run
    const names = packed ? columns.map(({ name }) => name) : result.columnNames()
    return { columns: names, pages: pagesOf(result, packed ? columns : undefined, close) }
  } catch (error) {
    close()
    throw error
  }
}

/** Writes the rows of one statement that only reads as a Parquet file, and returns their number. */
export async function writeParquet(connection: DuckDBConnection, sql: string, file: string): Promise<number> {
  await prepareSelect(connection, sql)
  const select = sql.replace(/(?:;|\s)+$/, '') // on lines of its own: it may end in a comment
  const copy = `COPY (\n${select}\n) TO ${literal(file)} (FORMAT parquet)`
  const result = await understood(() => connection.run(copy))
  return result.rowsChanged
}

/** Chunks between two collections of garbage. */
const CHUNKS = 4

async function* pagesOf(
  result: DuckDBResult,
  packed: readonly ResultColumn[] | undefined,
  close: () => void,
): AsyncGenerator<Json[][]> {
  try {
    const types = packed?.map(({ type }) => type) ?? result.columnTypes()
    for (let chunks = 1; ; chunks++) {
      const chunk = await understood(() => result.fetchChunk())
      if (!chunk || chunk.rowCount === 0) return
      const rows = chunk.convertRows(JsonDuckDBValueConverter)
      yield rows.map(row => rowJson(packed ? unpackRow(row, packed) : row, types))
      // a chunk of 2,048 rows lies outside of the heap until its small object is collected, which nothing else asks for
      if (chunks % CHUNKS === 0) collectGarbage()
    }
  } finally {
    close()
  }
}

let collector: (() => void) | undefined

function collectGarbage(): void {
  if (!collector) {
    setFlagsFromString('--semi-space-growth-factor=1') // rows die young: a larger nursery takes memory and saves nothing
    setFlagsFromString('--expose-gc')
    collector = runInNewContext('gc') as typeof collector // what the flag exposes
  }
  collector?.()
}
