import { numberSetting, setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { readQueryText } from './adapters/lambda/query-text.ts'
import { stepFunctions } from './adapters/step-functions/executions.ts'
import { once } from './base/once.ts'
import { createPlan } from './pipeline/plan/worker.ts'
import { parseSince } from './protocol/input.ts'

/** Plan on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createPlan(
  once(() => ({
    ...lake(),
    executions: stepFunctions(),
    claimsFirst: setting('CLAIM', 'for-work') === 'first',
    caps: {
      maxFilesPerBatch: numberSetting('MAX_FILES_PER_BATCH', 5000),
      maxBytesPerBatch: numberSetting('MAX_BYTES_PER_BATCH', 64 * 2 ** 30),
    },
    maxConcurrency: numberSetting('MAX_CONCURRENCY', 5),
    unmatched: setting('UNMATCHED', 'park') === 'drop' ? 'drop' : 'park',
    ignoreSparkMetadata: setting('IGNORE_SPARK_METADATA', 'false') === 'true',
    timestamps: setting('TIMESTAMPS', 'int64') === 'as-is' ? 'as-is' : 'int64',
    query: readQueryText,
    since: parseSince(setting('BRONZE_SINCE', 'none'), lake().layout.roots.reviews),
  })),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
