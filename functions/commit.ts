import type { CommitDependencies } from './committing/commit-batch.ts'
import { commitPass } from './committing/commit-pass.ts'
import { parseState } from './planning/read-plan.ts'
import type { RunState } from './planning/state.ts'
import { once, token } from './runtime/environment.ts'
import { lake } from './runtime/lake.ts'
import { type Worker, worker } from './runtime/worker.ts'

/** Commit: `{state}` → the state with the batch committed, or void. */
export function createWorker(dependencies: () => CommitDependencies & { readonly random: () => number }): Worker {
  return worker<RunState>({
    token,
    run: async input => commitPass(parseState(input, dependencies().layout), dependencies()),
  })
}

const { fetch, handler } = createWorker(once(() => ({ ...lake(), clock: Date.now, random: Math.random })))
export default { fetch }
export { handler }
