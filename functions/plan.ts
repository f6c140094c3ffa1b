import { type PlanDependencies, parsePlanRequest, planPass } from './planning/plan-pass.ts'
import { reportPlan } from './planning/report.ts'
import { parseSince } from './planning/since.ts'
import type { RunState } from './planning/state.ts'
import { numberSetting, once, setting, token } from './runtime/environment.ts'
import { lake } from './runtime/lake.ts'
import { deploymentLog, type Log, quiet } from './runtime/log.ts'
import { readQueryText } from './runtime/query-text.ts'
import { stepFunctions } from './runtime/step-functions.ts'
import { type Worker, worker } from './runtime/worker.ts'

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
