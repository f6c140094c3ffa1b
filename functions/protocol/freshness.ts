import type { BatchCommit } from './commit.ts'
import { isScheduled } from './input.ts'

/** When the bronze files of a batch landed, ISO 8601. */
export interface Landed {
  readonly newest: string
  readonly oldest: string
}

/** Seconds from the landing of a batch's newest and oldest bronze file to a moment. */
export interface Freshness {
  readonly newest: number
  readonly oldest: number
}

/**
 * When the files of a batch landed. Null where that says nothing of how fresh silver is: of batches written again, of
 * backfills, and of parked reviews alone, which waited for something else.
 */
export function landedIn({ operation, input, bronze }: BatchCommit): Landed | null {
  const isBackfill = typeof input !== 'object' || input === null || !isScheduled(input)
  if (operation !== 'append' || isBackfill || bronze.length === 0) return null
  const times = bronze.map(({ modified }) => modified).sort()
  return { newest: times.at(-1) ?? '', oldest: times[0] ?? '' }
}

/** How long after their landing files are somewhere, at a moment in UTC milliseconds. A clock may be wrong: never below zero. */
export function freshnessAt({ newest, oldest }: Landed, moment: number): Freshness {
  const since = (time: string) => Math.max(0, moment - Date.parse(time)) / 1000
  return { newest: since(newest), oldest: since(oldest) }
}
