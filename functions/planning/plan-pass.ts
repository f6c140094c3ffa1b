import * as v from 'valibot'
import { claimLake, type Executions, heldByOther } from '../lake/claim.ts'
import { type PassIds, passIds } from '../lake/ids.ts'
import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { FORMAT } from '../log/commit.ts'
import { type Log, readLog } from '../log/read.ts'
import { startSparkMetadata } from '../publishing/spark-metadata.ts'
import { InvalidInput } from '../runtime/errors.ts'
import type { BatchPlan } from './batch-plan.ts'
import { type Candidates, type Caps, findCandidates } from './candidates.ts'
import { type DraftedBatch, draftAppend, draftReplace } from './draft.ts'
import { type ExecutionInput, isScheduled, parseInput } from './input.ts'
import { packItems } from './pack.ts'
import { carryOver, resumeAfter } from './resume.ts'
import { findReplaceSources, selectBatches } from './select-replace.ts'
import type { Since } from './since.ts'
import { readCommitted } from './spark-source.ts'
import { type Parked, parkedIn, type Reason, type RunState } from './state.ts'
import type { QueryText } from './views.ts'
import { writePlan } from './write-plan.ts'

/** What the state machine tells Plan. */
export interface PlanRequest {
  /** The execution's ARN. */
  readonly execution: string
  /** When the execution started, ISO 8601. */
  readonly startTime: string
  readonly input: unknown
  /** The state as the last pass left it; the input itself before the first. */
  readonly state: unknown
}

export interface PlanDependencies {
  readonly store: Store
  readonly layout: Layout
  readonly executions: Executions
  readonly caps: Caps
  /** The S3 bucket, for the state machine's ItemReader. */
  readonly bucket: string
  readonly maxConcurrency: number
  readonly unmatched: 'park' | 'drop'
  /** What bounds the listing of scheduled runs. */
  readonly since: Since | null
  /** Whether to take bronze files that the log of Spark's sink does not have. */
  readonly ignoreSparkMetadata: boolean
  readonly query: () => Promise<QueryText>
}

/** The most passes of one execution: its history must stay below 25,000 events. */
const MAX_PASSES = 100

/**
 * One pass of Plan: finds what is to be joined, pins it and writes the plan. A scheduled run gives way to an execution at
 * work. A retry of the same pass finds the plan of the first try and returns the same state.
 */
export async function planPass(request: PlanRequest, dependencies: PlanDependencies): Promise<RunState> {
  const { store, layout } = dependencies
  const input = parseInput(request.input, layout.roots)
  const previous = previousState(request.state)
  const pass = new Pass(request, input, previous, dependencies)
  if (pass.number >= MAX_PASSES) return pass.idle('too many passes')
  const givesWay = isScheduled(input) && pass.number === 0
  if (givesWay && (await heldByOther(store, layout, request.execution, dependencies.executions)))
    return pass.idle('busy')
  const log = await readLog(store, layout, { batches: input.reprocess !== undefined })
  const found = { ...(await pass.look(log)), parked: parkedIn(log.state) }
  const ids = await passIds(executionName(request.execution), pass.number, Date.parse(pass.time))
  if (input.reprocess) return planReplace(pass, ids, log, found)
  const draft = await draftAppend(ids, found.files, { log, input, time: pass.time, ...dependencies })
  if (!draft) return pass.idle('nothing new', found)
  return pass.write(draft, log, found, found.waiting > 0)
}

/** What there is to do, as bronze and the log say. */
type Found = Candidates & { readonly parked: Parked }

async function planReplace(pass: Pass, ids: PassIds, log: Log, found: Found): Promise<RunState> {
  const { input, dependencies, previous } = pass
  const { store, layout } = dependencies
  if (!input.reprocess) return pass.idle('nothing new', found)
  const batches = selectBatches(log, input.reprocess, previous?.done ?? [], found.changed)
  const [batch, ...others] = batches
  if (!batch) return pass.idle('nothing new', found)
  const sources = await findReplaceSources(store, layout, batch, 'changed' in input.reprocess)
  const draft = await draftReplace(ids, batch, sources, { log, input, time: pass.time, ...dependencies })
  // what this batch makes outdated may concern others, as the next pass will see
  return pass.write(draft, log, found, others.length > 0 || 'changed' in input.reprocess)
}

/** One pass: where it stands in its execution, and the states it can lead to. */
class Pass {
  readonly number: number
  readonly time: string
  readonly input: ExecutionInput
  readonly previous: RunState | undefined
  readonly dependencies: PlanDependencies
  readonly #request: PlanRequest

  constructor(
    request: PlanRequest,
    input: ExecutionInput,
    previous: RunState | undefined,
    dependencies: PlanDependencies,
  ) {
    this.#request = request
    this.input = input
    this.previous = previous
    this.dependencies = dependencies
    this.number = previous ? previous.pass + 1 : 0
    this.time = previous ? previous.time : new Date(request.startTime).toISOString()
  }

  /** Compares bronze with the log, from where the last pass of this execution has come to. */
  async look(log: Log): Promise<Candidates> {
    const { store, layout, caps, ignoreSparkMetadata } = this.dependencies
    const { input, previous, after } = this
    const resumed = previous !== undefined && !input.reprocess
    const candidates = await findCandidates({
      listing: store.list(input.prefix ?? layout.roots.reviews, after === null ? {} : { startAfter: after }),
      settled: log.bronze(),
      root: layout.roots.reviews,
      isCommitted: ignoreSparkMetadata ? null : await readCommitted(store, layout.roots.reviews),
      input,
      since: this.#since && 'time' in this.#since ? this.#since.time : null,
      caps,
      briefly: resumed,
    })
    return resumed ? carryOver(previous, candidates) : candidates
  }

  /** What bounds the listing: whoever asks for something sees all of it. */
  get #since(): Since | null {
    return isScheduled(this.input) ? this.dependencies.since : null
  }

  /** The key after which this pass begins to list; null for the beginning. */
  get after(): string | null {
    const first = this.#since && 'key' in this.#since ? this.#since.key : null
    return this.previous && !this.input.reprocess ? (resumeAfter(this.previous) ?? first) : first
  }

  /** A state without work. */
  idle(reason: Reason, found?: Found): RunState {
    return {
      format: FORMAT,
      pass: this.number,
      time: this.time,
      hasWork: false,
      reason,
      more: false,
      voids: this.previous?.voids ?? 0,
      done: this.previous?.done ?? [],
      backlog: found
        ? { ...found.backlog, oldest: found.backlog.oldest ?? null }
        : { files: 0, bytes: 0, oldest: null },
      parked: found?.parked ?? { rows: 0, oldest: null },
      changed: found?.changedCount ?? 0,
      ignored: found?.ignored ?? 0,
      uncommitted: found?.uncommitted ?? 0,
      listing: { after: this.after, next: found?.next ?? null },
      work: null,
      bucket: this.dependencies.bucket,
      plan: '',
      query: '',
      maxConcurrency: this.dependencies.maxConcurrency,
    }
  }

  /** Writes the plan of a batch and gives the state that starts the work on it. */
  async write(draft: DraftedBatch, log: Log, found: Found, more: boolean): Promise<RunState> {
    const { store, layout, executions } = this.dependencies
    const items = packItems(draft.bronze, draft.shared.parked)
    const counts = {
      files: draft.bronze.length + draft.shared.parked.length,
      bytes: [...draft.bronze, ...draft.shared.parked].reduce((sum, { size }) => sum + size, 0),
    }
    if (this.input.dryRun) {
      const { batch, attempt, operation, rows } = draft.shared
      return {
        ...this.idle('dry run', found),
        work: { batch, attempt, operation, rows, ...counts, items: items.length },
      }
    }
    // only now, so that a run without work writes nothing
    const claim = await claimLake(store, layout, this.#request.execution, executions)
    if (!claim.held && isScheduled(this.input) && this.number === 0) return this.idle('busy', found)
    const shared = {
      ...draft.shared,
      ...counts,
      format: FORMAT,
      execution: this.#request.execution,
      input: this.#request.input,
      plannedAt: this.time,
      seen: seenLog(log),
      unmatched: this.dependencies.unmatched,
    } as const
    const plan = await writePlan(store, layout, shared, items)
    if (log.state.version < 0) await startSparkMetadata(store, layout)
    // an earlier try of this pass died half-way: the next pass has ids of its own
    if (!plan) return { ...this.idle('void', found), more: true }
    return this.#working(plan, found, more)
  }

  #working(plan: BatchPlan, found: Found, more: boolean): RunState {
    const { layout } = this.dependencies
    const { batch, attempt, operation, items, files, bytes, rows } = plan
    return {
      ...this.idle(operation === 'append' ? 'new files' : 'reprocess', found),
      hasWork: true,
      more,
      work: { batch, attempt, operation, items, files, bytes, rows },
      plan: layout.plan(plan),
      query: layout.query(plan),
    }
  }
}

function seenLog({ state, snapshot }: Log): BatchPlan['seen'] {
  const { version, attempt, schema } = state
  return { version, attempt, snapshot, schema }
}

const requestSchema = v.object({
  execution: v.pipe(v.string(), v.minLength(1)),
  startTime: v.pipe(v.string(), v.isoTimestamp()),
  input: v.unknown(),
  state: v.unknown(),
})

/** Reads Plan's input. Throws InvalidInput. */
export function parsePlanRequest(input: unknown): PlanRequest {
  const parsed = v.safeParse(requestSchema, input)
  if (parsed.success) return parsed.output
  throw new InvalidInput('the input must be {"execution", "startTime", "input", "state"}')
}

/** The state that an earlier pass of this execution left; undefined when `state` is the execution's input. */
function previousState(state: unknown): RunState | undefined {
  if (typeof state !== 'object' || state === null || !('format' in state)) return undefined
  const { format, pass } = state as Partial<RunState> // an input has no `format`: parseInput refuses it
  if (format !== FORMAT || !Number.isInteger(pass)) throw new InvalidInput('the state is not one of this version')
  return state as RunState // this version's Plan, Commit or Refresh made it
}

/** The last part of an execution's ARN. */
function executionName(execution: string): string {
  return execution.slice(execution.lastIndexOf(':') + 1)
}
