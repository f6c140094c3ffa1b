import { openSnapshot } from '../functions/customers/snapshot.ts'
import { isData } from '../functions/lake/keys.ts'
import type { Layout } from '../functions/lake/layout.ts'
import type { Store } from '../functions/lake/store.ts'
import type { BatchCommit } from '../functions/log/commit.ts'
import type { Log } from '../functions/log/read.ts'
import type { ExecutionInput } from '../functions/planning/input.ts'
import { ObjectMissing } from '../functions/runtime/errors.ts'

/** Why a run that found nothing new may have found nothing. */
export interface NothingNew {
  /** Whether there is any review file at all, and any under the input's prefix. */
  readonly reviews: boolean
  readonly prefixed: boolean
  /** Files in quarantine that are still there. */
  readonly quarantined: number
}

/** Looks for what may have been expected of a run that found nothing. */
export async function lookAround(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  log: Log,
  { prefix }: ExecutionInput,
): Promise<NothingNew> {
  const { reviews: root } = layout.roots
  const reviews = await hasData(store, root, root)
  const prefixed = prefix === undefined ? reviews : await hasData(store, prefix, root)
  let quarantined = 0
  for await (const { key, reason } of log.bronze()) {
    if (reason !== undefined && (await store.head(key))) quarantined++
  }
  return { reviews, prefixed, quarantined }
}

async function hasData(store: Store, prefix: string, root: string): Promise<boolean> {
  for await (const { key } of store.list(prefix)) if (isData(key, root)) return true
  return false
}

/** How many customer keys occur more than once, as far as batches have more rows for it. */
export async function duplicateKeys(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  commits: readonly BatchCommit[],
): Promise<number> {
  const multiplied = commits.findLast(({ rows, customers }) => customers && rows.written > rows.matched)
  if (!multiplied?.customers) return 0
  try {
    const { rowsOf } = openSnapshot(await store.get(layout.customers(multiplied.customers.snapshot)))
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
