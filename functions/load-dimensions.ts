import { nativeCodecs } from './adapters/codecs.ts'
import { readLimits, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { once } from './base/once.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { createLoadDimensions } from './pipeline/load/worker.ts'

/** LoadDimensions on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createLoadDimensions(
  once(() => ({ ...lake(), codecs: makeCodecs(nativeCodecs, readLimits()) })),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
