import { BrokenLog } from '../base/errors.ts'
import type { Commit } from '../protocol/commit.ts'

/** A bronze file that a commit settled: joined, or quarantined for a reason. */
export interface BronzeEntry {
  readonly key: string
  readonly etag: string
  readonly size: number
  readonly modified: string
  readonly batch: string
  readonly reason?: string
}

/**
 * Refuses a bronze file that one batch has joined and another batch has too. Throws BrokenLog. A quarantined file may be
 * joined later. `holderOf` gives the batch that has absorbed a batch, as of the later of the two.
 */
export function checkSettled(
  before: BronzeEntry | undefined,
  now: BronzeEntry,
  holderOf: (batch: string) => string,
): void {
  if (!before || before.reason !== undefined || holderOf(before.batch) === now.batch) return
  throw new BrokenLog(
    `the log has bronze file ${now.key} in two batches, ${before.batch} and ${now.batch}: npx silversmith rebuild`,
  )
}

/** The bronze files that a commit settles, as the log remembers them. */
export function bronzeEntries(commit: Commit): BronzeEntry[] {
  if (commit.operation === 'abandon') return []
  const { batch } = commit
  return [
    ...commit.bronze.map(({ key, etag, size, modified }) => ({ key, etag, size, modified, batch })),
    ...commit.quarantined.map(({ key, etag, size, modified, reason }) => ({
      key,
      etag,
      size,
      modified,
      batch,
      reason,
    })),
  ]
}
