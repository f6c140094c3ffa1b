import { type DuckDBConnection, DuckDBInstance, type Json, JsonDuckDBValueConverter } from '@duckdb/node-api'
import { type Column, isNested } from '../../sql/types.ts'
import { rowJson } from './cell-json.ts'
import { asPattern, castColumn, duckType, identifier, literal } from './local-athena.ts'

/** The rows of two sets of silver files, and how to find what became of each. */
export interface Comparison {
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** The table's columns; a file that lacks one has NULL there. */
  readonly columns: readonly Column[]
  /** The columns by which rows that differ are taken for the same row; those of `likelyKey` if not given. */
  readonly key: readonly string[] | undefined
  /** The most rows to show of each kind. */
  readonly sample: number
  /** A directory for what does not fit into memory. */
  readonly scratch: string
}

/** What became of the rows: `before` = same + changed + gone, `after` = same + changed + added. */
export interface RowDifference {
  readonly before: number
  readonly after: number
  readonly same: number
  readonly changed: number
  readonly gone: number
  readonly added: number
  /** Empty where rows can only be told apart as a whole: then none is changed. */
  readonly key: readonly string[]
  /** The columns that differ in changed rows, in the table's order. */
  readonly columns: readonly ColumnDifference[]
  readonly sample: {
    readonly changed: readonly ChangedRow[]
    readonly gone: readonly RowCells[]
    readonly added: readonly RowCells[]
  }
}

export interface ColumnDifference {
  readonly name: string
  /** Changed rows in which it differs; of them those in which it was NULL, and is. */
  readonly rows: number
  readonly wasNull: number
  readonly isNull: number
}

export type RowCells = Readonly<Record<string, Json>>

export interface ChangedRow {
  readonly key: RowCells
  /** What differs. */
  readonly before: RowCells
  readonly after: RowCells
}

/** The memory that DuckDB uses before it spills to files. */
const MEMORY = '1GB'

/** What the comparison adds to the columns of a table, which may have any name but these. */
const PATH = '_silversmith_path'
const IS_OLD = '_silversmith_is_old'
const NET = '_silversmith_net'
const PLACE = '_silversmith_place'
const [OLD, NEW] = ['_silversmith_old', '_silversmith_new']

/**
 * Compares the rows of silver files as multisets: rows that are equal in all columns, as SQL's IS NOT DISTINCT FROM has
 * it, are the same, each once. Of the rest, those with the same key are paired in the order of their values, and are
 * changed; a NULL in the key is like no other. What is left is gone, or added.
 */
export async function compareRows(comparison: Comparison): Promise<RowDifference> {
  const { columns, sample, scratch } = comparison
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: scratch, memory_limit: MEMORY })
  const connection = await instance.connect()
  try {
    await connection.run("SET TimeZone = 'UTC'")
    await connection.run(`CREATE VIEW compared AS ${await allRows(connection, comparison)}`)
    await connection.run(
      `CREATE TABLE differing AS SELECT ${names(columns)}, count(*) FILTER (${IS_OLD}) - count(*) FILTER (NOT ${IS_OLD}) AS ${NET} ` +
        `FROM compared GROUP BY ALL HAVING ${NET} <> 0`,
    )
    const [[rowsBefore = 0, rowsAfter = 0] = []] = await numbers(
      connection,
      `SELECT count(*) FILTER (${IS_OLD}), count(*) FILTER (NOT ${IS_OLD}) FROM compared`,
    )
    const key = comparison.key ?? (await likelyKey(connection, columns))
    await pair(connection, columns, key)
    const [[changed = 0, gone = 0, added = 0] = []] = await numbers(
      connection,
      'SELECT (SELECT count(*) FROM pairs), (SELECT count(*) FROM gone), (SELECT count(*) FROM added)',
    )
    return {
      ...{ before: rowsBefore, after: rowsAfter, same: rowsBefore - changed - gone, changed, gone, added, key },
      columns: changed === 0 ? [] : await countColumns(connection, columns),
      sample: {
        changed: await changedRows(connection, columns, key, sample),
        gone: await someRows(connection, 'gone', columns, sample),
        added: await someRows(connection, 'added', columns, sample),
      },
    }
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/** Both sides in one scan, so that columns without a declared type have the same one. What no file has is NULL. */
async function allRows(connection: DuckDBConnection, { before, after, columns }: Comparison): Promise<string> {
  const files = [...before, ...after]
  const list = files.map(file => literal(asPattern(file))).join(', ')
  const options = `union_by_name = true, hive_partitioning = false, filename = '${PATH}'`
  const all = files.length === 0 ? `(SELECT '' AS ${PATH} WHERE false)` : `read_parquet([${list}], ${options})`
  const described = await read(connection, `DESCRIBE SELECT * FROM ${all}`)
  const there = new Set(described.map(([name]) => String(name).toLowerCase()))
  const cells = columns.map(({ name, type }) => {
    const column = identifier(name)
    const declared = isNested(type) ? 'VARCHAR' : duckType(type)
    return `${there.has(name.toLowerCase()) ? castColumn(type, column) : `CAST(NULL AS ${declared})`} AS ${column}`
  })
  const isOld = before.length === 0 ? 'false' : `${PATH} IN (${before.map(literal).join(', ')})`
  return `SELECT ${cells.join(', ')}, ${isOld} AS ${IS_OLD} FROM ${all}`
}

/**
 * The column by which rows are known: review_id, or else the first that has one value for each differing row of a side,
 * no NULL, and values that both sides have.
 */
async function likelyKey(connection: DuckDBConnection, columns: readonly Column[]): Promise<readonly string[]> {
  const usual = columns.find(({ name }) => name.toLowerCase() === 'review_id')
  if (usual) return [usual.name]
  for (const { name, type } of columns) {
    if (isNested(type)) continue
    const column = identifier(name)
    const side = (sign: string) =>
      `(SELECT count(*) = count(DISTINCT ${column}) AND bool_and(abs(${NET}) = 1) FROM differing WHERE ${NET} ${sign} 0)`
    const both = `EXISTS (SELECT 1 FROM differing a JOIN differing b USING (${column}) WHERE a.${NET} > 0 AND b.${NET} < 0)`
    const [[isKey = 0] = []] = await numbers(
      connection,
      `SELECT CAST(coalesce(${side('>')} AND ${side('<')} AND ${both}, false) AS INTEGER)`,
    )
    if (isKey === 1) return [name]
  }
  return []
}

/** Pairs the rows that differ by their key and their place among those with the same one. */
async function pair(connection: DuckDBConnection, columns: readonly Column[], key: readonly string[]): Promise<void> {
  const keys = key.map(identifier)
  const partition = keys.length > 0 ? `PARTITION BY ${keys.join(', ')} ` : ''
  const place = `row_number() OVER (${partition}ORDER BY ${names(columns)})`
  const side = (sign: string) =>
    `SELECT ${names(columns)}, ${place} AS ${PLACE} FROM ` +
    `(SELECT *, unnest(range(abs(${NET}))) FROM differing WHERE ${NET} ${sign} 0)`
  await connection.run(`CREATE TABLE old_rows AS ${side('>')}; CREATE TABLE new_rows AS ${side('<')}`)
  const same =
    keys.length === 0 ? 'false' : [PLACE, ...keys].map(each => `${OLD}.${each} = ${NEW}.${each}`).join(' AND ')
  await connection.run(
    `CREATE VIEW pairs AS SELECT ${OLD}, ${NEW} FROM old_rows ${OLD} JOIN new_rows ${NEW} ON ${same}`,
  )
  await connection.run(`CREATE VIEW gone AS SELECT * FROM old_rows ${OLD} ANTI JOIN new_rows ${NEW} ON ${same}`)
  await connection.run(`CREATE VIEW added AS SELECT * FROM new_rows ${NEW} ANTI JOIN old_rows ${OLD} ON ${same}`)
}

async function countColumns(connection: DuckDBConnection, columns: readonly Column[]): Promise<ColumnDifference[]> {
  const counts = columns.flatMap(({ name }) => {
    const [o, n] = sides(name)
    const differs = `count(*) FILTER (${o} IS DISTINCT FROM ${n}`
    return [`${differs})`, `${differs} AND ${o} IS NULL)`, `${differs} AND ${n} IS NULL)`]
  })
  const [row = []] = await numbers(connection, `SELECT ${counts.join(', ')} FROM pairs`)
  return columns
    .map(({ name }, i) => {
      const [rows = 0, wasNull = 0, isNull = 0] = row.slice(i * 3, i * 3 + 3)
      return { name, rows, wasNull, isNull }
    })
    .filter(({ rows }) => rows > 0)
}

async function changedRows(
  connection: DuckDBConnection,
  columns: readonly Column[],
  key: readonly string[],
  limit: number,
): Promise<ChangedRow[]> {
  const cells = columns.flatMap(({ name }) => {
    const [o, n] = sides(name)
    return [`${o}`, `${n}`, `${o} IS DISTINCT FROM ${n}`]
  })
  const order = key.map(name => sides(name)[0]).join(', ')
  const rows =
    key.length === 0
      ? []
      : await read(connection, `SELECT ${cells.join(', ')} FROM pairs ORDER BY ${order} LIMIT ${limit}`)
  return rows.map(row => {
    const differing = columns.flatMap(({ name }, i) => (row[i * 3 + 2] === true ? [[name, i * 3] as const] : []))
    const cell = (i: number) => row[i] ?? null
    return {
      key: Object.fromEntries(key.map(name => [name, cell(columns.findIndex(each => each.name === name) * 3)])),
      before: Object.fromEntries(differing.map(([name, i]) => [name, cell(i)])),
      after: Object.fromEntries(differing.map(([name, i]) => [name, cell(i + 1)])),
    }
  })
}

async function someRows(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  limit: number,
): Promise<RowCells[]> {
  const rows = await read(connection, `SELECT ${names(columns)} FROM ${table} ORDER BY ALL LIMIT ${limit}`)
  return rows.map(row => Object.fromEntries(columns.map(({ name }, i) => [name, row[i] ?? null])))
}

function sides(name: string): readonly [string, string] {
  return [`${OLD}.${identifier(name)}`, `${NEW}.${identifier(name)}`]
}

function names(columns: readonly Column[]): string {
  return columns.map(({ name }) => identifier(name)).join(', ')
}

async function read(connection: DuckDBConnection, sql: string): Promise<Json[][]> {
  const result = await connection.runAndReadAll(sql)
  const types = result.columnTypes()
  return result.convertRows(JsonDuckDBValueConverter).map(row => rowJson(row, types))
}

async function numbers(connection: DuckDBConnection, sql: string): Promise<number[][]> {
  return (await read(connection, sql)).map(row => row.map(Number))
}
