import { type Worker, type WorkerOptions, worker } from '../../base/worker.ts'
import { parseWakeEvent, type WakeDependencies, wake } from './wake.ts'

/** Wake: an event of the queue → the messages that have to come again. */
export function createWake(dependencies: () => WakeDependencies, options: WorkerOptions = {}): Worker {
  return worker({
    ...options,
    name: 'wake',
    run: async event => wake(parseWakeEvent(event), dependencies()),
    report: ({ started, holder, batchItemFailures }) => ({
      fields: { started, holder, left: batchItemFailures.length },
      metrics: {},
    }),
  })
}
