import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { BatchState, FoldedLog } from '../log/fold.ts'
import { readLog } from '../log/read.ts'
import { CountMismatch } from '../runtime/errors.ts'
import type { Catalog, Partition } from './catalog.ts'
import { nextPublished, readPublished, writePublished } from './published.ts'

export interface RefreshDependencies {
  readonly store: Store
  readonly layout: Layout
  readonly catalog: Catalog
  /** UTC milliseconds. */
  readonly clock: () => number
  /** Partitions told in one call, 500 by default: some seconds of Athena. */
  readonly slice?: number
}

export interface Refreshed {
  /** False when there is more to tell than one slice took. */
  readonly complete: boolean
  /** The version up to which the catalog has been told. */
  readonly version: number
  /** How many partitions were set. */
  readonly partitions: number
}

const SLICE = 500
/** Milliseconds for which a replaced batch's location is asserted again: a slow run may have set it back. */
const ASSERT_AGAIN = 24 * 60 * 60 * 1000

/**
 * Tells the catalog what the log says and the catalog may not know: each batch's newest location, in the order of
 * commits. Then the log is read again, and what came in the meantime is told too, so that of two runs at once the last
 * word is the newest. Throws CountMismatch when a query counts other rows in a new batch than its commit.
 */
export async function refreshPartitions(dependencies: RefreshDependencies): Promise<Refreshed> {
  const { store, layout, clock } = dependencies
  let published = await readPublished(store, layout)
  let partitions = 0
  for (let first = true; ; first = false) {
    const { state } = await readLog(store, layout)
    // a hint that is ahead of the log is of another log
    if (published.version > state.version) published = { ...published, version: -1 }
    const fresh = [...state.batches.values()]
      .filter(batch => batch.version > published.version)
      .sort((a, b) => a.version - b.version)
    const asserted = first
      ? recentlyReplaced(state, clock() - ASSERT_AGAIN).filter(batch => !fresh.includes(batch))
      : []
    if (fresh.length === 0 && asserted.length === 0) {
      if (published.version !== state.version) await remember(state.version)
      return { complete: true, version: state.version, partitions }
    }
    const slice = fresh.slice(0, dependencies.slice ?? SLICE)
    await publish([...slice, ...asserted], state, dependencies)
    partitions += slice.length
    if (slice.length === 0) continue
    const complete = slice.length === fresh.length
    const version = complete ? state.version : (slice.at(-1)?.version ?? published.version)
    await checkCounts(slice, dependencies)
    await remember(version)
    if (!complete) return { complete, version, partitions }
  }

  async function remember(version: number): Promise<void> {
    published = nextPublished(published, version, clock())
    await writePublished(store, layout, published)
  }
}

function recentlyReplaced(state: FoldedLog, since: number): BatchState[] {
  return [...state.batches.values()].filter(
    batch => batch.superseded.length > 0 && Date.parse(batch.committedAt) >= since,
  )
}

async function publish(
  batches: readonly BatchState[],
  state: FoldedLog,
  { catalog }: RefreshDependencies,
): Promise<void> {
  await catalog.ensureTable(state.schema, state.comment)
  await catalog.setPartitions(batches.map(partitionOf))
}

function partitionOf({ ingestDate, batch, location, superseded }: BatchState): Partition {
  return { ingestDate, batch, location, replaced: superseded.length > 0 }
}

/** Compares what readers see with the commits. A batch that was replaced while it was counted is left to the next round. */
async function checkCounts(batches: readonly BatchState[], dependencies: RefreshDependencies): Promise<void> {
  const { store, layout, catalog } = dependencies
  const counted = await catalog.countRows(batches.map(partitionOf))
  const wrong = batches.filter(each => (counted.get(each.batch) ?? 0) !== committedRows(each))
  if (wrong.length === 0) return
  const { state } = await readLog(store, layout)
  const bad = wrong.find(each => state.batches.get(each.batch)?.version === each.version)
  if (!bad) return
  throw new CountMismatch(
    `batch ${bad.batch}: a query sees ${counted.get(bad.batch) ?? 0} rows, its commit ${bad.version} has ${committedRows(bad)}: ` +
      `compare the files under ${layout.roots.silver}${bad.location} with the commit`,
  )
}

function committedRows(batch: BatchState): number {
  return batch.silver.reduce((sum, { rows }) => sum + rows, 0)
}
