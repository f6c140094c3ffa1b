import { begun } from '../../base/concurrently.ts'
import { InvalidInput } from '../../base/errors.ts'
import { parseShape } from '../../base/parse-shape.ts'
import { type Executions, LakeClaim, type Patience } from '../../lake/claim.ts'
import { clockTime } from '../../lake/ids.ts'
import type { Lake } from '../../lake/lake.ts'
import { proveConditionalWrites } from '../../lake/prove.ts'
import { readCommitted } from '../../lake/read-spark-sink.ts'
import type { Log } from '../../log/fold.ts'
import { FORMAT } from '../../protocol/format.ts'
import { type ExecutionInput, isScheduled, parseInput, type Since } from '../../protocol/input.ts'
import type { BatchPlan } from '../../protocol/plan.ts'
import { type Parked, type Reason, type RunState, stateSchema } from '../../protocol/state.ts'
import { startSparkMetadata } from '../../readers/spark-sink/spark-metadata.ts'
import { type Candidates, type Caps, findCandidates } from './candidates.ts'
import type { DraftedBatch } from './draft.ts'
import type { QueryContext } from './prepare-query.ts'
import { carryOver, resumeAfter } from './resume.ts'
import { packDraft, sizeOf, writeDraft } from './write-draft.ts'

/** What the state machine passes to Plan. */
export interface PlanRequest {
  /** The execution's ARN. */
  readonly execution: string
  /** When the execution started, ISO 8601. */
  readonly startTime: string
  readonly input: unknown
  /** The state as the last pass left it; the input itself before the first. */
  readonly state: unknown
}

export interface PlanDependencies extends Lake, Pick<QueryContext, 'query' | 'ignoreSparkMetadata' | 'timestamps'> {
  readonly executions: Executions
  /**
   * Whether a scheduled run takes the claim before it lists bronze, also where it then has no work. What wakes the
   * pipeline relies on it: whoever holds the claim has listed, or will list, what was there when it was taken.
   */
  readonly claimsFirst?: boolean
  /** How to wait for a sign of life of an execution that holds the claim; in real time if not given. */
  readonly patience?: Patience
  readonly caps: Caps
  /** The S3 bucket, for the state machine's ItemReader. */
  readonly bucket: string
  readonly maxConcurrency: number
  readonly unmatched: 'park' | 'drop'
  /** What bounds the listing of scheduled runs. */
  readonly since: Since | null
}

/** What there is to do, as bronze and the log say. */
export type Found = Candidates & { readonly parked: Parked }

/** How the execution goes on after a pass. */
export type Going = Pick<RunState, 'more'> & Partial<Pick<RunState, 'skipped' | 'refused' | 'replacing'>>

/** One pass: where it stands in its execution, and the states it can lead to. */
export class Pass {
  readonly number: number
  readonly time: string
  readonly input: ExecutionInput
  readonly previous: RunState | undefined
  readonly dependencies: PlanDependencies
  readonly claim: LakeClaim
  readonly #request: PlanRequest
  /** Whether this pass has taken the claim. */
  #holds = false

  /** Throws InvalidInput. */
  constructor(request: PlanRequest, dependencies: PlanDependencies) {
    this.#request = request
    this.input = parseInput(request.input, dependencies.layout.roots)
    const previous = previousState(request.state)
    this.previous = previous
    this.dependencies = dependencies
    this.claim = new LakeClaim({ ...dependencies, execution: request.execution })
    this.number = previous ? previous.pass + 1 : 0
    this.time = previous ? previous.time : clockTime(Date.parse(request.startTime))
  }

  /** Whether this pass leaves the work to another execution that is at it. */
  get givesWay(): boolean {
    return isScheduled(this.input) && this.number === 0
  }

  /** Whether the work is left to another execution; if not, and `claimsFirst` is set, this execution has taken the claim. */
  async isBusy(): Promise<boolean> {
    if (!this.givesWay) return false
    if (!this.dependencies.claimsFirst || this.input.dryRun) return (await this.claim.heldByOther()) !== undefined
    const { held } = await this.claim.take({ patient: true })
    this.#holds = held
    return !held
  }

  /** Compares bronze with the log, from where the last pass of this execution has come to. */
  async look(log: Log): Promise<Candidates> {
    const { store, layout, caps, ignoreSparkMetadata } = this.dependencies
    const { input, previous, after } = this
    const resumed = previous !== undefined && !input.reprocess
    const listing = begun(store.list(input.prefix ?? layout.roots.reviews, after === null ? {} : { startAfter: after }))
    const candidates = await findCandidates({
      store,
      listing,
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

  /** What bounds the listing: a run that asks for something sees all of it. */
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
      skipped: this.previous?.skipped ?? [],
      refused: this.previous?.refused ?? [],
      ...(this.previous?.repairs && { repairs: this.previous.repairs }),
      backlog: found
        ? { ...found.backlog, oldest: found.backlog.oldest ?? null }
        : { files: 0, bytes: 0, oldest: null },
      parked: found?.parked ?? { rows: 0, oldest: null },
      changed: found?.changedCount ?? 0,
      ignored: found?.ignored ?? 0,
      ignoredKeys: found?.ignoredKeys ?? [],
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
  async write(draft: DraftedBatch, log: Log, found: Found, going: Going): Promise<RunState> {
    const { store, layout, unmatched } = this.dependencies
    if (this.input.dryRun) {
      const { batch, attempt, operation, rows } = draft.shared
      return {
        ...this.idle('dry run', found),
        work: { batch, attempt, operation, rows, ...sizeOf(draft), items: packDraft(draft, log).length },
      }
    }
    // only now, so that a run without work writes nothing
    const { held } = this.#holds ? { held: true } : await this.claim.take({ patient: this.givesWay })
    if (!held && this.givesWay) return this.idle('busy', found)
    if (log.state.version < 0) await proveConditionalWrites(store, layout)
    const { execution, input } = this.#request
    const plan = await writeDraft(draft, log, { execution, input, plannedAt: this.time, unmatched }, { store, layout })
    if (log.state.version < 0) await startSparkMetadata(store, layout)
    // an earlier try of this pass died half-way: the next pass has ids of its own
    if (!plan) return { ...this.idle('void', found), more: true }
    return this.#working(plan, found, going)
  }

  #working(plan: BatchPlan, found: Found, going: Going): RunState {
    const { layout } = this.dependencies
    const { batch, attempt, operation, items, files, bytes, rows } = plan
    return {
      ...this.idle(operation === 'append' ? 'new files' : 'reprocess', found),
      ...going,
      hasWork: true,
      work: { batch, attempt, operation, items, files, bytes, rows },
      plan: layout.plan(plan),
      query: layout.query(plan),
    }
  }
}

/** The state that an earlier pass of this execution left; undefined when `state` is the execution's input. */
function previousState(state: unknown): RunState | undefined {
  if (typeof state !== 'object' || state === null || !('format' in state)) return undefined
  if (state.format !== FORMAT) throw new InvalidInput('the state was made by another version') // an input has no `format`
  return parseShape(stateSchema, state, 'a state as Plan made it') as unknown as RunState // this version's workers made it
}
