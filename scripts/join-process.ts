import { Worker } from 'node:worker_threads'
import { createWorker } from '../functions/join.ts'
import { Layout } from '../functions/lake/layout.ts'
import { makeCodecs } from '../functions/parquet/pages/codecs.ts'
import { nativeCodecs } from '../functions/runtime/codecs.ts'
import { DirectoryStore } from './directory-store.ts'
import type { JoinAnswer, JoinRequest } from './isolated-join.ts'

/*
 * A process that joins one item and ends: isolated-join.ts starts it. Ctrl-C is the parent's to answer. Where the parent
 * is gone, a thread of its own ends the process, however busy the main one is.
 */
process.on('SIGINT', () => undefined)
const watch = `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), 1000)`
new Worker(watch, { eval: true }).unref()

process.once('message', async ({ root, payload }: JoinRequest) => {
  const lake = { store: new DirectoryStore(root), layout: new Layout(), codecs: makeCodecs(nativeCodecs) }
  const answer = await createWorker(() => lake)
    .handler(payload)
    .then(
      (result): JoinAnswer => ({ result }),
      (error): JoinAnswer => ({ error: { name: error?.name ?? 'Error', message: error?.message ?? String(error) } }),
    )
  process.send?.(answer, () => process.exit())
})
