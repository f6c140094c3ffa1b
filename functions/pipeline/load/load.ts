import { elementAt } from '../../base/at.ts'
import { DimensionChanged, DimensionUnreadable, ObjectMissing } from '../../base/errors.ts'
import { buildSnapshot } from '../../engine/dimensions/build-snapshot.ts'
import { deriveSnapshot } from '../../engine/dimensions/derive-snapshot.ts'
import type { OpenDimension } from '../../engine/dimensions/open-dimension.ts'
import { scanFiles } from '../../engine/dimensions/scan-files.ts'
import { openSnapshot } from '../../engine/dimensions/snapshot.ts'
import { snapshotView } from '../../engine/dimensions/snapshot-view.ts'
import { writeValues } from '../../engine/dimensions/write-values.ts'
import { SourceGone, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { bronzeSource, guardWriter } from '../../engine/sources/open-source.ts'
import type { Scan } from '../../engine/static/evaluate-plan.ts'
import type { Lake } from '../../lake/lake.ts'
import type { Store } from '../../lake/store.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { PinnedFile, PinnedTable } from '../../protocol/pinned-dimension.ts'
import type { BatchPlan } from '../../protocol/plan.ts'

export interface LoadDependencies extends Lake {
  readonly codecs: Codecs
}

export interface LoadedDimensions {
  readonly loaded: readonly LoadedDimension[]
}

interface LoadedDimension {
  readonly name: string
  readonly rows: number
  /** Whether the snapshot was there already. */
  readonly reused: boolean
}

/** Opens a snapshot. Throws DimensionUnreadable, with what to do, for one that is gone or damaged. */
export async function openStoredSnapshot(store: Store, key: string): Promise<OpenDimension> {
  const refuse = (what: string, cause: unknown) =>
    new DimensionUnreadable(`snapshot ${key} ${what} start a new execution, which makes it again`, { cause })
  const bytes = await store.get(key).catch(error => {
    throw error instanceof ObjectMissing ? refuse('was removed:', error) : error
  })
  try {
    return openSnapshot(bytes)
  } catch (error) {
    throw refuse(`is damaged (${error instanceof Error ? error.message : String(error)}): remove it, and`, error)
  }
}

/**
 * Builds the snapshots of exactly the files that the plan has pinned, those that are not there. Throws DimensionChanged
 * when a file has changed since, DimensionUnreadable when it can't be read.
 */
export async function loadDimensions(plan: BatchPlan, dependencies: LoadDependencies): Promise<LoadedDimensions> {
  const loaded: LoadedDimension[] = []
  for (const i of plan.dimensions.keys()) {
    loaded.push(await loadDimension(i, plan, dependencies))
  }
  return { loaded }
}

/** Loads the dimension of a join, by its number. */
async function loadDimension(
  number: number,
  { query, dimensions, plannedAt: modified }: BatchPlan,
  { store, layout, codecs }: LoadDependencies,
): Promise<LoadedDimension> {
  const { name, snapshot, files, rows, root = layout.roots.customers, tables = [] } = elementAt(dimensions, number)
  const dimension = elementAt(query.dimensions, number)
  const { keys } = elementAt(query.joins, number)
  const place = layout.snapshot(snapshot)
  if (await store.head(place)) return { name, rows, reused: true }
  const writer = store.writer(place, { ifNoneMatch: '*' })
  const target = guardWriter(writer)
  const open = (file: PinnedFile, root: string) => bronzeSource(store, { ...file, modified }, root)
  const sources = files.map(file => open(file, root))
  try {
    if (dimension.plan) {
      const scan = scanTables(tables, open, codecs)
      const { columns, plan } = dimension
      await deriveSnapshot({ columns, plan, keys, scan, target })
    } else if (dimension.values) await writeValues(dimension.columns, dimension.values, keys, target)
    else await buildSnapshot({ files: sources, view: snapshotView(dimension), keys, target, codecs })
    const { written } = await writer.close()
    return { name, rows, reused: !written }
  } catch (error) {
    await writer.abort()
    if (error instanceof SourceGone) throw new DimensionChanged(error.message, { cause: error })
    if (error instanceof UnreadableFile) {
      throw new DimensionUnreadable(`${name} file ${error.message}: repair or remove it`, { cause: error })
    }
    throw error
  }
}

/** Reads columns of the tables that the plan has pinned. */
function scanTables(
  tables: readonly PinnedTable[],
  open: (file: PinnedFile, root: string) => ReturnType<typeof bronzeSource>,
  codecs: Codecs,
): Scan {
  return async (name, wanted) => {
    const table = tables.find(each => each.name === name)
    const files = table?.files.map(file => open(file, table.root)) ?? []
    return await scanFiles(files, wanted, wanted, codecs)
  }
}
