import { sha256 } from '../../base/bytes.ts'
import { isSingle } from '../../engine/dimensions/key-bytes.ts'
import { snapshotView } from '../../engine/dimensions/snapshot-view.ts'
import { DIMENSION_SNAPSHOT_FORMAT } from '../../protocol/dimension-snapshot.ts'
import type { PinnedDimension } from '../../protocol/plan.ts'
import { encodeTypes } from '../../protocol/type-json.ts'
import { type CompiledQuery, type Dimension, isOfReview, type Join } from '../../sql/compiled.ts'
import { columnsUsed } from '../../sql/evaluate.ts'
import type { FoundTable } from './look-at-dimension.ts'

/**
 * Names what decides whether a review meets a customer: a row that waits is tried again when this changes, not when the
 * query selects other columns.
 */
export function joinName({ joins }: CompiledQuery): Promise<string> {
  return sha256(JSON.stringify(encodeTypes(joins)))
}

/**
 * Names what decides, besides the joins, whether a row waits: the snapshots of the inner joins' dimensions, and of
 * those that their keys come from. For one dimension it is its snapshot, for none the empty text.
 */
export async function triedName({ joins }: CompiledQuery, dimensions: readonly PinnedDimension[]): Promise<string> {
  const decisive = new Set<string>()
  for (const { kind, dimension, keys, on } of joins.toReversed()) {
    if (kind !== 'inner' && !decisive.has(dimension)) continue
    decisive.add(dimension)
    const read = [...keys.map(({ left }) => left), ...(on ? [on] : [])]
    for (const { view } of read.flatMap(columnsUsed)) if (!isOfReview(view)) decisive.add(view)
  }
  const [first, second] = dimensions.filter(({ name }) => decisive.has(name)).map(({ snapshot }) => snapshot)
  if (second === undefined) return first ?? ''
  return await sha256(JSON.stringify(dimensions.map(({ name, snapshot }) => decisive.has(name) && snapshot)))
}

/** Names the snapshot of a dimension for its join: the same files, types and keys give the same snapshot. */
export async function pinDimension(
  dimension: Dimension,
  { keys }: Join,
  tables: readonly FoundTable[],
): Promise<PinnedDimension> {
  const { name, values, plan } = dimension
  const [table] = tables
  const [{ right: key, type } = {}] = isSingle(keys) ? keys : []
  const side = key ? { key, type } : { keys: keys.map(({ left: _, ...key }) => key) }
  const files = tables.flatMap(table => table.files)
  const versions = files.map(({ key, etag }) => [key, etag])
  const made = { format: DIMENSION_SNAPSHOT_FORMAT, versions, view: snapshotView(dimension), ...side, values, plan }
  const snapshot = await sha256(JSON.stringify(encodeTypes(made)))
  if (plan) {
    const rows = plan.root.op === 'single' ? 1 : tables.reduce((sum, { rows }) => sum + rows, 0)
    return { name, snapshot, files, rows, tables: tables.map(({ name, root, files }) => ({ name, root, files })) }
  }
  const { rows = values?.length ?? 0, root } = table ?? {}
  return { name, snapshot, files, rows, ...(root !== undefined && { root }) }
}
