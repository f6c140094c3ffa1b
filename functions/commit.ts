import type { CommitDependencies } from './committing/commit-batch.ts'
import { commitPass } from './committing/commit-pass.ts'
import { reportCommit } from './committing/report.ts'
import { parseWorkState } from './planning/read-plan.ts'
import type { RunState } from './planning/state.ts'
import { once, token } from './runtime/environment.ts'
import { lake } from './runtime/lake.ts'
import { deploymentLog, type Log, quiet } from './runtime/log.ts'
import { type Worker, worker } from './runtime/worker.ts'

/** Commit: `{state}` → the state with the batch committed, or void. */
export function createWorker(
  dependencies: () => CommitDependencies & { readonly random: () => number },
  log: Log = quiet,
): Worker {
  return worker<RunState>({
    name: 'commit',
    token,
    run: async input => commitPass(parseWorkState(input, dependencies().layout), dependencies()),
    report: reportCommit,
    log,
  })
}

const { fetch, handler } = createWorker(
  once(() => ({ ...lake(), clock: Date.now, random: Math.random })),
  deploymentLog(),
)
export default { fetch }
export { handler }
