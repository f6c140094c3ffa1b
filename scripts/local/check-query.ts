import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { FoldedLog } from '../../functions/log/fold.ts'
import { prepareQuery } from '../../functions/pipeline/plan/prepare-query.ts'
import type { CompiledQuery } from '../../functions/sql/compiled.ts'
import type { LocalRun } from './run-local.ts'

/**
 * Asks a query of the columns that the log knows of the reviews, and of the customers as they are, where a run has found no
 * file to ask it of; null for a lake without commits, which knows none. Throws what the next run with a new file would: InvalidQuery,
 * SchemaChanged, DimensionUnreadable.
 */
export async function checkQuery(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  state: FoldedLog,
  { query, ignoreSparkMetadata }: Pick<LocalRun['settings'], 'query' | 'ignoreSparkMetadata'>,
): Promise<CompiledQuery | null> {
  if (state.reviews.length === 0) return null
  const time = new Date().toISOString()
  return (await prepareQuery([], [], { store, layout, state, time, query, ignoreSparkMetadata })).query
}
