import { quiet } from '../../base/logger.ts'
import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseWakeEvent, type WakeDependencies, type Woken, wake } from './wake.ts'

/** Wake: an event of the queue → the messages that have to come again. */
export function createWake(
  dependencies: () => WakeDependencies,
  { log = quiet, token = () => undefined }: WorkerOptions = {},
): Worker {
  return worker<Woken>({
    name: 'wake',
    token,
    run: async event => wake(parseWakeEvent(event), dependencies()),
    report: ({ started, holder, batchItemFailures }) => ({
      fields: { started, holder, left: batchItemFailures.length },
      metrics: {},
    }),
    log,
  })
}
