import { ObjectMissing, PlanExpired } from '../base/errors.ts'
import type { OpenDimension } from '../engine/dimensions/open-dimension.ts'
import { openSnapshot } from '../engine/dimensions/snapshot.ts'
import { type Lack, lackOf } from '../engine/join/lacking.ts'
import { groupReaders } from '../engine/join/run.ts'
import { openSources } from '../engine/join/source.ts'
import { FileFault } from '../engine/sources/file-fault.ts'
import { parkedSource } from '../engine/sources/open-source.ts'
import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { FoldedLog, ParkedState } from '../log/fold.ts'
import type { Codecs } from '../parquet/pages/codecs.ts'
import { type BatchPlan, readBatchPlan } from '../protocol/plan.ts'
import { plannedPlace } from '../protocol/writers.ts'

interface Lake {
  readonly store: Store
  readonly layout: Layout
  readonly codecs: Codecs
}

/**
 * What each row of a parked file waits for, as the newest batch would find it. Undefined where a query joins one dimension,
 * so that its key says it all, and where the plan or a snapshot is gone.
 */
export async function lacksIn(
  { store, layout, codecs }: Lake,
  state: FoldedLog,
  file: ParkedState,
): Promise<readonly (Lack | null)[] | undefined> {
  const batch = newestOf(state) ?? state.batchOf(file.batch)
  if (!batch) return undefined
  try {
    const plan = await readBatchPlan(store, layout.query(plannedPlace(batch)))
    const dimensions = plan.query.joins.length > 1 ? await openDimensions(store, layout, plan) : undefined
    if (!dimensions) return undefined
    const [source] = await openSources([parkedSource(store, file, [])], plan.query)
    const lacks: (Lack | null)[] = []
    for (const reader of source ? groupReaders(source, codecs) : []) {
      const lack = await lackOf(reader, { query: plan.query, dimensions })
      for (let row = 0; row < reader.group.rows; row++) lacks.push(lack(row))
    }
    return lacks
  } catch (error) {
    if (error instanceof PlanExpired || error instanceof FileFault) return undefined
    throw error
  }
}

/** The newest batch; undefined where the log ends with an attempt that was given up, or a batch that was packed. */
export function newestOf({ newest }: FoldedLog) {
  return newest && newest.operation !== 'abandon' && newest.operation !== 'compact' ? newest : undefined
}

/** The dimensions that the plan was joined with; undefined where one is gone. */
export async function openDimensions(
  store: Store,
  layout: Layout,
  plan: BatchPlan,
): Promise<OpenDimension[] | undefined> {
  try {
    return await Promise.all(
      plan.dimensions.map(async ({ snapshot }) => openSnapshot(await store.get(layout.snapshot(snapshot)))),
    )
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    throw error
  }
}
