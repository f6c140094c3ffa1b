import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import type { RunState } from '../../protocol/state.ts'
import { type PlanDependencies, parsePlanRequest, planPass } from './plan-pass.ts'
import { reportPlan } from './report.ts'

/** Plan: `{execution, startTime, input, state}` → the state of a new pass, and the plan that it names. */
export function createPlan(
  dependencies: () => PlanDependencies,
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
  return worker<RunState>({
    name: 'plan',
    token,
    run: async input => planPass(parsePlanRequest(input), dependencies()),
    report: reportPlan,
    log,
  })
}
