import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseWorkState, type RunState } from '../../protocol/state.ts'
import type { CommitDependencies } from './commit-batch.ts'
import { commitPass } from './commit-pass.ts'
import { reportCommit } from './report.ts'

/** Commit: `{state}` → the state with the batch committed, or void. */
export function createCommit(
  dependencies: () => CommitDependencies & { readonly random: () => number },
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
  return worker<RunState>({
    name: 'commit',
    token,
    run: async input => commitPass(parseWorkState(input, dependencies().layout), dependencies()),
    report: reportCommit,
    log,
  })
}
