import { nativeCodecs } from './adapters/codecs.ts'
import { numberSetting, readLimits, setting } from './adapters/environment.ts'
import { deployed } from './adapters/lambda/deployed.ts'
import { lake } from './adapters/lambda/lake.ts'
import { createCompact } from './maintain/compact/worker.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'

const MIB = 1 << 20

/** Compact on Lambda and on edge runtimes. */
const { fetch, handler } = deployed(createCompact, () => ({
  ...lake(),
  codecs: makeCodecs(nativeCodecs, readLimits()),
  clock: Date.now,
  targetBytes: numberSetting('COMPACT_TARGET_MB', 256) * MIB,
  // only the Delta log swaps several batches at once
  merge: setting('ATHENA_TABLE', 'partitions') === 'delta',
  sort: setting('COMPACT_SORT', '') || undefined,
}))
export default { fetch }
export { handler }
