import { openCustomers } from './customers/load.ts'
import type { Customers } from './customers/snapshot.ts'
import { parseJoinInput } from './joining/input.ts'
import { type JoinDependencies, joinItem } from './joining/join-item.ts'
import { reportItem } from './joining/report.ts'
import type { ItemResult } from './joining/result.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { readBatchPlan, readItem } from './planning/read-plan.ts'
import { nativeCodecs } from './runtime/codecs.ts'
import { once, readLimits, setting, token } from './runtime/environment.ts'
import { lake } from './runtime/lake.ts'
import { latest } from './runtime/latest.ts'
import { deploymentLog, type Log, quiet } from './runtime/log.ts'
import { type Worker, worker } from './runtime/worker.ts'

/**
 * Join: `{format, query, item}` → one silver file, whose footer holds the result that is returned. With `died`, which the
 * state machine adds when workers have died of the item, the file of its result without its files.
 */
export function createWorker(dependencies: () => Omit<JoinDependencies, 'customers'>, log: Log = quiet): Worker {
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

const { fetch, handler } = createWorker(
  once(() => ({
    ...lake(),
    codecs: makeCodecs(nativeCodecs, readLimits()),
    verifyPages: setting('VERIFY_PAGES', 'off') === 'on',
  })),
  deploymentLog(),
)
export default { fetch }
export { handler }
