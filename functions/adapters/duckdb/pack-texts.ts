import { type DuckDBConnection, type DuckDBPreparedStatement, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api'

/** A column of a statement's result. */
export interface ResultColumn {
  readonly name: string
  readonly type: DuckDBType
}

/** The columns that a statement gives. */
export function selectedColumns(prepared: DuckDBPreparedStatement): ResultColumn[] {
  return Array.from({ length: prepared.columnCount }, (_, i) => ({
    name: prepared.columnName(i),
    type: prepared.columnType(i),
  }))
}

/**
 * The same statement with its text columns packed into a first one, a JSON array for each row; undefined where that is not
 * worth it or the statement can't stand in FROM. Each text that DuckDB's client reads costs a call and a buffer of its own
 * outside of the heap, which is most of the time and the memory that a wide result takes.
 */
export async function packTexts(
  connection: DuckDBConnection,
  sql: string,
  columns: readonly ResultColumn[],
): Promise<DuckDBPreparedStatement | undefined> {
  if (columns.filter(isText).length < 2) return undefined
  const names = columns.map((_, i) => `c${i}`)
  const texts = names.filter((_, i) => isText(columns[i]))
  const others = names.filter((_, i) => !isText(columns[i]))
  const select = sql.replace(/(?:;|\s)+$/, '') // on lines of its own: it may end in a comment
  try {
    return await connection.prepare(
      `SELECT ${[`json_array(${texts.join(', ')})`, ...others].join(', ')} FROM (\n${select}\n) AS packed(${names.join(', ')})`,
    )
  } catch {
    return undefined
  }
}

/** Puts the texts of a packed row back between its other values. */
export function unpackRow<Value>(row: readonly Value[], columns: readonly ResultColumn[]): (Value | string | null)[] {
  const texts: (string | null)[] = JSON.parse(String(row[0]))
  let text = 0
  let other = 1
  return columns.map(column => (isText(column) ? (texts[text++] ?? null) : (row[other++] ?? null)))
}

function isText(column: ResultColumn | undefined): boolean {
  // an alias, such as JSON, has a meaning of its own
  return column?.type.typeId === DuckDBTypeId.VARCHAR && column.type.alias === undefined
}
