import * as v from 'valibot'
import { InvalidInput } from '../base/errors.ts'
import { parseShape } from '../base/parse-shape.ts'
import type { Layout } from '../lake/layout.ts'
import type { BatchCommit, Rows, RuleCount } from './commit.ts'
import { checkFormat, type FORMAT } from './format.ts'
import { type Landed, landedIn } from './freshness.ts'
import { type BatchPlan, parseQueryKey } from './plan.ts'

/** The most passes of one execution, the last of which does no work: the history must stay below 25,000 events. */
export const MAX_PASSES = 100

/**
 * What travels through the state machine: keys, counts and ids. Plan makes it, Commit and Refresh add to it, and the next
 * pass of Plan takes `pass`, `time`, `done` and `voids` from it.
 */
export interface RunState {
  readonly format: typeof FORMAT
  /** The number of this pass, from 0. */
  readonly pass: number
  /** The pass's time, ISO 8601. */
  readonly time: string
  /** Whether there is something to join. */
  readonly hasWork: boolean
  /** Why there is, or why not. */
  readonly reason: Reason
  /** Whether another pass is wanted after this one. */
  readonly more: boolean
  /** How many batches in a row were void. */
  readonly voids: number
  /** The batches that this execution has committed. */
  readonly done: readonly string[]
  /** Those that it was to write again but had to leave as they are. */
  readonly skipped: readonly string[]
  /** Why, one line each; the execution fails with them once it has written the others. */
  readonly refused: readonly string[]
  readonly backlog: Backlog
  /** Rows that wait for their customer. */
  readonly parked: Parked
  /** Settled bronze files whose content has changed since. */
  readonly changed: number
  /** Objects under the reviews that are neither hidden nor data. */
  readonly ignored: number
  /** The first of them; states of earlier versions have none. */
  readonly ignoredKeys?: readonly string[]
  /** Parquet files there that are not in the log of Spark's sink. */
  readonly uncommitted: number
  /** The key after which this pass listed bronze, and the one after which the next has to; null for the beginning. */
  readonly listing: { readonly after: string | null; readonly next: string | null }
  /** The attempt, if there is work. */
  readonly work: Work | null
  /** Copies of what the state machine itself reads. */
  readonly bucket: string
  readonly plan: string
  readonly query: string
  readonly maxConcurrency: number
  /** What this pass has committed. Set by Commit. */
  readonly committed?: Committed
  /** Whether Athena knows all that is committed; false asks for another slice. Set by Refresh. */
  readonly refreshed?: boolean
  /** Whether more batches are to be written again after this one. */
  readonly replacing?: boolean
  /** What this execution repaired in the catalog. Set by Refresh. */
  readonly repairs?: Repairs
  /** The readers that could not be refreshed; the next pass publishes to them. Set by Refresh. */
  readonly failures?: readonly UntoldReader[]
  readonly waitSeconds?: number
}

/** The state of a pass that has work. */
export interface WorkState extends RunState {
  readonly work: Work
}

/** Why the commits could not be published to a reader. */
export interface UntoldReader {
  readonly reader: string
  readonly message: string
}

export type Reason =
  | 'new files'
  | 'nothing new'
  | 'busy'
  | 'void'
  | 'dry run'
  | 'reprocess'
  | 'committed'
  | 'refused'
  | 'too many passes'

export interface Backlog {
  readonly files: number
  readonly bytes: number
  /** ISO 8601. */
  readonly oldest: string | null
}

export interface Parked {
  readonly rows: number
  /** When the oldest was first parked, ISO 8601. */
  readonly oldest: string | null
}

/** What was repaired in the catalog, in numbers, with the first few by name. */
export interface Repairs {
  /** Partitions that no commit has. */
  readonly dropped: number
  /** Those that were elsewhere. */
  readonly moved: number
  /** Those that were gone. */
  readonly restored: number
  readonly named: readonly string[]
}

/** A commit in numbers. */
export interface Committed {
  readonly version: number
  /** ISO 8601. */
  readonly committedAt: string
  readonly files: number
  readonly quarantined: number
  readonly deferred: number
  readonly silver: number
  readonly bytesRead: number
  readonly bytesWritten: number
  readonly rows: Rows
  readonly parked: number
  /** Output rows that a rule kept out of silver. */
  readonly rejected: number
  /** The query's rules. */
  readonly rules: readonly RuleCount[]
  /** When the bronze files landed; null if that says nothing about how fresh silver is. */
  readonly landed: Landed | null
}

/** What the pass is going to do, in numbers; `rows` are those of the bronze files, as their footers say. */
export type Work = Pick<BatchPlan, 'batch' | 'attempt' | 'operation' | 'items' | 'files' | 'bytes' | 'rows'>

/** The numbers of a commit. */
export function countsOf(commit: BatchCommit): Committed {
  const { version, committedAt, bronze, unparked, quarantined, deferred, silver, rows, parked } = commit
  const { rejected = [], rules = [] } = commit
  return {
    version,
    committedAt,
    files: bronze.length,
    quarantined: quarantined.length,
    deferred: deferred.length,
    silver: silver.length,
    bytesRead: [...bronze, ...unparked].reduce((sum, { size }) => sum + size, 0),
    bytesWritten: silver.reduce((sum, { size }) => sum + size, 0),
    rows,
    parked: parked.reduce((sum, file) => sum + file.rows, 0),
    rejected: rejected.reduce((sum, file) => sum + file.rows, 0),
    rules,
    landed: landedIn(commit),
  }
}

const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const texts = v.array(v.string())
const time = v.pipe(v.string(), v.isoTimestamp())
const work = v.object({
  batch: v.string(),
  attempt: v.string(),
  operation: v.picklist(['append', 'replace']),
  ...{ items: count, files: count, bytes: count, rows: count },
})
const repairs = v.object({ dropped: count, moved: count, restored: count, named: texts })

/** What a worker must find in a state before it trusts it. The rest just travels along, for other workers. */
export const stateSchema = v.looseObject({
  format: v.unknown(),
  pass: v.pipe(count, v.maxValue(MAX_PASSES)),
  time,
  hasWork: v.boolean(),
  reason: v.string(),
  more: v.boolean(),
  voids: count,
  ...{ done: texts, skipped: texts, refused: texts },
  backlog: v.object({ files: count, bytes: count, oldest: v.nullable(v.string()) }),
  parked: v.object({ rows: count, oldest: v.nullable(v.string()) }),
  ...{ changed: count, ignored: count, uncommitted: count },
  listing: v.object({ after: v.nullable(v.string()), next: v.nullable(v.string()) }),
  work: v.nullable(work),
  ...{ bucket: v.string(), plan: v.string(), query: v.string(), maxConcurrency: count },
  replacing: v.exactOptional(v.boolean()),
  repairs: v.exactOptional(repairs),
  waitSeconds: v.exactOptional(count),
}) satisfies v.GenericSchema<unknown, Partial<Record<keyof RunState, unknown>>>

const inputSchema = v.object({ state: stateSchema })

/** The state in the input of Commit and Refresh. If there is work, its plan must be one of this lake. */
export function parseState(input: unknown, layout: Layout): RunState {
  const { state } = parseShape(inputSchema, input, '{"state"} as Plan made it')
  checkFormat(state.format, 'the state')
  if (state.hasWork) parseQueryKey(state, layout)
  if (state.hasWork && state.work === null) throw new InvalidInput('the state has work, but does not say which')
  return state as unknown as RunState // its format says that this version's Plan made it
}

/** The state in the input of Commit, which is only called if there is work. */
export function parseWorkState(input: unknown, layout: Layout): WorkState {
  const state = parseState(input, layout)
  if (!state.hasWork) throw new InvalidInput('the state has no work (hasWork is false): there is nothing to commit')
  return state as WorkState // parseState has seen that it says which
}
