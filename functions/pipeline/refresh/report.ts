import type { Report } from '../../base/logger.ts'
import { freshnessAt } from '../../protocol/freshness.ts'
import type { RunState } from '../../protocol/state.ts'
import { countRepairs, NO_REPAIRS, repairLine } from '../../readers/athena/repairs.ts'

/** What the log says of a call of Refresh: of the catalog's repairs those that this call has made. */
export function reportRefresh(state: RunState, input: unknown): Report {
  const { refreshed, repairs = NO_REPAIRS, failures = [], committed, time } = state
  const fresh = refreshed && committed?.landed ? freshnessAt(committed.landed, Date.parse(time)) : undefined
  const { state: before } = input as { readonly state: RunState } // a call that has an output had one
  const repaired = countRepairs(repairs) - countRepairs(before.repairs ?? NO_REPAIRS)
  const message = repairLine(repairs)
  return {
    fields: {
      refreshed,
      repaired,
      ...(fresh && { visibleAfterNewest: fresh.newest, visibleAfterOldest: fresh.oldest }),
    },
    metrics: {
      CountMismatches: 0,
      PartitionsRepaired: repaired,
      ...(fresh && { VisibleAfter: fresh.oldest }),
    },
    warnings: [
      ...(repaired > 0 && message !== undefined ? [{ message }] : []),
      ...failures.map(({ reader, message }) => ({ message: `${reader} was not updated: ${message}` })),
    ],
  }
}
