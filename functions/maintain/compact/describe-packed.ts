import type { PassIds } from '../../lake/ids.ts'
import { type Layout, partName } from '../../lake/layout.ts'
import type { BatchDraft } from '../../log/append.ts'
import type { BatchState, FoldedLog } from '../../log/fold.ts'
import { type BatchCommit, countRules, type SilverFile, writerOf } from '../../protocol/commit.ts'
import { FORMAT } from '../../protocol/format.ts'
import { type ItemResult, type SilverResult, snapshotsOf } from '../../protocol/result.ts'

/** A batch as it is, and the files that each new one is to hold. */
export interface Packing {
  readonly commit: BatchCommit
  readonly batch: BatchState
  readonly groups: readonly (readonly SilverFile[])[]
  readonly ids: PassIds
  /** Hex SHA-256 of what is packed, which stands for a plan. */
  readonly plan: string
}

/**
 * What the footers of the packed files say: all that those of the batch's present files do, so that a lost log can be rebuilt
 * from them. Pure.
 */
export function describePacked({ commit, batch, groups, ids, plan }: Packing, state: FoldedLog): ItemResult[] {
  const writtenBy = writerOf(batch)
  const newName = newNames(groups)
  return groups.map((_, item) => {
    const isHere = ({ silver }: { readonly silver: string }) => newName(silver) === partName(item)
    const bronze = commit.bronze.filter(isHere).map(({ silver: _, ...file }) => file)
    const unparked = commit.unparked
      .filter(isHere)
      .map(({ key, etag, rows, broken }) => ({ key, etag, rows, ...(broken && { broken }) }))
    const keys = new Set(bronze.map(({ key }) => key))
    const rejected = item === 0 ? (commit.rejected ?? []).map(({ key, rows }) => ({ key, rows })) : []
    return {
      ...{ format: FORMAT, operation: 'compact', ...ids, plannedAt: writtenBy.committedAt, writtenBy },
      seen: { version: state.version, attempt: state.attempt },
      ...{ item, items: groups.length, plan, query: commit.query.sha256, reviews: commit.reviews },
      ...snapshotsOf([
        ...(commit.customers ? [{ name: 'customers', ...commit.customers }] : []),
        ...(commit.dimensions ?? []),
      ]),
      ...{ bronze, unparked, parked: [], kept: [], excluded: batch.everParked },
      supersedes: state.superseded
        .filter(({ key }) => keys.has(key))
        .map(({ key, etag, parked }) => ({ key, etag, parked })),
      ...(commit.rules && { rules: countRules(commit.rules, [...bronze, ...unparked]) }),
      ...(rejected.length > 0 && { rejected }),
      ...{ quarantined: [], deferred: [] },
    }
  })
}

/** The commit that puts the packed files in place of the batch's present ones. Pure. */
export function draftPacked(
  { commit, batch, groups, ids }: Packing,
  packed: readonly SilverResult[],
  { layout, state, committedAt }: { readonly layout: Layout; readonly state: FoldedLog; readonly committedAt: string },
): BatchDraft {
  const { input, query, reviews, customers, dimensions, rows, rules, rejected } = commit
  const newName = newNames(groups)
  return {
    ...{ format: FORMAT, operation: 'compact', ...ids, location: layout.location(ids), writtenBy: writerOf(batch) },
    ...{
      committedAt,
      execution: 'compact',
      input,
      query: { ...query, comment: state.comment },
      reviews,
      output: state.schema,
      customers,
      rows,
    },
    ...(dimensions && { dimensions }),
    silver: packed.map(({ result, size, rows, stats }) => ({ key: partName(result.item), size, rows, stats })),
    bronze: commit.bronze.map(file => ({ ...file, silver: newName(file.silver) })),
    unparked: commit.unparked.map(file => ({ ...file, silver: newName(file.silver) })),
    ...{ parked: [], excluded: batch.everParked, reclaimed: [], superseded: [] },
    ...(rules && { rules }),
    ...(rejected && { rejected }),
    ...{ quarantined: [], deferred: [] },
  }
}

/** Gives the name of the packed file that holds the rows of one of the files before. */
function newNames(groups: Packing['groups']): (silver: string) => string {
  const names = new Map(groups.flatMap((group, item) => group.map(({ key }) => [key, partName(item)])))
  return silver => names.get(silver) ?? partName(0)
}
