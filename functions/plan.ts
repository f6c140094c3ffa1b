import { numberSetting, setting } from './adapters/environment.ts'
import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { readQueryText } from './adapters/lambda/query-text.ts'
import { stepFunctions } from './adapters/step-functions/executions.ts'
import { createPlan } from './pipeline/plan/worker.ts'
import { parseSince } from './protocol/input.ts'

/** Plan on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createPlan, () => ({
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
}))
export default { fetch }
export { handler }
