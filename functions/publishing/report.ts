import type { RunState } from '../planning/state.ts'
import type { Report } from '../runtime/log.ts'
import { countRepairs, describeRepairs, NO_REPAIRS } from './repairs.ts'

/** What the log says of a call of Refresh: of the catalog's repairs those that this call has made. */
export function reportRefresh({ refreshed, repairs = NO_REPAIRS }: RunState, input: unknown): Report {
  const before = repairsBefore(input)
  const repaired = countRepairs(repairs) - countRepairs(before)
  return {
    fields: { refreshed, repaired },
    metrics: { CountMismatches: 0, PartitionsRepaired: repaired },
    warnings:
      repaired > 0
        ? [
            {
              message: 'the catalog was put right',
              partitions: describeRepairs(repairs),
              examples: repairs.named.join('; '),
            },
          ]
        : [],
  }
}

/** The repairs that earlier calls of the run have made. */
function repairsBefore(input: unknown): typeof NO_REPAIRS {
  const { state } = input as { state: RunState } // a call that succeeded had one
  return state.repairs ?? NO_REPAIRS
}
