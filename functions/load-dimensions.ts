import { nativeCodecs } from './adapters/codecs.ts'
import { readLimits } from './adapters/environment.ts'
import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { createLoadDimensions } from './pipeline/load/worker.ts'

/** LoadDimensions on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createLoadDimensions, () => ({
  ...lake(),
  codecs: makeCodecs(nativeCodecs, readLimits()),
}))
export default { fetch }
export { handler }
