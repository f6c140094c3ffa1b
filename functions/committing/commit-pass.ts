import { readLog } from '../log/read.ts'
import { writeSnapshot } from '../log/snapshot.ts'
import type { RunState } from '../planning/state.ts'
import { isRetryable, TooManyConflicts } from '../runtime/errors.ts'
import { type CommitDependencies, commitAttempt } from './commit-batch.ts'

/** How often in a row an execution plans again after a conflict. */
const MAX_VOIDS = 20
/** The longest pause after a conflict, in seconds; the pause itself is random. */
const MAX_PAUSE = 10
/** A snapshot of the log is written when the newest lies this many versions back. */
const SNAPSHOT_EVERY = 20

/** Commits the pass's attempt, or says that it is void and another pass is wanted. */
export async function commitPass(
  state: RunState,
  dependencies: CommitDependencies & { readonly random: () => number },
): Promise<RunState> {
  const outcome = await commitAttempt(state.query, dependencies)
  if (outcome.outcome === 'committed') {
    const { version, batch } = outcome.commit
    if (version > 0 && version % SNAPSHOT_EVERY === 0) await trySnapshot(dependencies)
    return { ...state, reason: 'committed', voids: 0, done: [...state.done, batch], waitSeconds: 0 }
  }
  const voids = state.voids + 1
  const why = outcome.outcome === 'conflict' ? outcome.reason : 'all of its files had changed or gone'
  if (voids > MAX_VOIDS) {
    throw new TooManyConflicts(
      `${state.work?.batch} was void for the ${voids}th time (${why}): run again when fewer runs are at work`,
    )
  }
  const waitSeconds = Math.floor(dependencies.random() * (MAX_PAUSE + 1))
  return { ...state, reason: 'void', more: true, voids, waitSeconds }
}

/** A snapshot is a cache: that it could not be written now is no reason to fail a run that has committed. */
async function trySnapshot({ store, layout }: CommitDependencies): Promise<void> {
  try {
    await writeSnapshot(store, layout, await readLog(store, layout))
  } catch (error) {
    if (!isRetryable(error)) throw error
  }
}
