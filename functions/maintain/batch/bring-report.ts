import { mapConcurrently } from '../../base/concurrently.ts'
import { FormatMismatch, ObjectMissing, ResultRefused } from '../../base/errors.ts'
import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { readResult } from '../../protocol/result.ts'
import { batchReport } from '../../report/batch-report.ts'

/** Footers read at once. */
const CONCURRENCY = 32

/**
 * The report of a commit, as UTF-8: the one that Commit has written, else one made of the log and the silver files. Where
 * those are gone, or an earlier version wrote them, it does not tell how long items took.
 */
export async function bringReport(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  commit: BatchCommit,
): Promise<Uint8Array> {
  try {
    return await store.get(layout.report(commit))
  } catch (error) {
    if (!(error instanceof ObjectMissing)) throw error
  }
  const folder = `${layout.roots.silver}${commit.location}`
  const results = await mapConcurrently(commit.silver, CONCURRENCY, ({ key }) =>
    readResult(store, folder + key).catch(error => {
      if ([ObjectMissing, ResultRefused, FormatMismatch].some(kind => error instanceof kind)) return undefined
      throw error
    }),
  )
  return new TextEncoder().encode(batchReport(commit, results))
}
