import type { Layout } from '../../lake/layout.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { Catalog } from './catalog.ts'
import { committedRows } from './differences.ts'

/** A batch in which a query counts other rows than its commit has. */
export interface Miscounted {
  readonly batch: BatchState
  readonly seen: number
}

/** Those of the batches that a query counts otherwise than their commits. */
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
