import { ObjectMissing } from '../../functions/base/errors.ts'
import { many } from '../../functions/base/text.ts'
import { openSnapshot } from '../../functions/engine/dimensions/snapshot.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'

/** How many keys of a dimension occur more than once. */
export interface DuplicateKeys {
  readonly dimension: string
  readonly keys: number
}

/** The dimensions that have keys more than once, as far as batches have more rows for it. */
export async function duplicateKeys(
  lake: { readonly store: Store; readonly layout: Layout },
  commits: readonly BatchCommit[],
): Promise<DuplicateKeys[]> {
  const multiplied = commits.findLast(({ rows }) => rows.written > rows.matched)
  if (!multiplied) return []
  const { customers, dimensions = [] } = multiplied
  const joined = [...(customers ? [{ name: 'customers', snapshot: customers.snapshot }] : []), ...dimensions]
  const found: DuplicateKeys[] = []
  for (const { name, snapshot } of joined) {
    const keys = await duplicatesIn(lake, snapshot)
    if (keys > 0) found.push({ dimension: name, keys })
  }
  return found
}

async function duplicatesIn(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  snapshot: string,
): Promise<number> {
  try {
    const { rowsOf } = openSnapshot(await store.get(layout.snapshot(snapshot)))
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

/** Says which keys multiply reviews, a line for each dimension. */
export function duplicateLines(found: readonly DuplicateKeys[]): string[] {
  return found.map(({ dimension, keys }) => {
    const which = dimension === 'customers' ? many(keys, 'customer key') : `${many(keys, 'key')} of ${dimension}`
    return `warning: ${which} ${keys === 1 ? 'occurs' : 'occur'} more than once, which multiplies reviews, as SQL has it`
  })
}
