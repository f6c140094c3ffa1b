import { many } from '../base/text.ts'
import type { Lake } from '../lake/lake.ts'
import type { FoldedLog } from '../log/fold.ts'
import type { Repairs } from '../protocol/state.ts'
import { athenaOnDelta } from '../readers/athena/athena-on-delta.ts'
import type { Catalog, Registered } from '../readers/athena/catalog.ts'
import { findDifferences } from '../readers/athena/differences.ts'
import { athenaPartitions } from '../readers/athena/partitions.ts'
import { addRepairs, NO_REPAIRS } from '../readers/athena/repairs.ts'
import { deltaTable, findDeltaEnd } from '../readers/delta/delta-log.ts'
import type { Reader } from '../readers/reader.ts'
import { refreshReaders } from '../readers/refresh.ts'

/** A lake, and what queries of its table go by. */
export interface CatalogedLake extends Lake {
  readonly catalog: Catalog
}

/** How what queries go by differs from the log. */
export interface CatalogFault {
  readonly text: string
  /** Partition, location in the log and location in the catalog, null where there is none. */
  readonly partitions: readonly (string | null)[][]
}

/** Compares what queries go by with the log: each partition, or where the Delta log ends. Reads only. */
export async function findCatalogFault(lake: CatalogedLake, state: FoldedLog): Promise<CatalogFault | undefined> {
  const { store, layout, catalog } = lake
  if (catalog.goesBy === 'partitions') {
    const partitions = differences(await catalog.listPartitions(), state)
    const what = `${many(partitions.length, 'partition')} of the catalog ${partitions.length === 1 ? 'is' : 'are'}`
    return partitions.length > 0 ? { text: `${what} not as the log says`, partitions } : undefined
  }
  const [hasTable, end] = await Promise.all([catalog.hasTable(), findDeltaEnd(store, layout, state)])
  const version = end?.version ?? -1
  if (!hasTable) return { text: 'the catalog has no table that goes by the Delta log', partitions: [] }
  if (version >= state.version) return undefined
  return {
    text: `the Delta log, which queries go by, ends at version ${version}, and the log at ${state.version}`,
    partitions: [],
  }
}

/** Repairs what queries go by, slice by slice, and returns what was wrong with its partitions. */
export async function repairCatalog(lake: CatalogedLake): Promise<Repairs> {
  let repairs = NO_REPAIRS
  for (let complete = false; !complete; ) {
    const told = await refreshReaders(readersOfCatalog(lake), lake, true)
    for (const { error } of told.failures) throw error
    repairs = addRepairs(repairs, told.repairs)
    complete = told.complete
  }
  return repairs
}

function readersOfCatalog({ store, layout, catalog }: CatalogedLake): Reader[] {
  const told = { store, layout, clock: Date.now, checkEvery: 0 }
  if (catalog.goesBy === 'partitions') return [athenaPartitions({ ...told, catalog })]
  return [deltaTable(told), athenaOnDelta({ ...told, catalog })]
}

function differences(there: readonly Registered[], state: FoldedLog): (string | null)[][] {
  const { strange, moved, missing } = findDifferences(there, state)
  const name = ({ ingestDate, batch }: Pick<Registered, 'ingestDate' | 'batch'>) => `${ingestDate}/${batch}`
  const locations = new Map(there.map(partition => [name(partition), partition.location]))
  return [
    ...strange.map(partition => [name(partition), null, partition.location]),
    ...moved.map(batch => [name(batch), batch.location, locations.get(name(batch)) ?? null]),
    ...missing.map(batch => [name(batch), batch.location, null]),
  ]
}
