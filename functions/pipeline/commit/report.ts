import type { Report } from '../../base/logger.ts'
import { freshnessAt } from '../../protocol/freshness.ts'
import type { RunState } from '../../protocol/state.ts'

/** What the log says of a commit, or of a batch that was void. */
export function reportCommit({ reason, voids, time, committed }: RunState): Report {
  if (!committed) return { fields: { reason, voids } }
  const { committedAt, version, files, quarantined, deferred, silver, bytesRead, bytesWritten, rows, parked } =
    committed
  const { rejected, rules, landed } = committed
  const fresh = landed && freshnessAt(landed, Date.parse(committedAt))
  const violations = rules.reduce((sum, { violated }) => sum + violated, 0)
  return {
    fields: {
      reason,
      version,
      files,
      quarantined,
      deferred,
      silver,
      parked,
      ...rows,
      ...(rules.length > 0 && { violations }),
      ...(fresh && { committedAfterNewest: fresh.newest, committedAfterOldest: fresh.oldest }),
    },
    metrics: {
      Files: files,
      FilesQuarantined: quarantined,
      BytesRead: bytesRead,
      BytesWritten: bytesWritten,
      RowsRead: rows.read,
      RowsFiltered: rows.filtered,
      RowsUnmatched: rows.unmatched,
      RowsParked: parked,
      RowsWritten: rows.written,
      BatchSeconds: Math.max(0, Date.parse(committedAt) - Date.parse(time)) / 1000,
      // a custom metric costs money: without rules there are none of these
      ...(rules.length > 0 && { RowsRejected: rejected, RuleViolations: violations }),
    },
  }
}
