import { latest } from '../../base/latest.ts'
import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import type { Customers } from '../../engine/customers/customers.ts'
import { readBatchPlan, readItem } from '../../protocol/plan.ts'
import type { ItemResult } from '../../protocol/result.ts'
import { openCustomers } from '../load-customers/load.ts'
import { parseJoinInput } from './input.ts'
import { type JoinDependencies, joinItem } from './join-item.ts'
import { reportItem } from './report.ts'

/**
 * Join: `{format, query, item}` → one silver file, whose footer holds the result that is returned. With `died`, which the
 * state machine adds when workers have died of the item, the file of its result without its files.
 */
export function createJoin(
  dependencies: () => Omit<JoinDependencies, 'customers'>,
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
  const plans = latest(key => readBatchPlan(dependencies().store, key))
  const customers = latest(async (snapshot): Promise<Customers> => {
    const { store, layout } = dependencies()
    return openCustomers(store, layout.customers(snapshot))
  })
  return worker<ItemResult>({
    name: 'join',
    token,
    run: async input => {
      const { store, layout } = dependencies()
      const { query, item, died } = parseJoinInput(input, layout)
      const plan = await plans(query)
      const files = died ? await readItem(store, layout, plan, item.item) : item
      return joinItem(plan, files, { ...dependencies(), customers }, died)
    },
    report: reportItem,
    log,
  })
}
