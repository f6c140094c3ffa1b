import { NO_COUNTS } from '../../engine/join/join-rows.ts'
import type { RowCounts, SourceFile } from '../../engine/sources/source-file.ts'
import { versionName } from '../../lake/keys.ts'
import { voidIn } from '../../log/fold.ts'
import {
  countRules,
  type DeferredFile,
  type QuarantinedFile,
  type Rows,
  type SupersededFile,
  withSome,
} from '../../protocol/commit.ts'
import { formatOf } from '../../protocol/format.ts'
import type { BatchPlan, Item } from '../../protocol/plan.ts'
import { type ItemResult, type ParkedResult, snapshotsOf } from '../../protocol/result.ts'

/** What became of an item: `counts` are those of `left.sources`, `keys` name the files beside the silver file. Pure. */
export function describeResult(
  plan: BatchPlan,
  item: Item,
  left: {
    readonly sources: readonly SourceFile[]
    readonly quarantined: readonly QuarantinedFile[]
    readonly deferred: readonly DeferredFile[]
  },
  counts: readonly RowCounts[],
  keys: { readonly parked: string; readonly rejected: string },
): ItemResult {
  const joined = left.sources.map((source, i) => ({ source, counts: counts[i] ?? NO_COUNTS }))
  const kept = plan.operation === 'append' && joined.every(({ source }) => source.parked) && stay(joined)
  const bronze = joined
    .filter(({ source }) => !source.parked)
    .map(({ source: { key, etag, size, modified }, counts }) => ({
      ...{ key, etag, size, modified: new Date(modified).toISOString() },
      ...outcomeOf(counts),
    }))
  const unparked = joined
    .filter(({ source }) => source.parked && !kept)
    .map(({ source: { key, etag }, counts }) => ({ key, etag, ...outcomeOf(counts) }))
  const rejected = joined.reduce((sum, { counts }) => sum + (counts.rejectedRows ?? 0), 0)
  return {
    format: formatOf(plan),
    operation: plan.operation,
    batch: plan.batch,
    attempt: plan.attempt,
    ingestDate: plan.ingestDate,
    ...(item.item === 0 && plan.absorbs && { absorbs: plan.absorbs }),
    plannedAt: plan.plannedAt,
    seen: { version: plan.seen.version, attempt: plan.seen.attempt },
    item: item.item,
    items: plan.items,
    plan: plan.plan,
    query: plan.query.sha256,
    reviews: plan.query.reviews,
    ...snapshotsOf(plan.dimensions),
    bronze,
    unparked,
    parked: kept ? [] : describeParked(plan, joined, keys.parked),
    kept: kept ? joined.map(({ source: { key, etag } }) => ({ key, etag })) : [],
    excluded: plan.excluded,
    supersedes: outdatedOf(plan, item),
    ...(plan.query.rules && { rules: countRules(plan.query.rules, [...bronze, ...unparked]) }),
    ...(rejected > 0 && { rejected: [{ key: keys.rejected, rows: rejected }] }),
    quarantined: left.quarantined,
    deferred: left.deferred,
  }
}

/** The versions of the item's files that this replace, or one before it, put others in place of. */
function outdatedOf(plan: BatchPlan, item: Item): SupersededFile[] {
  const keys = new Set(item.bronze.map(({ key }) => key))
  return [...plan.superseded, ...plan.supersedes]
    .filter(({ key }) => keys.has(key))
    .map(({ key, etag, parked }) => ({ key, etag, parked }))
}

interface Joined {
  readonly source: SourceFile
  readonly counts: RowCounts
}

/** This many parked files are written as one, though no customer came: their number must not grow forever. */
const MANY = 100

/** Whether rows wait as before, and nothing else became of any: writing them again would change nothing. */
function stay(joined: readonly Joined[]): boolean {
  if (joined.length >= MANY) return false
  const waits = joined.some(({ counts }) => counts.parked > 0)
  return (
    waits &&
    joined.every(
      ({ counts: { filtered, rejected = 0, nullKey, matched } }) => filtered + rejected + nullKey + matched === 0,
    )
  )
}

function describeParked(plan: BatchPlan, joined: readonly Joined[], key: string): ParkedResult[] {
  const from = joined.filter(({ counts }) => counts.parked > 0)
  if (from.length === 0) return []
  const isVoid = voidIn([...plan.superseded, ...plan.supersedes])
  const earlier = plan.parked.filter(file => from.some(({ source }) => source.key === file.key))
  const versions = [
    ...from.filter(({ source }) => !source.parked).map(({ source: { key, etag } }) => ({ key, etag })),
    ...earlier.flatMap(file => file.bronze.filter(version => !isVoid(file.key, version))),
  ]
  return [
    {
      key,
      rows: from.reduce((sum, { counts }) => sum + counts.parked, 0),
      since: [...earlier, ...plan.reclaimed].map(file => file.since).sort()[0] ?? plan.plannedAt,
      bronze: [...new Map(versions.map(version => [versionName(version), version])).values()],
    },
  ]
}

function outcomeOf({ read, generated, filtered, rejected, nullKey, unmatched, matched, written, broken }: RowCounts) {
  const rows: Rows = withSome(
    { read, filtered, nullKey, unmatched, matched, written },
    { generated: generated ?? 0, rejected: rejected ?? 0 },
  )
  return { rows, ...(broken && { broken }) }
}
