import { isRetryable, PlanExpired, ReplaceRefused, RuleViolated, TooManyConflicts } from '../../base/errors.ts'
import { readLog } from '../../log/read.ts'
import { pruneLogSnapshots, writeLogSnapshot } from '../../log/snapshot.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import type { ItemResult } from '../../protocol/result.ts'
import { countsOf, type RunState, type WorkState } from '../../protocol/state.ts'
import { batchReport } from '../../report/batch-report.ts'
import { type CommitDependencies, commitAttempt } from './commit-batch.ts'

/** How often in a row an execution plans again after a conflict. */
const MAX_VOIDS = 20
/** The longest pause after a conflict, in seconds; the pause itself is random. */
const MAX_PAUSE = 10
/** A snapshot of the log is written when the newest sound one lies this many versions back. */
const SNAPSHOT_EVERY = 20

/** Commits the pass's attempt, or says that it is void and another pass is wanted. */
export async function commitPass(
  state: WorkState,
  dependencies: CommitDependencies & { readonly random: () => number },
): Promise<RunState> {
  const outcome = await commitAttempt(state.query, dependencies).catch(error => voided(error, state))
  if (outcome.outcome === 'refused') {
    const skipped = [...state.skipped, state.work.batch]
    const refused = [...state.refused, outcome.reason]
    return { ...state, reason: 'refused', more: true, voids: 0, skipped, refused, waitSeconds: 0 }
  }
  if (outcome.outcome === 'committed') {
    const { version, batch } = outcome.commit
    const wantsSnapshot = version - Math.max(0, outcome.snapshot) >= SNAPSHOT_EVERY
    await Promise.all([
      tryReport(outcome.commit, outcome.results, dependencies),
      wantsSnapshot && trySnapshot(dependencies),
    ])
    const committed = countsOf(outcome.commit)
    const done = [...state.done, batch]
    return { ...state, ...again(state, outcome.commit), reason: 'committed', voids: 0, done, committed, waitSeconds: 0 }
  }
  const voids = state.voids + 1
  if (voids > MAX_VOIDS) {
    const why =
      outcome.outcome === 'empty'
        ? 'all of its files had changed or gone when they were joined: run again when they no longer change'
        : `${outcome.reason}: run again when fewer runs are active`
    throw new TooManyConflicts(`${state.work.batch} was void ${voids} times in a row: ${why}`)
  }
  const waitSeconds = Math.floor(dependencies.random() * (MAX_PAUSE + 1))
  return { ...state, reason: 'void', more: true, voids, waitSeconds }
}

/** Files whose workers died are tried one by one in the next pass, which begins to list where this one did. */
function again({ listing }: RunState, { deferred }: BatchCommit): Partial<RunState> {
  if (!deferred.some(({ died }) => died)) return {}
  return { more: true, listing: { ...listing, next: listing.after } }
}

/**
 * What an error of a commit means for its pass. An execution that was redriven after its plan was removed plans again.
 * A batch that can't be written again stays as it is, and the next pass goes on with the others. Throws every other
 * error.
 */
function voided(
  error: unknown,
  { work }: WorkState,
): { readonly outcome: 'refused' | 'expired'; readonly reason: string } {
  const isKept = error instanceof RuleViolated && work.operation === 'replace'
  if (error instanceof ReplaceRefused || isKept) return { outcome: 'refused', reason: error.message }
  if (!(error instanceof PlanExpired)) throw error
  return { outcome: 'expired', reason: error.message }
}

/** A report is for people, and `silversmith report` can make it again: no run fails because it could not be written. */
async function tryReport(
  commit: BatchCommit,
  results: readonly (ItemResult | undefined)[],
  { store, layout }: CommitDependencies,
): Promise<void> {
  try {
    const page = new TextEncoder().encode(batchReport(commit, results))
    await store.put(layout.report(commit), page, { ifNoneMatch: '*' })
  } catch {
    // the batch is committed: that is what counts
  }
}

/**
 * Writes a snapshot of the log where the newest sound one lies far back. It is a cache: failing to write it is no reason
 * to fail a run that has committed.
 */
export async function trySnapshot({ store, layout }: Pick<CommitDependencies, 'store' | 'layout'>): Promise<void> {
  try {
    const log = await readLog(store, layout)
    if (log.state.version - Math.max(0, log.snapshot) < SNAPSHOT_EVERY) return // another run was quicker
    await writeLogSnapshot(store, layout, log)
    await pruneLogSnapshots(store, layout, log.snapshot)
  } catch (error) {
    if (!isRetryable(error)) throw error
  }
}
