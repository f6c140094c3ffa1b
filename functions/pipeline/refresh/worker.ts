import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseState, type RunState } from '../../protocol/state.ts'
import { refreshPass } from './refresh-pass.ts'
import { reportRefresh } from './report.ts'

/** Refresh: `{state}` → the state once Athena knows what is committed, or a slice of it. */
export function createRefresh(
  dependencies: () => Parameters<typeof refreshPass>[1],
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
  return worker<RunState>({
    name: 'refresh',
    token,
    run: async input => refreshPass(parseState(input, dependencies().layout), dependencies()),
    report: reportRefresh,
    log,
  })
}
