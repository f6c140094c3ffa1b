import { NO_ROWS, type Rows, sumRows } from '../protocol/commit.ts'
import type { CommitLine } from './commit-line.ts'

/** What became of the rows of some commits that count today: the log's numbers, in sum. */
export interface RowFlow {
  readonly commits: number
  readonly bronze: { readonly files: number; readonly rows: number }
  /** Rows of parked files that were tried again. */
  readonly again: { readonly files: number; readonly rows: number }
  /** read + generated = filtered + rejected + nullKey + unmatched + matched. */
  readonly rows: Rows
  /** The part of `unmatched` that these commits have parked. */
  readonly parked: number
  readonly silver: { readonly files: number; readonly bytes: number }
  readonly quarantined: number
  readonly deferred: number
  readonly bytesRead: number
}

/** Which commits: those of one batch, or those from a time on and before another (ISO 8601). */
export interface FlowRange {
  readonly batch?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

/** Whether a commit's files are its batch's files today: no other has replaced it. */
export function counts({ operation, replacedBy }: CommitLine): boolean {
  return operation !== 'abandon' && replacedBy === null
}

/** The flow of the commits in a range that count today. */
export function flowOf(lines: readonly CommitLine[], { batch, from, to }: FlowRange = {}): RowFlow {
  const chosen = lines.filter(
    line =>
      counts(line) &&
      (batch === undefined || line.batch === batch) &&
      (from === undefined || line.committedAt >= from) &&
      (to === undefined || line.committedAt < to),
  )
  const total = (value: (line: CommitLine) => number) => chosen.reduce((sum, line) => sum + value(line), 0)
  return {
    commits: chosen.length,
    bronze: { files: total(line => line.bronzeFiles), rows: total(({ rows, again }) => rows.read - again.read) },
    again: { files: total(line => line.parkedFiles), rows: total(({ again }) => again.read) },
    rows: chosen.length === 0 ? NO_ROWS : sumRows(chosen.map(({ rows }) => rows)),
    parked: total(line => line.parked),
    silver: { files: total(line => line.silverFiles), bytes: total(line => line.bytesWritten) },
    quarantined: total(line => line.quarantined),
    deferred: total(line => line.deferred),
    bytesRead: total(line => line.bytesRead),
  }
}

/** What a commit has done to its batch, in a word or two. */
export const DONE: Readonly<Record<CommitLine['operation'], string>> = {
  append: 'Appended',
  replace: 'Written again',
  compact: 'Packed',
  abandon: 'Abandoned',
}
