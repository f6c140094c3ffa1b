import { count, duration, many } from '../../functions/base/text.ts'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { freshnessAt, landedIn } from '../../functions/protocol/freshness.ts'
import { countsOf } from '../../functions/protocol/state.ts'

/** A commit in one line; `visible` is when every reader knew of it, in UTC milliseconds. */
export function batchLine(commit: BatchCommit, visible: number): string {
  const { files, rows, parked, rejected, quarantined } = countsOf(commit)
  const landed = landedIn(commit)
  const aside = [
    ...(parked > 0 ? [`${count(parked)} parked`] : []),
    ...(rejected > 0 ? [`${count(rejected)} rejected`] : []),
    ...(quarantined > 0 ? [`${many(quarantined, 'file')} in quarantine`] : []),
  ]
  return [
    `${new Date(visible).toISOString().slice(11, 19)}  ${commit.batch}`,
    `${many(files, 'file')}, ${count(rows.read)} → ${many(rows.written, 'row')}`,
    ...(aside.length > 0 ? [aside.join(', ')] : []),
    ...(landed ? [`visible ${duration(freshnessAt(landed, visible).newest * 1000)} after the last file`] : []),
  ].join('  ')
}
