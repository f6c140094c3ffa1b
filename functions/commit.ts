import { once, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { type Worker, worker } from './adapters/lambda/worker.ts'
import { type Log, quiet } from './base/log.ts'
import type { CommitDependencies } from './pipeline/commit/commit-batch.ts'
import { commitPass } from './pipeline/commit/commit-pass.ts'
import { reportCommit } from './pipeline/commit/report.ts'
import { parseWorkState, type RunState } from './protocol/state.ts'

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
