import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { SilverWriter } from './copy-chunks.ts'
import { GroupReader } from './group-reader.ts'
import type { JoinedGroup } from './joined-group.ts'
import { type PhaseTimer, UNTIMED } from './phases.ts'
import type { SilverRequest } from './request.ts'
import type { SideFile } from './side-file.ts'
import type { PlannedColumn } from './silver-plan.ts'
import type { JoinSource } from './source.ts'

/** What all parts of writing one silver file share. */
export interface Run {
  readonly request: SilverRequest
  readonly codecs: Codecs
  readonly columns: readonly PlannedColumn[]
  readonly silver: SilverWriter
  readonly parking: SideFile | null
  readonly rejecting: SideFile | null
  /** Row groups that keep fewer rows are merged. */
  readonly smallRows: number
  readonly verifyPages: boolean
  readonly phases: PhaseTimer
}

/** A row group that is joined already, or again when it is asked for. */
export type WaitingGroup = () => Promise<JoinedGroup>

/** Readers of a source's row groups, starting with number `from`. */
export function* groupReaders(
  source: JoinSource,
  codecs: Codecs,
  from = 0,
  phases: PhaseTimer = UNTIMED,
): Generator<GroupReader> {
  let firstRow = 0
  for (const [i, group] of source.open.footer.rowGroups.entries()) {
    if (i >= from) yield new GroupReader(source, group, firstRow, codecs, phases)
    firstRow += group.rows
  }
}
