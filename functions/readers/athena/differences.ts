import type { Layout } from '../../lake/layout.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { FoldedLog } from '../../log/fold.ts'
import type { Catalog, Registered } from './catalog.ts'

/** Where the catalog and the log differ. */
export interface Differences {
  /** Partitions that no commit has: somebody else registered them. */
  readonly strange: readonly Registered[]
  /** Batches whose partition lies elsewhere. */
  readonly moved: readonly BatchState[]
  /** Batches that have no partition. */
  readonly missing: readonly BatchState[]
}

/** Compares the catalog's partitions with the log, both ways, by name and by location. Pure. */
export function findDifferences(there: readonly Registered[], state: FoldedLog): Differences {
  const isKnown = ({ ingestDate, batch }: Registered) => state.batches.get(batch)?.ingestDate === ingestDate
  const known = new Map(there.filter(isKnown).map(({ batch, location }) => [batch, location]))
  return {
    strange: there.filter(partition => !isKnown(partition)),
    moved: [...state.batches.values()].filter(({ batch, location }) => (known.get(batch) ?? location) !== location),
    missing: shown(state).filter(({ batch }) => !known.has(batch)),
  }
}

/** The batches that have a partition, in the order of their commits: what never had a row needs none. */
export function shown({ batches }: FoldedLog): BatchState[] {
  return [...batches.values()]
    .filter(batch => batch.superseded.length > 0 || committedRows(batch) > 0)
    .sort((a, b) => a.version - b.version)
}

/** The rows of a batch, as its commit has them. */
export function committedRows({ silver }: BatchState): number {
  return silver.reduce((sum, { rows }) => sum + rows, 0)
}

/** A batch in which a query counts a different number of rows than its commit has. */
export interface Miscounted {
  readonly batch: BatchState
  readonly seen: number
}

/** The batches in which a query counts a different number of rows than their commits have. */
export async function findMiscounted(catalog: Catalog, batches: readonly BatchState[]): Promise<Miscounted[]> {
  if (batches.length === 0) return []
  const counted = await catalog.countRows(batches)
  return batches
    .map(batch => ({ batch, seen: counted.get(batch.batch) ?? 0 }))
    .filter(({ batch, seen }) => seen !== committedRows(batch))
}

/** What is wrong with a batch, and what to do. */
export function miscountText({ batch, seen }: Miscounted, layout: Layout): string {
  const input = JSON.stringify({ reprocess: { batches: [batch.batch] } })
  return (
    `batch ${batch.batch}: a query sees ${seen} rows, its commit ${batch.version} has ${committedRows(batch)}: files ` +
    `were added or removed under ${layout.roots.silver}${batch.location}: ${input} writes it again`
  )
}
