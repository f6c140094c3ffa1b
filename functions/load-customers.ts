import { type LoadDependencies, type LoadedCustomers, loadCustomers } from './customers/load.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { parseQueryKey, readBatchPlan } from './planning/read-plan.ts'
import { nativeCodecs } from './runtime/codecs.ts'
import { once, readLimits, token } from './runtime/environment.ts'
import { lake } from './runtime/lake.ts'
import { deploymentLog, type Log, quiet } from './runtime/log.ts'
import { type Worker, worker } from './runtime/worker.ts'

/** LoadCustomers: `{format, query}` → the snapshot of the customers that the plan has pinned. */
export function createWorker(dependencies: () => LoadDependencies, log: Log = quiet): Worker {
  return worker<LoadedCustomers>({
    name: 'load-customers',
    token,
    run: async input => {
      const { store, layout } = dependencies()
      return loadCustomers(await readBatchPlan(store, parseQueryKey(input, layout)), dependencies())
    },
    report: ({ rows, reused }) => ({ fields: { rows, reused } }),
    log,
  })
}

const { fetch, handler } = createWorker(
  once(() => ({ ...lake(), codecs: makeCodecs(nativeCodecs, readLimits()) })),
  deploymentLog(),
)
export default { fetch }
export { handler }
