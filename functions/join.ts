import { nativeCodecs } from './adapters/codecs.ts'
import { readLimits, setting } from './adapters/environment.ts'
import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { createJoin } from './pipeline/join/worker.ts'

/** Join on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createJoin, () => ({
  ...lake(),
  codecs: makeCodecs(nativeCodecs, readLimits()),
  clock: Date.now,
  verifyPages: setting('VERIFY_PAGES', 'off') === 'on',
}))
export default { fetch }
export { handler }
