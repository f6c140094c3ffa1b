import type { BatchCommit } from './commit.ts'
import { isScheduled } from './input.ts'

/** When the bronze files of a batch landed, ISO 8601. */
export interface Landed {
  readonly newest: string
  readonly oldest: string
}

/** Seconds from when a batch's newest and oldest bronze files landed to a moment. */
export interface Freshness {
  readonly newest: number
  readonly oldest: number
}

/**
 * When the files of a batch landed. Null if that says nothing about how fresh silver is: for batches written again, for
 * backfills, and for parked reviews alone, which waited for something else.
 */
export function landedIn({ operation, input, bronze }: BatchCommit): Landed | null {
  const isBackfill = typeof input !== 'object' || input === null || !isScheduled(input)
  if (operation !== 'append' || isBackfill || bronze.length === 0) return null
  const times = bronze.map(({ modified }) => modified).sort()
  return { newest: times.at(-1) ?? '', oldest: times[0] ?? '' }
}

/** How long ago files landed, at a moment in UTC milliseconds. Never below zero: a clock may be wrong. */
export function freshnessAt({ newest, oldest }: Landed, moment: number): Freshness {
  const since = (time: string) => Math.max(0, moment - Date.parse(time)) / 1000
  return { newest: since(newest), oldest: since(oldest) }
}
