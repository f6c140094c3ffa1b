import type { LaidGraph } from '../../functions/draw/graph.ts'
import type { BatchPage, FilePage } from '../../functions/maintain/console/batch-page.ts'
import type { LakeTotals, RunMark } from '../../functions/maintain/console/now.ts'
import type { ReviewPath } from '../../functions/maintain/console/path.ts'
import type { QueryView } from '../../functions/maintain/console/query-view.ts'
import type { RowFile, RowSet } from '../../functions/maintain/console/row-files.ts'
import type { RunPicture } from '../../functions/maintain/console/run-picture.ts'
import type { CommitPage, TimelineBar } from '../../functions/maintain/console/timeline.ts'
import type { WantedCustomer } from '../../functions/maintain/console/wanted.ts'
import type { FlowRange, RowFlow } from '../../functions/report/flow.ts'
import type { LakeFacts } from '../summary/lake-facts.ts'
import type { Trouble } from './trouble.ts'

/** What each route of the console answers, as JSON; docs/console.md says it in words. Times are ISO 8601. */
export interface Api {
  '/api/now': NowView
  '/api/machine': LaidGraph
  '/api/flow': { readonly range: FlowRange; readonly flow: RowFlow; readonly totals: LakeTotals }
  '/api/timeline': { readonly total: number; readonly bars: readonly TimelineBar[] }
  '/api/batches': CommitPage
  '/api/batch': BatchPage
  '/api/batch/files': FilePage
  /** The commit as it lies in the log. */
  '/api/commit': unknown
  '/api/rows': RowsView
  '/api/trouble': TroubleView
  '/api/why': WhyView
  '/api/query': QueryView | null
}

export type ApiPath = keyof Api

/** An answer to `POST /api/ask`. */
export interface AskedRows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly unknown[])[]
  /** Whether there are more than were asked for. */
  readonly more: boolean
  readonly milliseconds: number
}

export interface NowView {
  readonly now: string
  readonly lake: { readonly name: string; readonly uri: string; readonly stage: string | null }
  /** The options that name the lake in a command, with a space before them. */
  readonly where: string
  readonly totals: LakeTotals
  /** How far readers are; the newest of the commits with rows that they see. */
  readonly published: { readonly version: number; readonly at: string | null; readonly newest: string | null }
  readonly flow: RowFlow
  readonly runs: readonly RunMark[]
  readonly run: RunPicture
  readonly pace: { readonly rowsPerSecond: number; readonly left: number } | null
  /** What a look at bronze has found; null while the first one goes on. */
  readonly bronze: (Pick<LakeFacts, 'backlog' | 'changed'> & { readonly at: string }) | null
  readonly troubles: readonly Trouble[]
}

export interface RowsView {
  readonly set: RowSet
  readonly batch: string | null
  readonly files: readonly RowFile[]
  /** The columns of the table, those of the usual validation first. */
  readonly columns: readonly string[]
}

export interface TroubleView {
  readonly now: string
  readonly troubles: readonly Trouble[]
  readonly parkedByDay: readonly { readonly day: string; readonly rows: number }[]
  readonly wanted: readonly WantedCustomer[]
  /** How many customers are waited for in all. */
  readonly customers: number
  /** Where AWS shows the alarms of a stage. */
  readonly alarms: string | null
  /** When the lake was last looked at as a whole; null while the first look goes on. */
  readonly at: string | null
}

export interface WhyView {
  readonly id: string
  readonly paths: readonly ReviewPath[]
  readonly unsearched: readonly { readonly key: string; readonly reason: string }[]
  readonly lost: number
  readonly where: string
}
