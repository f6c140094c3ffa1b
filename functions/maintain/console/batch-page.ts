import { mapConcurrently } from '../../base/concurrently.ts'
import { ObjectMissing, ResultRefused } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import type { Lake } from '../../lake/lake.ts'
import { needCommit } from '../../log/read.ts'
import type { BatchCommit, BronzeFile, RuleCount, UnparkedFile } from '../../protocol/commit.ts'
import { readResult } from '../../protocol/result.ts'
import { type CommitLine, lineOf, plannedBefore } from '../../report/commit-line.ts'
import { flowOf, type RowFlow } from '../../report/flow.ts'
import { type TimedItem, timeItems } from '../../report/items.ts'
import { type BatchFacts, describeBatch } from '../batch/describe-batch.ts'
import type { LogIndex } from './log-index.ts'

/** Items whose footers are read for their times. */
const TIMED = 200
/** Footers read at once. */
const CONCURRENCY = 16

/** One batch as the console shows it. */
export interface BatchPage
  extends Pick<BatchFacts, 'packedInto' | 'absorbed' | 'before' | 'waiting'>,
    Pick<BatchCommit, 'quarantined' | 'deferred'> {
  /** Its commits, the oldest first: the last one counts. */
  readonly lines: readonly CommitLine[]
  readonly flow: RowFlow
  /** Whole keys and URIs below the lake. */
  readonly location: string
  readonly dimensions: readonly BatchDimension[]
  /** The query's rules, and how often each was broken. */
  readonly rules: readonly RuleCount[]
  readonly sql: string
  /** When its pass was planned, ISO 8601; to the second where no item says it. */
  readonly plannedAt: string
  readonly items: readonly TimedItem[]
  readonly bronzeFiles: number
  /** The neighbours in the log. */
  readonly newer: string | null
  readonly older: string | null
}

/** A dimension as the batch has joined it. */
export interface BatchDimension {
  readonly name: string
  readonly snapshot: string
  readonly rows: number
  readonly files: readonly string[]
}

/** What is known of a batch; undefined for one that the log does not have. */
export async function batchPage(lake: Lake, index: LogIndex, id: string): Promise<BatchPage | undefined> {
  const facts = await describeBatch(lake, index.state, id)
  if (!facts) return undefined
  const { commit, packedInto, absorbed, versions, before, waiting } = facts
  const { layout } = lake
  const folder = `${layout.roots.silver}${commit.location}`
  const results = await mapConcurrently(facts.items.slice(0, TIMED), CONCURRENCY, ({ silver }) =>
    orUndefined(readResult(lake.store, folder + silver), ObjectMissing, ResultRefused),
  )
  const lines = versions.flatMap(version => index.lines[version] ?? [])
  const batches = [...new Set(index.lines.filter(({ operation }) => operation !== 'abandon').map(line => line.batch))]
  const at = batches.indexOf(commit.batch)
  return {
    ...{ lines, packedInto, absorbed, before, waiting, location: folder, sql: commit.query.sql },
    flow: flowOf(index.lines, { batch: commit.batch }),
    dimensions: [
      ...(commit.customers ? [{ name: 'customers', ...commit.customers }] : []),
      ...(commit.dimensions ?? []),
    ].map(({ name, snapshot, rows, files }) => ({ name, snapshot, rows, files: files.map(({ key }) => key) })),
    rules: commit.rules ?? [],
    plannedAt: results.find(result => result !== undefined)?.plannedAt ?? plannedBefore(lineOf(commit, null)),
    items: timeItems(facts.items, results),
    bronzeFiles: commit.bronze.length,
    ...{ quarantined: commit.quarantined, deferred: commit.deferred },
    ...{ newer: batches[at + 1] ?? null, older: batches[at - 1] ?? null },
  }
}

/** A part of the files that a commit has read. */
export interface FilePage {
  readonly total: number
  readonly files: readonly (Pick<BronzeFile, 'key' | 'size' | 'silver' | 'rows'> & {
    readonly modified: string | null
  })[]
}

/** Up to `limit` bronze and parked files of a commit from an offset on, in the log's order. Throws BrokenLog. */
export async function commitFiles(
  { store, layout }: Lake,
  version: number,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<FilePage> {
  const commit = await needCommit(store, layout, version)
  if (commit.operation === 'abandon') return { total: 0, files: [] }
  const all: readonly (BronzeFile | UnparkedFile)[] = [...commit.bronze, ...commit.unparked]
  const files = all.slice(offset, offset + limit).map(({ key, size, silver, rows, ...file }) => {
    return { key, size, silver, rows, modified: 'modified' in file ? file.modified : null }
  })
  return { total: all.length, files }
}
