import { basename, posix } from 'node:path'
import { type CatalogTable, type CountRows, LocalCatalog } from '../../functions/adapters/duckdb/local-catalog.ts'
import type { FoundPartition } from '../../functions/adapters/duckdb/refuse-losses.ts'
import { SilverCache } from '../../functions/adapters/duckdb/silver-cache.ts'
import { mapConcurrently } from '../../functions/base/concurrently.ts'
import { blaming } from '../../functions/engine/sources/file-fault.ts'
import { parkedSource } from '../../functions/engine/sources/open-source.ts'
import { isHidden } from '../../functions/lake/keys.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { ObjectInfo, Store } from '../../functions/lake/store.ts'
import { readFooter } from '../../functions/parquet/metadata/footer.ts'
import type { SilverTable } from './lake.ts'
import type { LakePlace } from './lake-place.ts'
import type { LakeRecord } from './lake-record.ts'

/** DuckDB takes long to load: only what asks for rows does. */
const loadDuckDB = () => import('../../functions/adapters/duckdb/local-athena.ts')

/** Requests side by side. */
const CONCURRENCY = 16

/** Opens the table: in Athena where the record names one, else in a catalogue that lies in the lake. Throws UsageError. */
export async function openTable(place: LakePlace, layout: Layout, { athena }: LakeRecord): Promise<SilverTable> {
  const { store, root } = place
  if (athena !== null) {
    const { athenaTable } = await import('./athena-table.ts') // with the SDK
    return athenaTable(athena, `${place.uri}${layout.roots.silver}`)
  }
  if (root !== null) {
    return {
      catalog: new LocalCatalog(store, layout, async table => (await loadDuckDB()).countRows(root, layout, table)),
      connect: async (table, _, { check, ...beside }) => {
        const { openSilver, partitionFiles } = await loadDuckDB()
        const { partitions } = table
        const files = await Promise.all(partitions.map(({ location }) => partitionFiles(root, layout, location)))
        await check?.(withNames(partitions, files, path => basename(path)))
        return openSilver(table, files.flat(), beside)
      },
    }
  }
  return {
    catalog: new LocalCatalog(store, layout, countByFooters(store, layout)),
    connect: async (table, sql, { check, ...beside }) => {
      const [{ openSilver }, { neededPartitions }] = await Promise.all([
        loadDuckDB(),
        import('../../functions/adapters/duckdb/needed-partitions.ts'),
      ])
      const partitions = await neededPartitions(sql, table)
      const objects = await mapConcurrently(partitions, CONCURRENCY, each => filesOf(store, layout, each.location))
      await check?.(withNames(partitions, objects, ({ key }) => posix.basename(key)))
      const folder = { uri: place.uri, folder: layout.roots.silver }
      return openSilver(table, await new SilverCache().fetch(store, folder, objects.flat()), beside)
    },
  }
}

/** Partitions with the names of the files that were found in each. */
function withNames<File>(
  partitions: CatalogTable['partitions'],
  found: readonly (readonly File[])[],
  nameOf: (file: File) => string,
): FoundPartition[] {
  return partitions.map(({ batch, location }, i) => ({ batch, location, names: (found[i] ?? []).map(nameOf) }))
}

/** The files that a reader finds at a partition's location. */
async function filesOf(store: Store, layout: Layout, location: string): Promise<ObjectInfo[]> {
  const files: ObjectInfo[] = []
  const prefix = layout.roots.silver + location
  for await (const info of store.list(prefix)) if (!isHidden(info.key, prefix)) files.push(info)
  return files
}

/** Counts what a query would, without fetching the files: COUNT(*) of Parquet is the sum of the footers' numbers. */
function countByFooters(store: Store, layout: Layout): CountRows {
  return async ({ partitions }) => {
    const counts = await mapConcurrently(partitions, CONCURRENCY, async ({ batch, location }) => {
      let rows = 0
      for (const file of await filesOf(store, layout, location)) {
        rows += (await blaming(file.key, () => readFooter(parkedSource(store, file, [])))).rows
      }
      return [batch, rows] as const
    })
    return new Map(counts)
  }
}
