import type { Lake } from '../../lake/lake.ts'
import { needCommit } from '../../log/read.ts'
import { findPlan } from '../../protocol/plan.ts'
import { plannedPlace, writerOf } from '../../protocol/writers.ts'
import { explain, type QueryExplanation } from '../explain.ts'
import { type ColumnCost, columnCosts } from './column-costs.ts'
import type { LogIndex } from './log-index.ts'

/** What the newest batch's query does, and what its columns cost in that batch. */
export interface QueryView {
  readonly batch: string
  readonly sql: string
  readonly sha256: string
  /** Null where the batch's plan is gone. */
  readonly explanation: QueryExplanation | null
  readonly costs: readonly ColumnCost[]
  /** The silver files that the costs are taken from, and all of the batch. */
  readonly measured: number
  readonly files: number
  /** Batches by the query that made them, the newest query first. */
  readonly queries: readonly { readonly sha256: string; readonly batches: number; readonly newest: string }[]
}

/** What the newest batch that has rows was made by; undefined for an empty log. `location` is the table's in the DDL. */
export async function queryView(lake: Lake, { state }: LogIndex, location: string): Promise<QueryView | undefined> {
  const batches = [...state.batches.values()].sort((a, b) => writerOf(b).version - writerOf(a).version)
  const newest = batches.find(({ silver }) => silver.some(({ rows }) => rows > 0)) ?? batches[0]
  const commit = newest && (await needCommit(lake.store, lake.layout, newest.version))
  if (!commit || commit.operation === 'abandon') return undefined
  const plan = await findPlan(lake, plannedPlace(commit))
  const byQuery = Map.groupBy(batches, batch => batch.query)
  return {
    ...{ batch: commit.batch, sql: commit.query.sql, sha256: commit.query.sha256 },
    explanation: plan ? explain(plan.query, { database: 'silver', table: 'reviews' }, location) : null,
    ...(await columnCosts(lake, commit)),
    files: commit.silver.filter(({ rows }) => rows > 0).length,
    queries: [...byQuery].map(([sha256, made]) => ({ sha256, batches: made.length, newest: made[0]?.batch ?? '' })),
  }
}
