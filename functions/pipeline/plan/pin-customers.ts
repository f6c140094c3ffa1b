import { sha256 } from '../../base/bytes.ts'
import { snapshotView } from '../../engine/customers/snapshot-view.ts'
import { isData } from '../../lake/keys.ts'
import { readCommitted } from '../../lake/read-spark-sink.ts'
import type { Store } from '../../lake/store.ts'
import { CUSTOMERS_SNAPSHOT_FORMAT } from '../../protocol/customers-snapshot.ts'
import type { PinnedCustomers, PinnedFile } from '../../protocol/plan.ts'
import { encodeTypes } from '../../protocol/type-json.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'

/** Lists the customers files as they are now; of a directory that Spark's file sink has written those that it has committed. */
export async function listCustomers(store: Store, root: string, ignoreSparkMetadata: boolean): Promise<PinnedFile[]> {
  const isCommitted = ignoreSparkMetadata ? null : await readCommitted(store, root)
  const files: PinnedFile[] = []
  for await (const { key, etag, size } of store.list(root)) {
    if (isData(key, root) && (isCommitted?.(key) ?? true)) files.push({ key, etag, size })
  }
  return files
}

/**
 * Names what decides whether a review meets a customer: a row that waits is tried again when this is another, not when the
 * query selects other columns.
 */
export function joinName({ join }: CompiledQuery): Promise<string> {
  return sha256(JSON.stringify(encodeTypes(join)))
}

/** Names the snapshot of these customers for this query: the same files, types and key give the same snapshot. */
export async function pinCustomers(
  query: CompiledQuery,
  files: readonly PinnedFile[],
  rows: number,
): Promise<PinnedCustomers | null> {
  if (!query.join) return null
  const { customersKey: key, type } = query.join
  const versions = files.map(({ key, etag }) => [key, etag])
  const snapshot = await sha256(
    JSON.stringify(encodeTypes({ format: CUSTOMERS_SNAPSHOT_FORMAT, versions, view: snapshotView(query), key, type })),
  )
  return { snapshot, files, rows, key, type }
}
