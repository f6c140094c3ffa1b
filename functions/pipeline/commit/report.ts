import type { Report } from '../../base/logger.ts'
import type { RunState } from '../../protocol/state.ts'

/** What the log says of a commit, or of a batch that was void. */
export function reportCommit({ reason, voids, time, committed }: RunState): Report {
  if (!committed) return { fields: { reason, voids } }
  const { committedAt, version, files, quarantined, deferred, silver, bytesRead, bytesWritten, rows, parked } =
    committed
  return {
    fields: { reason, version, files, quarantined, deferred, silver, parked, ...rows },
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
    },
  }
}
