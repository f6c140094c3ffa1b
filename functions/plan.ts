import { numberSetting, once, setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { readQueryText } from './adapters/lambda/query-text.ts'
import { type Worker, worker } from './adapters/lambda/worker.ts'
import { stepFunctions } from './adapters/step-functions/executions.ts'
import { type Log, quiet } from './base/log.ts'
import { type PlanDependencies, parsePlanRequest, planPass } from './pipeline/plan/plan-pass.ts'
import { reportPlan } from './pipeline/plan/report.ts'
import { parseSince } from './protocol/input.ts'
import type { RunState } from './protocol/state.ts'

/** Plan: `{execution, startTime, input, state}` → the state of a new pass, and the plan that it names. */
export function createWorker(dependencies: () => PlanDependencies, log: Log = quiet): Worker {
  return worker<RunState>({
    name: 'plan',
    token,
    run: async input => planPass(parsePlanRequest(input), dependencies()),
    report: reportPlan,
    log,
  })
}

const { fetch, handler } = createWorker(
  once(() => ({
    ...lake(),
    executions: stepFunctions(),
    caps: {
      maxFilesPerBatch: numberSetting('MAX_FILES_PER_BATCH', 5000),
      maxBytesPerBatch: numberSetting('MAX_BYTES_PER_BATCH', 64 * 2 ** 30),
    },
    maxConcurrency: numberSetting('MAX_CONCURRENCY', 5),
    unmatched: setting('UNMATCHED', 'park') === 'drop' ? 'drop' : 'park',
    ignoreSparkMetadata: setting('IGNORE_SPARK_METADATA', 'false') === 'true',
    query: readQueryText,
    since: parseSince(setting('BRONZE_SINCE', 'none'), lake().layout.roots.reviews),
  })),
  deploymentLog(),
)
export default { fetch }
export { handler }
