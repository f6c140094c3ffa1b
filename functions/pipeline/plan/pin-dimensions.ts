import { sha256 } from '../../base/bytes.ts'
import { snapshotView } from '../../engine/dimensions/snapshot-view.ts'
import { isData } from '../../lake/keys.ts'
import { readCommitted } from '../../lake/read-spark-sink.ts'
import type { Store } from '../../lake/store.ts'
import { DIMENSION_SNAPSHOT_FORMAT } from '../../protocol/dimension-snapshot.ts'
import type { PinnedDimension, PinnedFile } from '../../protocol/plan.ts'
import { encodeTypes } from '../../protocol/type-json.ts'
import type { CompiledQuery, Dimension, Join } from '../../sql/compiled.ts'

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
export function joinName({ joins }: CompiledQuery): Promise<string> {
  return sha256(JSON.stringify(encodeTypes(joins)))
}

/**
 * Names what the dimensions of a query were when a row was tried: of one it is its snapshot. The empty text where there are
 * none.
 */
export async function triedName(dimensions: readonly PinnedDimension[]): Promise<string> {
  const [first, second] = dimensions.map(({ snapshot }) => snapshot)
  if (second === undefined) return first ?? ''
  return await sha256(JSON.stringify(dimensions.map(({ snapshot }) => snapshot)))
}

/** Names the snapshot of these files for a join: the same files, types and key give the same snapshot. */
export async function pinDimension(
  dimension: Dimension,
  { rightKey: key, type }: Join,
  files: readonly PinnedFile[],
  rows: number,
): Promise<PinnedDimension> {
  const versions = files.map(({ key, etag }) => [key, etag])
  const view = snapshotView(dimension)
  const snapshot = await sha256(
    JSON.stringify(encodeTypes({ format: DIMENSION_SNAPSHOT_FORMAT, versions, view, key, type })),
  )
  return { name: dimension.name, snapshot, files, rows, key, type }
}
