import type { Lake } from '../../lake/lake.ts'
import type { ObjectVersion } from '../../lake/store.ts'
import { pinVersions } from '../../lake/versions.ts'
import type { Log } from '../../log/fold.ts'
import { formatOf } from '../../protocol/format.ts'
import { type BatchPlan, type Item, writePlan } from '../../protocol/plan.ts'
import type { DraftedBatch, Planner } from './draft.ts'
import { packItems } from './pack.ts'

/** The items of a batch. A file that may have killed its worker shares an item with no other. */
export function packDraft({ bronze, shared }: DraftedBatch, { state }: Log): Item[] {
  const isSuspect = ({ key, etag }: ObjectVersion) =>
    state.suspects.get(key) === etag || state.parked.get(key)?.fault !== undefined
  return packItems(bronze, shared.parked, isSuspect)
}

/** What a batch has to read. */
export function sizeOf({ bronze, shared }: DraftedBatch): Pick<BatchPlan, 'files' | 'bytes'> {
  const all = [...bronze, ...shared.parked]
  return { files: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0) }
}

/**
 * Pins the versions of a batch's files and writes its plan. Undefined where an earlier invocation of the same pass has
 * died half-way: its attempt is void.
 */
export async function writeDraft(
  draft: DraftedBatch,
  log: Log,
  planner: Planner,
  { store, layout }: Lake,
): Promise<BatchPlan | undefined> {
  const bronze = await pinVersions(store, draft.bronze)
  const { version, attempt, schema } = log.state
  const shared = {
    ...draft.shared,
    ...sizeOf(draft),
    ...planner,
    format: formatOf(draft.shared),
    seen: { version, attempt, snapshot: log.snapshot, schema },
  } as const
  return await writePlan(store, layout, shared, packDraft({ ...draft, bronze }, log))
}
