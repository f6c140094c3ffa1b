import type { BatchState, FoldedLog } from '../../log/fold.ts'
import { type SilverFile, writerOf } from '../../protocol/commit.ts'

const DAY = 24 * 60 * 60 * 1000

/**
 * How long before the newest rows a batch's rows must have been written, in milliseconds. A stream of Spark's passes over files
 * that are older than 7 days beside the newest that it has seen (`maxFileAge`), so it does not read packed rows again.
 */
export const QUIET = 7 * DAY

/** A batch whose files are worth packing. */
export interface Candidate {
  readonly batch: BatchState
  /** The files that each new file is to hold, in their order. */
  readonly groups: readonly (readonly SilverFile[])[]
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
}

/**
 * The batches to pack, the oldest first: their day is over at `now`, their rows were committed before `before`, and packing makes
 * the fewer files. Pure.
 */
export function chooseBatches(
  { batches }: Pick<FoldedLog, 'batches'>,
  { now, before, targetBytes, factor }: Choosing,
): Candidate[] {
  const today = new Date(now).toISOString().slice(0, 10)
  return [...batches.values()]
    .filter(batch => batch.ingestDate < today && Date.parse(writerOf(batch).committedAt) < before)
    .filter(({ silver }) => silver.some(({ rows }) => rows > 0))
    .map(batch => ({ batch, groups: groupFiles(batch.silver, targetBytes) }))
    .filter(({ batch, groups }) => groups.length * factor <= batch.silver.length)
    .sort((a, b) => a.batch.since - b.batch.since)
}

/** Files side by side, as many as do not exceed a size (bytes) together; a larger one is alone. */
export function groupFiles(files: readonly SilverFile[], targetBytes: number): SilverFile[][] {
  const groups: SilverFile[][] = []
  let size = 0
  for (const file of files) {
    const last = groups.at(-1)
    if (last && size + file.size <= targetBytes) {
      last.push(file)
      size += file.size
    } else {
      groups.push([file])
      size = file.size
    }
  }
  return groups
}
