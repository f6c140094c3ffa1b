import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { compileQuery } from '../../functions/sql/compile.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import { typedColumns, unionSchemas } from '../../functions/sql/schema/bind.ts'
import type { Column } from '../../functions/sql/types.ts'
import { readParquetRows } from '../support/parquet-rows.ts'
import type { ReferenceFile } from '../support/reference-join.ts'

const LAKE = fileURLToPath(new URL('fixtures/lake/', import.meta.url))

/** A file of the lake, its rows and its bytes. */
export interface LakeFile extends ReferenceFile {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** The parity lake in memory. */
export interface ParityLake {
  readonly reviews: readonly LakeFile[]
  /** The files of each dimension by its name. */
  readonly tables: Readonly<Record<string, readonly LakeFile[]>>
}

export async function readLake(): Promise<ParityLake> {
  const names = ['customers', 'products', 'makers', 'bands', 'empty']
  const files = await Promise.all(names.map(async name => [name, await readFiles(`bronze/${name}/`)] as const))
  return { reviews: await readFiles('bronze/reviews/'), tables: Object.fromEntries(files) }
}

async function readFiles(folder: string): Promise<LakeFile[]> {
  const names = await readdir(LAKE + folder, { recursive: true })
  const keys = names
    .filter(name => name.endsWith('.parquet'))
    .map(name => folder + name.replaceAll('\\', '/'))
    .sort()
  return Promise.all(
    keys.map(async key => {
      const bytes = new Uint8Array(await readFile(LAKE + key))
      const segments = key
        .split('/')
        .filter(part => part.includes('='))
        .map(part => part.split('=', 2))
      const path = Object.fromEntries(segments.map(([name = '', value = '']) => [name, decodeURIComponent(value)]))
      const metadata = [`file://${LAKE}${key}`, key.split('/').at(-1) ?? '', BigInt(bytes.length), 0n]
      return { ...(await readParquetRows(bytes)), key, path, metadata, bytes }
    }),
  )
}

export function viewColumns(files: readonly ReferenceFile[]): readonly Column[] {
  const { columns, misfits } = unionSchemas(files)
  if (misfits.length > 0) throw new Error(`the parity lake has misfits: ${JSON.stringify(misfits)}`)
  return typedColumns(columns)
}

export function compileOver(lake: ParityLake, sql: string): Promise<CompiledQuery> {
  const { customers = [], ...others } = lake.tables
  return compileQuery({
    sql,
    reviews: { view: 'bronze_reviews', columns: viewColumns(lake.reviews) },
    customers: { view: 'bronze_customers', columns: viewColumns(customers) },
    dimensions: Object.entries(others).map(([name, files]) => {
      return { name, view: `bronze_${name}`, columns: viewColumns(files) }
    }),
    now: 1_795_504_500_000_000n,
  })
}
