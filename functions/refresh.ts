import { athenaCatalog } from './adapters/athena/athena.ts'
import { setting } from './adapters/environment.ts'
import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { createRefresh } from './pipeline/refresh/worker.ts'

/** Refresh on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createRefresh, () => {
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
})
export default { fetch }
export { handler }
