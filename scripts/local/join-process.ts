import { Worker } from 'node:worker_threads'
import { nativeCodecs } from '../../functions/adapters/codecs.ts'
import { latest } from '../../functions/base/latest.ts'
import { Layout } from '../../functions/lake/layout.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import { createJoin } from '../../functions/pipeline/join/worker.ts'
import { openStore } from '../lakes/open-store.ts'
import type { JoinAnswer, JoinRequest } from './isolated-join.ts'

/*
 * A process that joins items, one after another: isolated-join.ts starts it. Ctrl-C is the parent's to answer. Where the
 * parent is gone, a thread of its own ends the process, however busy the main one is.
 */
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined)
const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 1000)`
new Worker(watch, { eval: true }).unref()

const layout = new Layout()
let reading: JoinRequest['reading'] // the same for all items: a run has one
const workers = latest(async root => {
  const store = await openStore(root, layout)
  const codecs = makeCodecs(nativeCodecs, reading?.limits)
  const verifyPages = reading?.verifyPages ?? false
  return createJoin(() => ({ store, layout, codecs, verifyPages, clock: Date.now }))
})

process.on('message', async ({ root, payload, ...request }: JoinRequest) => {
  reading = request.reading
  const { handler } = await workers(root)
  const answer = await handler(payload).then(
    (result): JoinAnswer => ({ result }),
    (error): JoinAnswer => ({ error: { name: error?.name ?? 'Error', message: error?.message ?? String(error) } }),
  )
  process.send?.(answer)
})
