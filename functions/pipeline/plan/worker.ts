import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { type PlanDependencies, parsePlanRequest, planPass } from './plan-pass.ts'
import { reportPlan } from './report.ts'

/** Plan: `{execution, startTime, input, state}` → the state of a new pass, and the plan that it names. */
export function createPlan(dependencies: () => PlanDependencies, options: WorkerOptions = {}): Worker {
  return worker({
    ...options,
    name: 'plan',
    run: async input => planPass(parsePlanRequest(input), dependencies()),
    report: reportPlan,
  })
}
