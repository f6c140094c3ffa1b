import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { asExecution } from '../../functions/adapters/directory/process.ts'
import { LocalCatalog } from '../../functions/adapters/duckdb/local-catalog.ts'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import { ItemsInHand } from '../../functions/adapters/step-functions/items-in-hand.ts'
import { type Happening, runStateMachine } from '../../functions/adapters/step-functions/state-machine.ts'
import { once } from '../../functions/base/once.ts'
import { keepClaim, REAL_TIME } from '../../functions/lake/claim.ts'
import { clockTime } from '../../functions/lake/ids.ts'
import { READ_LIMITS, type ReadLimits } from '../../functions/parquet/metadata/read-limits.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import type { JoinDependencies } from '../../functions/pipeline/join/join-item.ts'
import type { PlanDependencies } from '../../functions/pipeline/plan/plan-pass.ts'
import { createPlan } from '../../functions/pipeline/plan/worker.ts'
import { createRefresh } from '../../functions/pipeline/refresh/worker.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import type { LocalLake } from '../lakes/lake.ts'
import { isolatedJoin, lastRunDied } from './isolated-join.ts'

export interface LocalRun {
  readonly lake: Pick<LocalLake, 'store' | 'layout' | 'executions' | 'catalog' | 'uri' | 'sparkUri'>
  readonly input: Json
  readonly settings: Pick<
    PlanDependencies,
    'query' | 'caps' | 'maxConcurrency' | 'unmatched' | 'ignoreSparkMetadata' | 'timestamps'
  > &
    Pick<JoinDependencies, 'verifyPages'> & { readonly limits?: ReadLimits; readonly delta?: boolean }
  readonly watch?: (happening: Happening) => void
  /** Told what Plan, Commit and Refresh leave: how far a run has come that fails or is interrupted. */
  readonly reached?: (state: RunState) => void
  /** Counts how far the items are. */
  readonly items?: ItemsInHand
  /** Throws where no new work shall be begun. */
  readonly stopping?: () => void
}

/**
 * Runs the state machine once on a lake in a directory or on S3, with its workers in this process; after a run that died, Join
 * has a process of its own for each item. The lake's claim is renewed as long as the run goes on, and released afterwards.
 */
export async function runLocal(run: LocalRun): Promise<RunState> {
  const { store, layout, executions, catalog, sparkUri } = run.lake
  const lake = { store, layout }
  const clock = Date.now
  const { limits = READ_LIMITS, verifyPages = false, delta = true, ...settings } = run.settings
  const { items = new ItemsInHand(), stopping = () => undefined } = run
  const codecs = makeCodecs(nativeCodecs, limits)
  const counted = { ...lake, store: items.counted(store), codecs, progress: items.addRows, verifyPages, clock }
  const died = await lastRunDied(store, layout)
  // the workers that only a run with news needs are loaded by it
  const join = once(async () => {
    if (died) return isolatedJoin(run.lake.uri, { limits, verifyPages })
    const { createJoin } = await import('../../functions/pipeline/join/worker.ts')
    return createJoin(once(() => counted)).handler
  })
  const loadDimensions = once(async () => {
    const { createLoadDimensions } = await import('../../functions/pipeline/load/worker.ts')
    return createLoadDimensions(once(() => ({ ...lake, codecs }))).handler
  })
  const commit = once(async () => {
    const { createCommit } = await import('../../functions/pipeline/commit/worker.ts')
    return createCommit(once(() => ({ ...lake, clock, random: Math.random }))).handler
  })
  const patience = {
    ...REAL_TIME,
    waitsFor: (execution: string) => run.watch?.({ type: 'waits', execution }),
  }
  // a catalog in the lake is one file: every run compares it with the log
  const checks = catalog instanceof LocalCatalog ? { checkEvery: 0 } : {}
  const plan = { ...lake, ...settings, executions, patience, bucket: 'local', since: null }
  const begin = (work: (payload: unknown) => Promise<unknown>) => async (payload: unknown) => {
    stopping()
    return work(payload)
  }
  const reaching = (work: (payload: unknown) => Promise<unknown>) => async (payload: unknown) => {
    const state = await work(payload)
    run.reached?.(state as RunState) // what these three give
    return state
  }
  const workers = {
    plan: begin(reaching(createPlan(once(() => plan)).handler)),
    loadDimensions: begin(async payload => (await loadDimensions())(payload)),
    join: begin(payload => items.work(payload, async () => (await join())(payload))),
    commit: reaching(async payload => (await commit())(payload)),
    refresh: reaching(createRefresh(once(() => ({ ...lake, clock, catalog, sparkUri, delta, ...checks }))).handler),
  }
  return asExecution(async id => {
    const execution = { id, startTime: clockTime(clock()), input: run.input }
    const machine = { workers, store, ...(run.watch && { watch: run.watch }) }
    const output = await keepClaim({ ...lake, execution: id }, () => runStateMachine(execution, machine))
    return output as unknown as RunState // Refresh's output is the machine's
  })
}
