import { ObjectMissing } from '../../functions/base/errors.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'

/** How many customer keys occur more than once, as far as batches have more rows for it. */
export async function duplicateKeys(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  commits: readonly BatchCommit[],
): Promise<number> {
  const multiplied = commits.findLast(({ rows, customers }) => customers && rows.written > rows.matched)
  if (!multiplied?.customers) return 0
  try {
    const { rowsOf } = openSnapshot(await store.get(layout.snapshot(multiplied.customers.snapshot)))
    if (!rowsOf) return 0
    const { starts } = rowsOf
    let keys = 0
    for (let entry = 0; entry + 1 < starts.length; entry++) {
      if ((starts[entry + 1] ?? 0) - (starts[entry] ?? 0) > 1) keys++
    }
    return keys
  } catch (error) {
    if (error instanceof ObjectMissing) return 0
    throw error
  }
}
