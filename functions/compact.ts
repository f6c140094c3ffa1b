import { nativeCodecs } from './adapters/codecs.ts'
import { numberSetting, readLimits, setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { once } from './base/once.ts'
import { createCompact } from './maintain/compact/worker.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'

const MIB = 1 << 20

/** Compact on Lambda and on edge runtimes, with the adapters of the deployment. */
const { fetch, handler } = createCompact(
  once(() => {
    const sort = setting('COMPACT_SORT', '')
    return {
      ...lake(),
      codecs: makeCodecs(nativeCodecs, readLimits()),
      clock: Date.now,
      targetBytes: numberSetting('COMPACT_TARGET_MB', 256) * MIB,
      // only the Delta log swaps several batches at once
      merge: setting('ATHENA_TABLE', 'partitions') === 'delta',
      sort: sort === '' ? undefined : sort,
    }
  }),
  { log: deploymentLog(), token },
)
export default { fetch }
export { handler }
