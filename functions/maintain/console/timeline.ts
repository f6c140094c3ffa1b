import type { CommitLine } from '../../report/commit-line.ts'
import { counts } from '../../report/flow.ts'

/** Consecutive commits as one bar of the timeline. */
export interface TimelineBar {
  /** The first and the last version. */
  readonly from: number
  readonly to: number
  readonly batch: string
  readonly committedAt: string
  readonly written: number
  readonly bytesWritten: number
  /** The longest of them. */
  readonly milliseconds: number
  /** How many of each kind; `replaced` are those that no longer count. */
  readonly replaces: number
  readonly replaced: number
  readonly quarantined: number
}

/** The commits in at most `most` bars of equally many commits. */
export function timeline(lines: readonly CommitLine[], most: number): TimelineBar[] {
  const each = Math.max(1, Math.ceil(lines.length / most))
  const bars: TimelineBar[] = []
  for (let at = 0; at < lines.length; at += each) {
    const some = lines.slice(at, at + each)
    const [first, last] = [some[0], some.at(-1)]
    if (!first || !last) continue
    const total = (value: (line: CommitLine) => number) => some.reduce((sum, line) => sum + value(line), 0)
    bars.push({
      from: first.version,
      to: last.version,
      batch: last.batch,
      committedAt: last.committedAt,
      written: total(({ rows }) => rows.written),
      bytesWritten: total(({ bytesWritten }) => bytesWritten),
      milliseconds: Math.max(...some.map(({ milliseconds }) => milliseconds)),
      replaces: some.filter(({ operation }) => operation === 'replace').length,
      replaced: some.filter(line => !counts(line)).length,
      quarantined: total(({ quarantined }) => quarantined),
    })
  }
  return bars
}

/** A part of the commits, the newest first. */
export interface CommitPage {
  readonly total: number
  readonly offset: number
  readonly lines: readonly CommitLine[]
}

/** Up to `limit` commits from an offset on, which counts from the newest. */
export function commitPage(lines: readonly CommitLine[], offset: number, limit: number): CommitPage {
  const end = Math.max(0, lines.length - offset)
  return { total: lines.length, offset, lines: lines.slice(Math.max(0, end - limit), end).reverse() }
}
