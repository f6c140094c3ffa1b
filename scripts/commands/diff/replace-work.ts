import { MIN_COPY_BYTES } from '../../../functions/lake/store.ts'
import type { Log } from '../../../functions/log/fold.ts'
import type { Workload } from '../../summary/price.ts'

/** What it takes to write batches again, as the log knows their files. */
export async function workOfReplace(log: Log, batches: ReadonlySet<string>): Promise<Workload> {
  const work = { files: 0, bytes: 0, large: 0, listed: 0 }
  for await (const { size, batch, reason } of log.bronze()) {
    work.listed++
    if (reason !== undefined || !batches.has(batch)) continue
    work.files++
    work.bytes += size
    if (size >= MIN_COPY_BYTES) work.large++
  }
  const items = [...batches].reduce((sum, id) => sum + (log.state.batches.get(id)?.silver.length ?? 0), 0)
  return { ...work, items, passes: batches.size, idle: 0 }
}
