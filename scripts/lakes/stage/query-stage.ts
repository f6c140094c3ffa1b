import { type ResultTable, statementPages } from '../../../functions/adapters/athena/athena.ts'
import { collect, type RowStream } from '../../../functions/adapters/duckdb/collect.ts'
import type { Json } from '../../../functions/adapters/step-functions/distributed-map.ts'
import { UsageError } from '../../../functions/base/refusal.ts'
import type { OpenLake } from '../lake.ts'
import type { Stage } from './find-stage.ts'

/** A silver table in Athena, and the workgroup that asks it. */
export type AthenaTable = Pick<Stage, 'athena' | 'workgroup' | 'table'>

/** How a table in Athena is asked. */
export function answersOfAthena(table: AthenaTable): Pick<OpenLake, 'stream' | 'query' | 'writeParquet'> {
  const stream = (sql: string) => streamStage(table, sql)
  return {
    stream,
    query: async sql => collect(await stream(sql)),
    writeParquet: async () => {
      throw new UsageError('--format parquet is for a lake that DuckDB reads: where Athena answers, write csv or json')
    },
  }
}

/** Runs a query by Athena; `silver.reviews` means the stage's table, whatever its database is called. */
export async function streamStage({ athena, workgroup, table }: AthenaTable, sql: string): Promise<RowStream> {
  const pages = statementPages(athena, workgroup, nameTable(sql, `"${table.database}"."${table.table}"`))
  const first = await pages.next()
  const columns = first.done ? [] : first.value.columns
  return {
    columns: columns.map(({ name }) => name),
    pages: (async function* () {
      if (!first.done) yield cellsOf(first.value)
      for await (const page of pages) yield cellsOf(page)
    })(),
  }
}

function cellsOf({ columns, rows }: ResultTable): Json[][] {
  return rows.map(row => row.map((text, i) => parseCell(text, columns[i]?.type ?? 'varchar')))
}

/** Puts a table's name in the place of `silver.reviews`, outside of texts, quoted names and comments. */
export function nameTable(sql: string, table: string): string {
  const token = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\bsilver\s*\.\s*reviews\b/gi
  return sql.replaceAll(token, found => (/^silver/i.test(found) ? table : found))
}

/** A cell as JSON: numbers as long as they fit one, truth values, everything else as the text that Athena gives. */
function parseCell(text: string | null, type: ResultTable['columns'][number]['type']): Json {
  if (text === null) return null
  if (type === 'boolean') return text === 'true'
  if (!/^(tinyint|smallint|integer|int|bigint|float|real|double)$/.test(type)) return text
  const value = Number(text)
  return Number.isFinite(value) && (Number.isSafeInteger(value) || !/int/.test(type)) ? value : text
}
