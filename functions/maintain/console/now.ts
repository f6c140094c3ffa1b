import type { FoldedLog } from '../../log/fold.ts'
import { parkedIn } from '../../log/fold.ts'
import type { CommitLine } from '../../report/commit-line.ts'
import type { LogIndex } from './log-index.ts'

/** How many runs the strip shows. */
const STRIP = 50

/** What is in the table as of the log. */
export interface LakeTotals {
  readonly version: number
  readonly batches: number
  readonly rows: number
  readonly files: number
  readonly bytes: number
  readonly parked: { readonly rows: number; readonly files: number; readonly oldest: string | null }
  readonly quarantined: number
  /** The newest commit that brought rows, ISO 8601; null where none has. */
  readonly newest: { readonly batch: string; readonly at: string } | null
}

/** The totals of a log: what all views agree on. */
export function totalsOf({ state, lines, quarantined }: LogIndex): LakeTotals {
  const silver = [...state.batches.values()].flatMap(batch => batch.silver)
  const newest = lines.findLast(({ operation, rows }) => operation !== 'compact' && rows.written > 0)
  return {
    version: state.version,
    batches: state.batches.size,
    rows: silver.reduce((sum, { rows }) => sum + rows, 0),
    files: silver.length,
    bytes: silver.reduce((sum, { size }) => sum + size, 0),
    parked: { ...parkedIn(state), files: state.parked.size },
    quarantined: quarantined.size,
    newest: newest ? { batch: newest.batch, at: newest.committedAt } : null,
  }
}

/** One run in the strip. */
export interface RunMark {
  /** `left out`: it has put files into quarantine or deferred them. */
  readonly outcome: 'good' | 'left out' | 'replaced' | 'abandoned' | 'failed' | 'running'
  readonly name: string
  /** ISO 8601. */
  readonly at: string
  readonly milliseconds: number | null
  readonly rows: number | null
  readonly batch: string | null
  /** Where its owner shows it. */
  readonly href: string | null
}

/** The last commits as marks, the oldest first. */
export function lastRuns(lines: readonly CommitLine[]): RunMark[] {
  return lines.slice(-STRIP).map(line => ({
    outcome: outcomeOf(line),
    name: `version ${line.version}`,
    at: line.committedAt,
    milliseconds: line.milliseconds,
    rows: line.rows.written,
    batch: line.operation === 'abandon' ? null : line.batch,
    href: null,
  }))
}

function outcomeOf({ operation, replacedBy, quarantined, deferred }: CommitLine): RunMark['outcome'] {
  if (operation === 'abandon') return 'abandoned'
  if (replacedBy !== null) return 'replaced'
  return quarantined + deferred > 0 ? 'left out' : 'good'
}

/** Parked rows by the day since which they wait, the oldest first. */
export function parkedByDay({ parked }: FoldedLog): { readonly day: string; readonly rows: number }[] {
  const days = new Map<string, number>()
  for (const { since, rows } of parked.values()) {
    const day = since.slice(0, 10)
    days.set(day, (days.get(day) ?? 0) + rows)
  }
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, rows]) => ({ day, rows }))
}
