import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { mapConcurrently } from '../../base/concurrently.ts'
import { Refusal } from '../../base/refusal.ts'
import { PROVENANCE, RULES } from '../../engine/sources/source-file.ts'
import type { Lake } from '../../lake/lake.ts'
import type { FilesTable, KeptFile, LoggedLake, LogRow, RowsTable } from '../../maintain/log-tables/log-table.ts'
import { LOG_TABLES } from '../../maintain/log-tables/log-tables.ts'
import { readWholeLog } from '../../readers/whole-log.ts'
import type { Column } from '../../sql/types.ts'
import { asPattern, castColumn, definitions, duckType, identifier, literal } from './local-athena.ts'
import { SilverCache } from './silver-cache.ts'

/** A lake whose log is asked. */
export interface AskedLake extends Lake {
  /** Its directory; null on S3, from where files are fetched. */
  readonly root: string | null
  readonly uri: string
}

/** Objects looked at side by side. */
const CONCURRENCY = 32

/**
 * Adds the tables of the log to a connection: those that a statement names with their rows, the others so that they are
 * listed and say what to do when they are asked. Returns the files that the statement may open. Throws BrokenLog,
 * Refusal.
 */
export async function addLogTables(
  connection: DuckDBConnection,
  lake: AskedLake,
  named: ReadonlySet<string>,
): Promise<readonly string[]> {
  const known = Object.entries(LOG_TABLES)
  for (const [name, { columns }] of known) if (!named.has(name)) await addUnread(connection, name, columns)
  const asked = known.filter(([name]) => named.has(name))
  if (asked.length === 0) return []
  const { log } = await readWholeLog(lake.store, lake.layout)
  const opened: string[] = []
  for (const [name, table] of asked) {
    const logged = { store: lake.store, layout: lake.layout, log }
    if ('rows' in table) await addRows(connection, name, table, logged)
    else opened.push(...(await addFiles(connection, name, table, { lake, logged })))
  }
  return opened
}

/** Which tables a statement asks for is seen by their whole names: a view that finds out otherwise ends with an error. */
async function addUnread(connection: DuckDBConnection, name: string, columns: readonly Column[]): Promise<void> {
  const nothing = columns.map(column => `CAST(NULL AS ${duckType(column.type)}) AS ${identifier(column.name)}`)
  const message = literal(`write the table's whole name, silver.${name}, in FROM`)
  await connection.run(
    `CREATE VIEW silver.${identifier(name)} AS SELECT ${nothing.join(', ')} WHERE error(${message}) IS NULL`,
  )
}

async function addRows(
  connection: DuckDBConnection,
  name: string,
  { columns, rows }: RowsTable,
  lake: LoggedLake,
): Promise<void> {
  const table = `silver.${identifier(name)}`
  await connection.run(`CREATE TABLE ${table} (${definitions(columns)})`)
  for await (const slice of rows(lake)) await insert(connection, table, columns, slice)
}

/** Adds rows, which are sent as one text: a call for each value would take longer than all the rest. */
async function insert(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Column[],
  rows: readonly LogRow[],
): Promise<void> {
  const structure = JSON.stringify([Object.fromEntries(columns.map(({ name, type }) => [name, duckType(type)]))])
  const names = columns.map(({ name }) => `r.${identifier(name)}`)
  await connection.run(
    `INSERT INTO ${table} SELECT ${names.join(', ')} FROM (SELECT unnest(from_json($1, ${literal(structure)})) AS r)`,
    [JSON.stringify(rows)],
  )
}

/** The columns of a table of files that say where its rows come from, after what is said of them. */
export const ORIGINS = [
  { name: 'bronze_file', type: 'string' },
  { name: 'bronze_row', type: 'bigint' },
] as const satisfies readonly Column[]

/** The column in which DuckDB says which file a row is from. */
const PATH = { name: '_silversmith_path', type: 'string' } as const

async function addFiles(
  connection: DuckDBConnection,
  name: string,
  { columns, own, told, files }: FilesTable,
  { lake, logged }: { readonly lake: AskedLake; readonly logged: LoggedLake },
): Promise<readonly string[]> {
  const rowColumns = own(logged.log.state)
  const kept = await files(logged)
  const paths = await fetchAll(lake, kept)
  const inFiles = [...rowColumns, ...(told === 'rules' ? [RULES] : []), ...PROVENANCE, PATH]
  const empty = `empty.${identifier(name)}`
  const facts = [PATH, ...columns, { name: '_silversmith_key_columns', type: 'string' }] as const
  const dropped = [PATH, ...PROVENANCE.slice(0, 2)]
  const [factsTable, voidTable] = [`empty.${identifier(`${name}_files`)}`, `empty.${identifier(`${name}_void`)}`]
  await connection.run(`CREATE TABLE ${empty} (${definitions(inFiles)})`)
  await connection.run(`CREATE TABLE ${factsTable} (${definitions(facts)})`)
  await connection.run(`CREATE TABLE ${voidTable} (${definitions(dropped)})`)
  const path = (i: number) => paths[i] ?? ''
  const rows = kept.map((file, i) => ({
    ...file.facts,
    ...{ [PATH.name]: path(i), _silversmith_key_columns: keyList(file) },
  }))
  await insert(connection, factsTable, facts, rows)
  const gone = kept.flatMap(({ bronze, isVoid }, i) =>
    bronze.filter(isVoid).map(({ key, etag }) => ({
      ...{ [PATH.name]: path(i), _silversmith_key: key, _silversmith_etag: etag },
    })),
  )
  await insert(connection, voidTable, dropped, gone)
  const list = paths.map(each => literal(asPattern(each))).join(', ')
  const options = `union_by_name = true, hive_partitioning = false, filename = ${literal(PATH.name)}`
  const all = `SELECT * FROM ${empty}${paths.length > 0 ? ` UNION ALL BY NAME SELECT * FROM read_parquet([${list}], ${options})` : ''}`
  const taken = new Set([...columns, { name: told }, ...ORIGINS].map(each => each.name))
  await connection.run(
    `CREATE VIEW silver.${identifier(name)} AS SELECT ${[
      ...columns.map(each => `facts.${identifier(each.name)}`),
      `${told === 'rules' ? `r.${RULES.name}` : missingKey(rowColumns, kept)} AS ${told}`,
      'r._silversmith_key AS bronze_file, r._silversmith_row AS bronze_row',
      ...rowColumns.map(({ name, type }) => {
        return `${castColumn(type, `r.${identifier(name)}`)} AS ${identifier(freeName(name, taken))}`
      }),
    ].join(', ')} FROM (${all}) AS r JOIN ${factsTable} AS facts USING (${PATH.name}) ` +
      `ANTI JOIN ${voidTable} USING (${dropped.map(each => each.name).join(', ')})`,
  )
  return paths
}

/** The values of the columns by which each file's rows look for what they may lack, as one text. */
function missingKey(reviews: readonly Column[], kept: readonly KeptFile[]): string {
  const lists = new Map(kept.map(file => [keyList(file), file.keys]))
  const cases = [...lists].flatMap(([list, keys]) => {
    const texts = reviews
      .filter(({ name }) => keys.some(key => key.toLowerCase() === name.toLowerCase()))
      .map(({ name }) => `CAST(r.${identifier(name)} AS VARCHAR)`)
    const [only, other] = texts
    const text =
      other === undefined ? only : `concat_ws(', ', ${texts.map(each => `coalesce(${each}, 'NULL')`).join(', ')})`
    return text === undefined ? [] : [`WHEN ${literal(list)} THEN ${text}`]
  })
  return cases.length === 0 ? 'CAST(NULL AS VARCHAR)' : `CASE facts._silversmith_key_columns ${cases.join(' ')} END`
}

function keyList({ keys }: KeptFile): string {
  return JSON.stringify(keys)
}

/** A review's column that has the name of one of ours gets a number. */
function freeName(name: string, taken: Set<string>): string {
  let free = name
  for (let i = 1; taken.has(free.toLowerCase()); i++) free = `${name}:${i}`
  taken.add(free.toLowerCase())
  return free
}

/** Where the files lie on this machine. Throws Refusal for one that is gone. */
async function fetchAll({ store, layout, root, uri }: AskedLake, kept: readonly KeptFile[]): Promise<string[]> {
  const objects = await mapConcurrently(kept, CONCURRENCY, async ({ file: { key }, facts: { batch } }) => {
    const info = await store.head(key)
    if (info) return info
    throw new Refusal(`${key} is gone: restore it, or write batch ${batch} again, which takes its rows from bronze`)
  })
  if (root !== null) return objects.map(({ key }) => join(root, key))
  return new SilverCache().fetch(store, { uri, folder: layout.hidden }, objects)
}
