import { setting } from './adapters/environment.ts'
import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { starterOf, stepFunctions } from './adapters/step-functions/executions.ts'
import { createWake } from './pipeline/wake/worker.ts'

/** Wake on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createWake, () => ({
  ...lake(),
  executions: stepFunctions(),
  starter: starterOf(setting('MACHINE_ARN')),
  clock: Date.now,
}))
export default { fetch }
export { handler }
