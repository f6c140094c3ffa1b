import { setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { starterOf, stepFunctions } from './adapters/step-functions/executions.ts'
import { once } from './base/once.ts'
import { createWake } from './pipeline/wake/worker.ts'

/** Wake on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createWake(
  once(() => ({
    ...lake(),
    executions: stepFunctions(),
    starter: starterOf(setting('MACHINE_ARN')),
    clock: Date.now,
  })),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
