import { nativeCodecs } from './adapters/codecs.ts'
import { once, readLimits, setting, token } from './adapters/environment.ts'
import { deploymentLog } from './adapters/lambda/deployment-log.ts'
import { lake } from './adapters/lambda/lake.ts'
import { type Worker, worker } from './adapters/lambda/worker.ts'
import { latest } from './base/latest.ts'
import { type Log, quiet } from './base/log.ts'
import type { Customers } from './engine/customers/customers.ts'
import { makeCodecs } from './parquet/pages/codecs.ts'
import { parseJoinInput } from './pipeline/join/input.ts'
import { type JoinDependencies, joinItem } from './pipeline/join/join-item.ts'
import { reportItem } from './pipeline/join/report.ts'
import { openCustomers } from './pipeline/load-customers/load.ts'
import { readBatchPlan, readItem } from './protocol/plan.ts'
import type { ItemResult } from './protocol/result.ts'

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
