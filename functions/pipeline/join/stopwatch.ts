import type { ItemResult } from '../../protocol/result.ts'

/** Times an item. */
export interface Stopwatch {
  /** Notes that the files and the customers are open. */
  opened(): void
  /** What the result says of the time until now; nothing without a clock. */
  times(): Pick<ItemResult, 'times'>
}

/** Starts a stopwatch; `clock` gives UTC milliseconds. */
export function startStopwatch(clock: (() => number) | undefined): Stopwatch {
  if (!clock) return { opened: () => undefined, times: () => ({}) }
  const started = clock()
  let opened = 0
  return {
    opened: () => {
      opened = clock() - started
    },
    times: () => ({ times: { started: new Date(started).toISOString(), opened, written: clock() - started } }),
  }
}
