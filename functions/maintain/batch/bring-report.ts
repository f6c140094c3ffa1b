import { mapConcurrently } from '../../base/concurrently.ts'
import { FormatMismatch, ObjectMissing, ResultRefused } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import type { Lake } from '../../lake/lake.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { readResult } from '../../protocol/result.ts'
import { batchReport } from '../../report/batch-report.ts'

/** Footers read at once. */
const CONCURRENCY = 32

/**
 * The report of a commit, as UTF-8: the one that Commit has written, else one made of the log and the silver files. Where
 * those are gone, or an earlier version wrote them, it does not say how long items took.
 */
export async function bringReport({ store, layout }: Lake, commit: BatchCommit): Promise<Uint8Array> {
  const written = await orUndefined(store.get(layout.report(commit)), ObjectMissing)
  if (written) return written
  const folder = `${layout.roots.silver}${commit.location}`
  const results = await mapConcurrently(commit.silver, CONCURRENCY, ({ key }) =>
    orUndefined(readResult(store, folder + key), ObjectMissing, ResultRefused, FormatMismatch),
  )
  return new TextEncoder().encode(batchReport(commit, results))
}
