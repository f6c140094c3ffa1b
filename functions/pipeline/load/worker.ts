import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseQueryKey, readBatchPlan } from '../../protocol/plan.ts'
import { type LoadDependencies, type LoadedDimensions, loadDimensions } from './load.ts'

/** LoadDimensions: `{format, query}` → the snapshots of the dimensions that the plan has pinned. */
export function createLoadDimensions(
  dependencies: () => LoadDependencies,
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
  return worker<LoadedDimensions>({
    name: 'load-dimensions',
    token,
    run: async input => {
      const { store, layout } = dependencies()
      return loadDimensions(await readBatchPlan(store, parseQueryKey(input, layout)), dependencies())
    },
    report: ({ loaded }) => {
      const rows = loaded.reduce((sum, dimension) => sum + dimension.rows, 0)
      return { fields: { dimensions: loaded.length, rows, reused: loaded.every(({ reused }) => reused) } }
    },
    log,
  })
}
