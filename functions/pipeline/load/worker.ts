import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseQueryKey, readBatchPlan } from '../../protocol/plan.ts'
import { type LoadDependencies, loadDimensions } from './load.ts'

/** LoadDimensions: `{format, query}` → the snapshots of the dimensions that the plan has pinned. */
export function createLoadDimensions(dependencies: () => LoadDependencies, options: WorkerOptions = {}): Worker {
  return worker({
    ...options,
    name: 'load-dimensions',
    run: async input => {
      const { store, layout } = dependencies()
      return loadDimensions(await readBatchPlan(store, parseQueryKey(input, layout)), dependencies())
    },
    report: ({ loaded }) => {
      const rows = loaded.reduce((sum, dimension) => sum + dimension.rows, 0)
      return { fields: { dimensions: loaded.length, rows, reused: loaded.every(({ reused }) => reused) } }
    },
  })
}
