import { token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { once } from './base/once.ts'
import { createCommit } from './pipeline/commit/worker.ts'

/** Commit on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createCommit(
  once(() => ({ ...lake(), clock: Date.now, random: Math.random })),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
