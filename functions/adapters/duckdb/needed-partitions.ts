import { link, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { definitions, literal, openSilver } from './local-athena.ts'
import type { CatalogTable } from './local-catalog.ts'

type Partitions = CatalogTable['partitions']

/**
 * The partitions that a statement reads, as DuckDB itself decides by their paths: it explains the statement over empty
 * files that lie where the partitions' would, and reports the conditions and the number of files that are left. All of
 * them where anything is in doubt.
 */
export async function neededPartitions(sql: string, table: CatalogTable): Promise<Partitions> {
  const { partitions } = table
  if (partitions.length < 2) return partitions
  const folder = await mkdtemp(join(tmpdir(), 'silversmith-'))
  try {
    const connection = await openSilver(table, await emptyFiles(folder, table))
    try {
      return await select(connection, sql, partitions)
    } finally {
      connection.closeSync()
    }
  } catch {
    return partitions // what is wrong with the statement shows where it runs
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A Parquet file without rows for each partition: one, by many names. */
async function emptyFiles(folder: string, { columns, partitions }: CatalogTable): Promise<string[]> {
  const empty = join(folder, 'empty.parquet')
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`CREATE TABLE empty (${definitions(columns)})`)
  await connection.run(`COPY empty TO ${literal(empty)} (FORMAT parquet)`)
  connection.closeSync()
  const files: string[] = []
  for (const { ingestDate, batch } of partitions) {
    const directory = join(folder, `ingest_date=${ingestDate}`, `batch=${batch}`)
    await mkdir(directory, { recursive: true })
    await link(empty, join(directory, 'part.parquet'))
    files.push(join(directory, 'part.parquet'))
  }
  return files
}

interface PlanNode {
  readonly name: string
  readonly children?: readonly PlanNode[]
  readonly extra_info?: Readonly<Record<string, string | readonly string[]>>
}

async function select(connection: DuckDBConnection, sql: string, partitions: Partitions): Promise<Partitions> {
  const explained = await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`)
  const plan: readonly PlanNode[] = JSON.parse(String(explained.getRows()[0]?.[1]))
  const scans = plan.flatMap(scansOf)
  if (scans.length === 0) return partitions
  const rows = partitions.map(({ ingestDate, batch }) => `(${literal(ingestDate)}, ${literal(batch)})`)
  const values = `(VALUES ${rows.join(', ')}) AS partitions (ingest_date, batch)`
  const wanted = new Set<string>()
  for (const { extra_info: info = {} } of scans) {
    const filters = info['File Filters']
    if (filters === undefined) return partitions
    const condition = [filters].flat().map(joinConditions).join(' AND ')
    const found = await connection.runAndReadAll(`SELECT batch FROM ${values} WHERE ${condition}`)
    const batches = found.getRows().map(([batch]) => String(batch))
    // DuckDB says how many files its conditions leave
    if (info['Scanning Files'] !== `${batches.length}/${partitions.length}`) return partitions
    for (const batch of batches) wanted.add(batch)
  }
  return partitions.filter(({ batch }) => wanted.has(batch))
}

/** DuckDB writes conditions one after the other: `suffix(batch, 'b')(ingest_date = '2026-11-24')`. */
function joinConditions(filters: string): string {
  let depth = 0
  return filters.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g, (token, at: number) => {
    if (token === '(') depth++
    if (token !== ')') return token
    depth--
    const next = filters[at + 1]
    return depth === 0 && next !== undefined && /\S/.test(next) ? ') AND ' : ')'
  })
}

function scansOf(node: PlanNode): readonly PlanNode[] {
  return [...(node.name.includes('PARQUET') ? [node] : []), ...(node.children ?? []).flatMap(scansOf)]
}
