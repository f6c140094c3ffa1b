import { athenaCatalog } from './adapters/athena/athena.ts'
import { setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { once } from './base/once.ts'
import { createRefresh } from './pipeline/refresh/worker.ts'

/** Refresh on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createRefresh(
  once(() => {
    const { bucket } = lake()
    // how the readers write the lake's root; s3a:// is Hadoop's and so most Spark jobs', s3:// is EMR's; empty for none
    const scheme = setting('SPARK_SCHEME', 's3a')
    const sparkUri = scheme === '' ? null : `${scheme}://${bucket}/`
    return {
      ...lake(),
      clock: Date.now,
      catalog: athenaCatalog(),
      sparkUri,
      delta: setting('DELTA', 'true') === 'true',
    }
  }),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
