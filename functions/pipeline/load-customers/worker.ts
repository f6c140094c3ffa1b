import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseQueryKey, readBatchPlan } from '../../protocol/plan.ts'
import { type LoadDependencies, type LoadedCustomers, loadCustomers } from './load.ts'

/** LoadCustomers: `{format, query}` → the snapshot of the customers that the plan has pinned. */
export function createLoadCustomers(
  dependencies: () => LoadDependencies,
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
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
