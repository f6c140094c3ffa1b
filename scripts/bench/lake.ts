import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { type Physical, silverPhysical } from '../../functions/parquet/metadata/column-type.ts'
import { offsetIndex } from '../../functions/parquet/metadata/page-index.ts'
import { ChunkWriter } from '../../functions/parquet/pages/chunk-writer.ts'
import { type Codecs, makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { FileWriter, type FinishedRowGroup } from '../../functions/parquet/pages/file-writer.ts'
import type { WrittenChunk } from '../../functions/parquet/pages/page-writer.ts'
import { Random } from '../demo/random.ts'
import { benchCustomers, benchReviews, type Columns, CUSTOMERS, makeCatalog, type ProductCatalog } from './rows.ts'

/** The shapes of bronze that are measured. `rows` are those of a file, `groups` its row groups. */
export const SHAPES = {
  /** What a Spark job that runs every so often leaves: files of 11 MB. */
  batches: { files: 32, rows: 50_000, groups: 1 },
  /** What a streaming job leaves. */
  small: { files: 146, rows: 1000, groups: 1 },
  /** One file of 1 GiB with row groups of 128 MB, Spark's default. */
  large: { files: 1, rows: 4_800_000, groups: 8 },
} as const
export type Shape = keyof typeof SHAPES

/** Goes up when the lake changes, so that an old one is not used. */
const VERSION = 1

/** Makes the lake for one shape, unless it was made before: it is the same for everyone. Returns its directory. */
export async function benchLake(shape: Shape): Promise<string> {
  return await lakeOf(shape, SHAPES[shape])
}

/** Makes a lake of so many files, rows of a file and row groups of a file, unless it was made before. */
export async function lakeOf(
  name: string,
  { files, rows, groups }: { readonly files: number; readonly rows: number; readonly groups: number },
): Promise<string> {
  const base = process.env.SILVERSMITH_BENCH ?? join(tmpdir(), 'silversmith-bench')
  const directory = join(base, `v${VERSION}-${name}`)
  if (existsSync(directory)) return directory
  const draft = `${directory}.draft`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const store = new DirectoryStore(draft)
  const codecs = makeCodecs()
  await writeBenchFile(store, 'bronze/customers/part-00000.snappy.parquet', [benchCustomers(CUSTOMERS)], codecs)
  const catalog = makeCatalog()
  for (let file = 0; file < files; file++) {
    const random = new Random(1000 + file)
    const key = `bronze/reviews/part-${String(file).padStart(5, '0')}.snappy.parquet`
    await writeBenchFile(store, key, rowGroups(random, rows, groups, catalog), codecs)
  }
  await rename(draft, directory)
  return directory
}

function* rowGroups(random: Random, rows: number, groups: number, catalog: ProductCatalog): Generator<Columns> {
  for (let group = 0; group < groups; group++) yield benchReviews(random, rows / groups, catalog)
}

/** Writes a Parquet file as Spark does: SNAPPY, v1 pages of 1 MiB, OPTIONAL columns, INT96 timestamps. */
export async function writeBenchFile(
  store: DirectoryStore,
  key: string,
  groups: Iterable<Columns>,
  codecs: Codecs,
): Promise<void> {
  const target = store.writer(key)
  let file: FileWriter | null = null
  for (const columns of groups) {
    if (!file) {
      const schema = columns.map(({ name, type }) => {
        return { kind: 'flat', name, physical: physical(type), optional: true } as const
      })
      file = new FileWriter(target, schema)
      await file.begin()
    }
    const chunks: FinishedRowGroup['chunks'][number][] = []
    for (const column of columns) {
      const writer = new ChunkWriter(physical(column.type), true, codecs)
      if (column.codes) writer.addCodes(column.values, column.codes, null, column.codes.length)
      else writer.addPlain(column.values, null, column.values.count)
      const chunk = writer.finish()
      const start = target.position
      for (const part of writer.take()) await target.write(part)
      chunks.push(placed(chunk, start, physical(column.type), codecs))
    }
    file.add({ rows: rowsOf(columns), chunks, sorting: [] })
  }
  await file?.finish({})
  await target.close()
}

function physical(type: Columns[number]['type']): Physical {
  if (type === 'timestamp') return { type: 'INT96', typeLength: 0, annotation: 'none', sql: 'timestamp' }
  return silverPhysical(type)
}

function rowsOf(columns: Columns): number {
  const [first] = columns
  return first?.codes?.length ?? first?.values.count ?? 0
}

function placed(
  chunk: WrittenChunk,
  start: number,
  { type }: Physical,
  { codec }: Codecs,
): FinishedRowGroup['chunks'][number] {
  return {
    ...chunk,
    type,
    codec,
    dictionaryPage: chunk.dictionaryPage === null ? null : start + chunk.dictionaryPage,
    dataPage: start + chunk.dataPage,
    sizeStatistics: undefined,
    bloomFilter: undefined,
    offsetIndex: offsetIndex(chunk.pages.map(page => ({ ...page, offset: start + page.offset }))),
  }
}
