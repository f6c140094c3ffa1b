import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseState } from '../../protocol/state.ts'
import { refreshPass } from './refresh-pass.ts'
import { reportRefresh } from './report.ts'

/** Refresh: `{state}` → the state once Athena knows what is committed, or a slice of it. */
export function createRefresh(
  dependencies: () => Parameters<typeof refreshPass>[1],
  options: WorkerOptions = {},
): Worker {
  return worker({
    ...options,
    name: 'refresh',
    run: async input => refreshPass(parseState(input, dependencies().layout), dependencies()),
    report: reportRefresh,
  })
}
