import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { FoldedLog } from '../../functions/log/fold.ts'
import { prepareQuery } from '../../functions/pipeline/plan/prepare-query.ts'
import type { LocalRun } from './run-local.ts'

/**
 * Asks a query of the columns that the log knows of the reviews, and of the customers as they are, where a run has found no
 * file to ask it of. A lake without commits knows none. Throws what the next run with a new file would: InvalidQuery,
 * SchemaChanged, CustomersUnreadable.
 */
export async function checkQuery(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  state: FoldedLog,
  { query, ignoreSparkMetadata }: Pick<LocalRun['settings'], 'query' | 'ignoreSparkMetadata'>,
): Promise<void> {
  if (state.reviews.length === 0) return
  const time = new Date().toISOString()
  await prepareQuery([], [], { store, layout, state, time, query, ignoreSparkMetadata })
}
