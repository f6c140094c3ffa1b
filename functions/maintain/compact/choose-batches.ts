import type { BatchState } from '../../log/batch-state.ts'
import type { FoldedLog } from '../../log/fold.ts'
import type { SilverFile } from '../../protocol/commit.ts'
import { writerOf } from '../../protocol/writers.ts'

const DAY = 24 * 60 * 60 * 1000

/**
 * How long before the newest rows a batch's rows must have been written, in milliseconds. A stream of Spark's passes over files
 * that are older than 7 days beside the newest that it has seen (`maxFileAge`), so it does not read packed rows again.
 */
export const QUIET = 7 * DAY

/** A silver file that is packed, with its batch's location below the silver root. */
export interface PackedFile extends SilverFile {
  readonly location: string
}

/** Batches whose files are worth packing, of one day and one query. Several become one. */
export interface Candidate {
  /** The oldest first. */
  readonly batches: readonly [BatchState, ...BatchState[]]
  /** The files that each new file is to hold, in their order. */
  readonly groups: readonly (readonly PackedFile[])[]
}

/** When the newest rows were committed, UTC milliseconds; undefined for a log without any. */
export function newestRows({ batches }: Pick<FoldedLog, 'batches'>): number | undefined {
  return [...batches.values()].reduce<number | undefined>((last, batch) => {
    const time = Date.parse(writerOf(batch).committedAt)
    return last === undefined || time > last ? time : last
  }, undefined)
}

/** Which batches are worth packing. */
export interface Choosing {
  /** UTC milliseconds. */
  readonly now: number
  readonly before: number
  /** The most bytes of files that are packed into one. */
  readonly targetBytes: number
  /** How many times fewer files are worth a commit. */
  readonly factor: number
  /** Whether the batches of a day that one query has made are put together. */
  readonly merge: boolean
}

/**
 * The batches to pack, the oldest first: their day is over at `now`, their rows were committed before `before`, and packing makes
 * the fewer files. Pure.
 */
export function chooseBatches(
  { batches }: Pick<FoldedLog, 'batches'>,
  { now, before, merge, ...choosing }: Choosing,
): Candidate[] {
  const today = new Date(now).toISOString().slice(0, 10)
  const packable = [...batches.values()]
    .filter(batch => batch.ingestDate < today && Date.parse(writerOf(batch).committedAt) < before)
    .filter(({ silver }) => silver.some(({ rows }) => rows > 0))
    .sort((a, b) => a.since - b.since)
  const together = Map.groupBy(packable, ({ ingestDate, query, batch }) =>
    JSON.stringify(merge ? [ingestDate, query] : [batch]),
  )
  return [...together.values()].flatMap(some => candidateOf(some, choosing) ?? [])
}

/** Batches, the oldest first, with how their files are packed; undefined where that makes too few the fewer. Pure. */
export function candidateOf(
  [first, ...others]: readonly BatchState[],
  { targetBytes, factor }: Pick<Choosing, 'targetBytes' | 'factor'>,
): Candidate | undefined {
  if (!first) return undefined
  const batches = [first, ...others] as const
  const files = batches.flatMap(({ silver, location }) => silver.map(file => ({ ...file, location })))
  const groups = groupFiles(files, targetBytes)
  return groups.length * factor <= files.length ? { batches, groups } : undefined
}

/** Files side by side, as many as do not exceed a size (bytes) together; a larger one is alone. */
export function groupFiles<F extends Pick<SilverFile, 'size'>>(files: readonly F[], targetBytes: number): F[][] {
  return sideBySide(files, [targetBytes], ({ size }) => [size])
}

/** Items in groups of those side by side, as many as do not exceed `most` together by any measure; a larger one is alone. */
export function sideBySide<T>(
  items: readonly T[],
  most: readonly number[],
  measure: (item: T) => readonly number[],
): T[][] {
  const groups: T[][] = []
  let filled: readonly number[] = []
  for (const item of items) {
    const sizes = measure(item)
    const together = sizes.map((size, i) => size + (filled[i] ?? 0))
    const last = groups.at(-1)
    const fits = last && together.every((size, i) => size <= (most[i] ?? 0))
    if (fits) last.push(item)
    else groups.push([item])
    filled = fits ? together : sizes
  }
  return groups
}
