import { mapConcurrently } from '../../base/concurrently.ts'
import type { PassIds } from '../../lake/ids.ts'
import type { Store } from '../../lake/store.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { Log, ParkedState } from '../../log/fold.ts'
import type { ExecutionInput } from '../../protocol/input.ts'
import type { BatchPlan, BronzeInput, ParkedInput } from '../../protocol/plan.ts'
import type { Misfit } from '../../sql/schema/bind.ts'
import { joinName, triedName } from './pin-dimensions.ts'
import { type PinnedQuery, prepareQuery, type QueryContext } from './prepare-query.ts'
import type { ReplaceSources } from './replace-sources.ts'

/** Parked files looked at side by side. */
const CONCURRENCY = 32

export interface DraftContext extends Omit<QueryContext, 'state'> {
  readonly log: Log
  readonly input: ExecutionInput
}

/** What a plan says of its run. */
export type Planner = Pick<BatchPlan, 'execution' | 'input' | 'plannedAt' | 'unmatched'>

/** A batch as it will be planned: its bronze files, and most of what its items share. */
export interface DraftedBatch {
  readonly bronze: readonly BronzeInput[]
  readonly shared: Omit<BatchPlan, keyof Planner | 'format' | 'seen' | 'files' | 'bytes' | 'items' | 'plan'>
}

/** Drafts a batch of new files, and of parked files that wait for other customers. Undefined when there are none. */
export async function draftAppend(
  ids: PassIds,
  bronze: readonly BronzeInput[],
  context: DraftContext,
): Promise<DraftedBatch | undefined> {
  const { log, input } = context
  // backfills of chosen files leave the parked rows to the schedule
  const narrowed = [input.prefix, input.modifiedFrom, input.modifiedTo, input.quarantined].some(
    each => each !== undefined,
  )
  const waiting = narrowed ? [] : [...log.state.parked.values()]
  if (bronze.length === 0 && waiting.length === 0) return undefined
  const prepared = await prepareQuery(bronze, waiting, { ...context, state: log.state }, untried)
  const { misfits, parked: again, ...asked } = prepared
  if (bronze.length === 0 && again.length === 0) return undefined
  const parked = await mapConcurrently(again, CONCURRENCY, file => asItIs(file, context.store))
  const { superseded } = log.state
  return {
    bronze: withMisfits(bronze, misfits),
    shared: { operation: 'append', ...ids, ...asked, excluded: [], reclaimed: [], parked, superseded, supersedes: [] },
  }
}

/** Drafts the files of a batch again, with today's query and customers. */
export async function draftReplace(
  ids: PassIds,
  batch: BatchState,
  sources: ReplaceSources,
  context: DraftContext,
): Promise<DraftedBatch> {
  const { state } = context.log
  const { bronze, ...others } = sources
  const { misfits, parked: _, ...asked } = await prepareQuery(bronze, sources.parked, { ...context, state })
  return {
    bronze: withMisfits(bronze, misfits),
    shared: {
      operation: 'replace',
      batch: batch.batch,
      attempt: ids.attempt,
      ingestDate: batch.ingestDate,
      ...(batch.absorbed && { absorbs: batch.absorbed.map(each => each.batch) }),
      ...asked,
      ...others,
      superseded: state.superseded,
    },
  }
}

/** The files that were last tried against other dimensions, or by another join. */
async function untried(waiting: readonly ParkedState[], { query, dimensions }: PinnedQuery): Promise<ParkedState[]> {
  const join = await joinName(query)
  const snapshot = await triedName(query, dimensions)
  return waiting.filter(file => file.snapshot !== snapshot || file.join !== join)
}

/** A parked file is written once under its name: a copied lake gives it another etag. One that is gone is left to Join. */
async function asItIs({ key, etag, size, rows, since, bronze }: ParkedState, store: Store): Promise<ParkedInput> {
  const now = await store.head(key)
  return { key, etag: now?.etag ?? etag, size: now?.size ?? size, rows, since, bronze }
}

/** Notes the reason at each file that does not fit the others. */
function withMisfits(bronze: readonly BronzeInput[], misfits: readonly Misfit[]): BronzeInput[] {
  const reasons = new Map(misfits.map(({ key, reason }) => [key, reason]))
  return bronze.map(file => {
    const misfit = reasons.get(file.key)
    return misfit === undefined ? file : { ...file, misfit }
  })
}
