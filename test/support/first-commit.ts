import type { RunState } from '../../functions/protocol/state.ts'
import type { World } from './world.ts'

/** Runs an execution in whose first commit something else happens before or after. */
export async function aroundFirstCommit(
  world: World,
  act: (commit: () => Promise<RunState>, state: RunState) => Promise<RunState>,
): Promise<RunState> {
  const { workers, store } = world.workers(world.store)
  const { commit } = workers
  let due = true
  workers.commit = payload => {
    if (!due) return commit(payload)
    due = false
    const { state } = payload as { state: RunState } // as the state machine gives it
    return act(() => commit({ state }) as Promise<RunState>, state)
  }
  return world.runWith(workers, store)
}
