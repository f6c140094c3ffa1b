import { BrokenLog } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { Refusal } from '../../base/refusal.ts'
import { many } from '../../base/text.ts'
import type { Lake } from '../../lake/lake.ts'
import { readLog } from '../../log/read.ts'

/** A partition, and the names of the files that a reader finds in it. */
export interface FoundPartition {
  readonly batch: string
  readonly location: string
  readonly names: readonly string[]
}

/**
 * Refuses to answer from partitions that lack files which the log has committed: their rows would be missing in silence.
 * `where` is the option that names the lake. Throws Refusal. A partition that lies elsewhere than the log says, as while a
 * batch is written again, is left to validate; so is all of them where the log can't be read.
 */
export async function refuseLosses(
  { store, layout }: Lake,
  partitions: readonly FoundPartition[],
  where: string,
): Promise<void> {
  const log = await orUndefined(readLog(store, layout), BrokenLog)
  const lost = partitions.flatMap(({ batch, location, names }) => {
    const committed = log?.state.batches.get(batch)
    if (committed?.location !== location) return []
    const there = new Set(names)
    return committed.silver.filter(({ key }) => !there.has(key)).map(file => ({ ...file, batch, location }))
  })
  const [first] = lost
  if (!first) return
  const rows = lost.reduce((sum, file) => sum + file.rows, 0)
  const name = `${layout.roots.silver}${first.location}${first.key}`
  const more = lost.length > 1 ? ` and ${many(lost.length - 1, 'other')}` : ''
  throw new Refusal(
    `committed silver is gone, so the answer would lack ${many(rows, 'row')}: ${name}${more}: restore ${lost.length > 1 ? 'them' : 'it'}, ` +
      `or write the batch again by npx silversmith backfill${where} --reprocess --batch ${first.batch}; ` +
      `npx silversmith validate${where} compares every batch`,
  )
}
