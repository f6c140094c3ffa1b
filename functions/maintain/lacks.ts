import { ObjectMissing, PlanExpired } from '../base/errors.ts'
import { orUndefined } from '../base/or-undefined.ts'
import type { OpenDimension } from '../engine/dimensions/open-dimension.ts'
import { openSnapshot } from '../engine/dimensions/snapshot.ts'
import { type Lack, lackOf } from '../engine/join/lacking.ts'
import { groupReaders } from '../engine/join/run.ts'
import { openSources } from '../engine/join/source.ts'
import { FileFault } from '../engine/sources/file-fault.ts'
import { parkedSource } from '../engine/sources/open-source.ts'
import type { Lake } from '../lake/lake.ts'
import type { AttemptPlace } from '../lake/layout.ts'
import type { FoldedLog, ParkedState } from '../log/fold.ts'
import { type BatchPlan, readBatchPlan } from '../protocol/plan.ts'
import { plannedPlace } from '../protocol/writers.ts'
import type { ReadableLake } from './readable-lake.ts'

/**
 * What each row of a parked file waits for, as the newest batch would find it. Undefined where a query joins one dimension,
 * so that its key says it all, and where the plan or a snapshot is gone.
 */
export async function lacksIn(
  lake: ReadableLake,
  state: FoldedLog,
  file: ParkedState,
): Promise<readonly (Lack | null)[] | undefined> {
  const batch = newestOf(state) ?? state.batchOf(file.batch)
  return batch && orUndefined(findLacks(lake, plannedPlace(batch), file), PlanExpired, FileFault)
}

async function findLacks({ store, layout, codecs }: ReadableLake, place: AttemptPlace, file: ParkedState) {
  const plan = await readBatchPlan(store, layout.query(place))
  const dimensions = plan.query.joins.length > 1 ? await openDimensions({ store, layout }, plan) : undefined
  if (!dimensions) return undefined
  const [source] = await openSources([parkedSource(store, file, [])], plan.query)
  const lacks: (Lack | null)[] = []
  for (const reader of source ? groupReaders(source, codecs) : []) {
    const lack = await lackOf(reader, { query: plan.query, dimensions })
    for (let row = 0; row < reader.group.rows; row++) lacks.push(lack(row))
  }
  return lacks
}

/** The newest batch; undefined where the log ends with an attempt that was given up, or a batch that was packed. */
export function newestOf({ newest }: FoldedLog) {
  return newest && newest.operation !== 'abandon' && newest.operation !== 'compact' ? newest : undefined
}

/** The dimensions that the plan was joined with; undefined where one is gone. */
export function openDimensions({ store, layout }: Lake, plan: BatchPlan): Promise<OpenDimension[] | undefined> {
  const open = async (hash: string) => openSnapshot(await store.get(layout.snapshot(hash)))
  return orUndefined(Promise.all(plan.dimensions.map(({ snapshot }) => open(snapshot))), ObjectMissing)
}
