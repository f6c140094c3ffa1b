import type { Lake } from '../../lake/lake.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { readCommit } from '../../log/read.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { type DescribedItem, describeItems } from '../../report/items.ts'
import { lineDiff } from './line-diff.ts'

/** A batch as it is now. */
export interface BatchFacts {
  readonly commit: BatchCommit
  /** The batch that the one which was asked for is a part of, where that is another: the facts are that one's. */
  readonly packedInto: string | null
  /** The batches that were packed into it. */
  readonly absorbed: readonly string[]
  /** The versions of its commits, the oldest first: the last one counts. */
  readonly versions: readonly number[]
  /** The batch that was committed before it, and how the query's lines have changed since; none where they are equal. */
  readonly before: { readonly batch: string; readonly difference: readonly string[] } | null
  /** The reviews that it parked and that still wait; null where it parked none. */
  readonly waiting: number | null
  /** An item for each silver file: what it was joined from. */
  readonly items: readonly DescribedItem[]
}

/** What the log says of a batch; undefined for one that it does not have. */
export async function describeBatch(lake: Lake, log: FoldedLog, id: string): Promise<BatchFacts | undefined> {
  const { batches, parked } = log
  const state = log.batchOf(id)
  const commit = state && (await commitOf(state, lake))
  if (!commit) return undefined
  const previous = [...batches.values()].filter(({ since }) => since < state.since).sort((a, b) => b.since - a.since)[0]
  const earlier = previous && (await commitOf(previous, lake))
  const { sql } = commit.query
  return {
    commit,
    packedInto: state.batch === id ? null : state.batch,
    absorbed: (state.absorbed ?? []).map(({ batch }) => batch),
    versions: [...new Set([state.since, ...state.superseded.map(({ version }) => version)])],
    before: earlier
      ? { batch: earlier.batch, difference: earlier.query.sql === sql ? [] : lineDiff(earlier.query.sql, sql) }
      : null,
    waiting:
      state.everParked.length === 0
        ? null
        : [...parked.values()].filter(file => file.batch === state.batch).reduce((sum, { rows }) => sum + rows, 0),
    items: describeItems(commit),
  }
}

async function commitOf({ version }: BatchState, { store, layout }: Lake): Promise<BatchCommit | undefined> {
  const commit = await readCommit(store, layout, version)
  return commit && commit.operation !== 'abandon' ? commit : undefined
}
