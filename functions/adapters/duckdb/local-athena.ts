import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import type { Layout } from '../../lake/layout.ts'
import { printType } from '../../sql/type-text.ts'
import { type Column, isNested, type SqlType } from '../../sql/types.ts'
import type { CatalogTable } from './local-catalog.ts'

/** Opens a lake in a directory as Athena would show it. */
export async function openAthena(root: string, layout: Layout, table: CatalogTable): Promise<DuckDBConnection> {
  const files = await Promise.all(table.partitions.map(each => partitionFiles(root, layout, each.location)))
  return openSilver(table, files.flat())
}

/** What a connection has besides `silver.reviews`. */
export interface Beside {
  /** The file that a result may be written to. */
  readonly output?: string
  /** Adds other tables, and returns the files that they open. */
  readonly addTables?: (connection: DuckDBConnection) => Promise<readonly string[]>
}

/**
 * Opens a connection in which `silver.reviews` is the rows of some files, whose paths hold the partition columns. It can
 * open no other files, whatever the statement says, except those of the other tables and the output.
 */
export async function openSilver(
  table: Pick<CatalogTable, 'columns'>,
  files: readonly string[],
  { output, addTables = async () => [] }: Beside = {},
): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const columns = [
    ...table.columns,
    { name: 'ingest_date', type: 'string' },
    { name: 'batch', type: 'string' },
  ] as const
  await connection.run(`SET TimeZone = 'UTC'; CREATE SCHEMA silver; CREATE SCHEMA empty`)
  await connection.run(`CREATE TABLE empty.rows (${definitions(columns)})`)
  await connection.run(`CREATE VIEW silver.reviews AS ${view(columns, files)}`)
  await connection.run('SET schema = silver') // as in Athena, SHOW TABLES lists it
  const all = [...files, ...(await addTables(connection))]
  // DuckDB asks for both what a pattern says and what it finds
  const opened = [...all, ...all.map(asPattern), ...(output === undefined ? [] : [output])]
  const allowed = opened.map(literal).join(', ')
  await connection.run(
    `SET allowed_paths = [${allowed}]; SET enable_external_access = false; SET lock_configuration = true`,
  )
  return connection
}

/** The rows that a query sees in each batch. */
export async function countRows(
  root: string,
  layout: Layout,
  table: CatalogTable,
): Promise<ReadonlyMap<string, number>> {
  const connection = await openAthena(root, layout, table)
  try {
    const result = await connection.runAndReadAll('SELECT batch, COUNT(*) FROM silver.reviews GROUP BY batch')
    return new Map(result.getRows().map(([batch, count]) => [String(batch), Number(count)]))
  } finally {
    connection.closeSync()
  }
}

/** The columns as the catalog has them; a file that lacks one gives NULL, as in Athena. */
function view(columns: readonly Column[], files: readonly string[]): string {
  const nothing = 'SELECT * FROM empty.rows'
  if (files.length === 0) return nothing
  const list = files.map(file => literal(asPattern(file))).join(', ')
  // the partition columns come from the paths, as text
  const options = 'union_by_name = true, hive_partitioning = true, hive_types_autocast = false'
  const selected = columns.map(({ name, type }) => {
    return `${castColumn(type, `reviews.${identifier(name)}`)} AS ${identifier(name)}`
  })
  const all = `SELECT * FROM empty.rows UNION ALL BY NAME SELECT * FROM read_parquet([${list}], ${options})`
  return `SELECT ${selected.join(', ')} FROM (${all}) AS reviews`
}

/** A path as the pattern that means it alone: DuckDB takes `*`, `?` and `[` for more. */
export function asPattern(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]')
}

export async function partitionFiles(root: string, layout: Layout, location: string): Promise<string[]> {
  const directory = join(root, layout.roots.silver, location)
  const names = await readdir(directory).catch(() => [])
  return names.filter(name => !/^[_.]/.test(name)).map(name => join(directory, name))
}

const DUCK_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  binary: 'BLOB',
  timestamp: 'TIMESTAMP',
}

/** Nested types are not declared: DuckDB takes them from the files. */
export function duckType(type: SqlType): string {
  if (isNested(type)) return 'JSON'
  const text = printType(type)
  return DUCK_TYPES[text] ?? text.toUpperCase()
}

/** Columns as CREATE TABLE has them. */
export function definitions(columns: readonly Column[]): string {
  return columns.map(({ name, type }) => `${identifier(name)} ${duckType(type)}`).join(', ')
}

/** A column of files in its declared type; a nested one is as the files have it. */
export function castColumn(type: SqlType, column: string): string {
  return isNested(type) ? column : `CAST(${column} AS ${duckType(type)})`
}

/** A name as SQL writes it. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as SQL writes it. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
