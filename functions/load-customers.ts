import { nativeCodecs } from './adapters/codecs.ts'
import { once, readLimits, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { type Worker, worker } from './adapters/lambda/worker.ts'
import { type Log, quiet } from './base/log.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { type LoadDependencies, type LoadedCustomers, loadCustomers } from './pipeline/load-customers/load.ts'
import { parseQueryKey, readBatchPlan } from './protocol/plan.ts'

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
