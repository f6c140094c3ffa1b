import { nativeCodecs } from './adapters/codecs.ts'
import { readLimits, setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { once } from './base/once.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { createJoin } from './pipeline/join/worker.ts'

/** Join on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createJoin(
  once(() => ({
    ...lake(),
    codecs: makeCodecs(nativeCodecs, readLimits()),
    clock: Date.now,
    verifyPages: setting('VERIFY_PAGES', 'off') === 'on',
  })),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
