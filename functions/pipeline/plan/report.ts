import type { Report } from '../../base/logger.ts'
import type { Metrics } from '../../base/metrics.ts'
import type { RunState } from '../../protocol/state.ts'

/** What the log says of a pass of Plan. */
export function reportPlan(state: RunState, input: unknown): Report {
  const { reason, pass, work, backlog, changed, ignored } = state
  return {
    fields: { reason, pass, ...work, backlogFiles: backlog.files, changedFiles: changed, ignored },
    metrics: seesAll(state, input) ? measure(state) : {},
  }
}

/**
 * Whether all of bronze was looked at: a backfill of a prefix knows nothing of the rest, a run that gave way of nothing, and a
 * later pass only what the first one knew.
 */
function seesAll({ reason, pass }: RunState, request: unknown): boolean {
  if (pass > 0 || reason === 'busy' || reason === 'too many passes') return false
  const input = typeof request === 'object' && request !== null && 'input' in request ? request.input : undefined
  return typeof input === 'object' && input !== null && Object.keys(input).length === 0
}

function measure({ time, backlog, parked, changed }: RunState): Metrics {
  return {
    BacklogFiles: backlog.files,
    BacklogBytes: backlog.bytes,
    BacklogAge: secondsSince(backlog.oldest, time),
    ChangedFiles: changed,
    ParkedRows: parked.rows,
    ParkedAge: secondsSince(parked.oldest, time),
  }
}

function secondsSince(from: string | null, to: string): number {
  return from === null ? 0 : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
}
