import { latest, latestOf } from '../../base/latest.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { readBatchPlan, readItem } from '../../protocol/plan.ts'
import type { ItemResult } from '../../protocol/result.ts'
import { openStoredSnapshot } from '../load/load.ts'
import { parseJoinInput } from './input.ts'
import { type JoinDependencies, joinItem } from './join-item.ts'
import { reportItem } from './report.ts'

/**
 * Join: `{format, query, item}` → one silver file, whose footer holds the result; a short form is returned. With
 * `died`, which the state machine adds when workers have died of the item, the file of its result without its files.
 */
export function createJoin(
  dependencies: () => Omit<JoinDependencies, 'snapshots'>,
  options: WorkerOptions = {},
): Worker {
  const plans = latest(key => readBatchPlan(dependencies().store, key))
  const snapshots = latestOf(hash => {
    const { store, layout } = dependencies()
    return openStoredSnapshot(store, layout.snapshot(hash))
  })
  return worker({
    ...options,
    name: 'join',
    run: async input => {
      const { store, layout } = dependencies()
      const { query, item, died } = parseJoinInput(input, layout)
      const plan = await plans(query)
      const files = died ? await readItem(store, layout, plan, item.item) : item
      return withoutBroken(await joinItem(plan, files, { ...dependencies(), snapshots }, died))
    },
    report: reportItem,
  })
}

/** Which file breaks which rules is in the footer only: for 500 files it may be more than Step Functions takes. */
function withoutBroken(result: ItemResult): ItemResult {
  const bronze = result.bronze.map(({ broken: _, ...file }) => file)
  const unparked = result.unparked.map(({ broken: _, ...file }) => file)
  return { ...result, bronze, unparked }
}
