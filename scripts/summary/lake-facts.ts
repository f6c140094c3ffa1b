import { sha256 } from '../../functions/base/bytes.ts'
import { type Executions, readClaim } from '../../functions/lake/claim.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BronzeEntry } from '../../functions/log/bronze-entries.ts'
import { type FoldedLog, parkedIn, rulesIn } from '../../functions/log/fold.ts'
import { readCommit } from '../../functions/log/read.ts'
import { findCandidates } from '../../functions/pipeline/plan/candidates.ts'
import type { RuleCount } from '../../functions/protocol/commit.ts'
import { type Freshness, freshnessAt, landedIn } from '../../functions/protocol/freshness.ts'
import type { Since } from '../../functions/protocol/input.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { type Doubts, findDoubts } from './doubts.ts'
import { findOtherQuery, type OtherQuery } from './other-query.ts'

/** How far a lake is, as a scheduled run would see it. Times are ISO 8601. */
export interface LakeFacts {
  /** The running execution; `perhaps` where only its claim is known. */
  readonly working: string | null
  readonly perhaps: boolean
  /** -1 where nothing was committed or published. */
  readonly log: { readonly version: number; readonly batches: number }
  readonly published: { readonly version: number; readonly at: string | null }
  /** Seconds from the landing of files to their commit, of the newest batch of new files; null where none is recent. */
  readonly freshness: Freshness | null
  readonly backlog: { readonly files: number; readonly bytes: number; readonly oldest: string | null }
  readonly parked: { readonly rows: number; readonly oldest: string | null }
  /** How often the rows of silver, and those rejected, break the rules of the queries that wrote them. */
  readonly rules: readonly RuleCount[]
  readonly changed: number
  /** The first of them. */
  readonly changedKeys: readonly string[]
  readonly quarantine: readonly { readonly key: string; readonly reason: string; readonly batch: string }[]
  readonly otherQuery: OtherQuery
  readonly doubts: Doubts | null
}

/** Looks at a lake: its log, all of bronze, its claim. Throws BrokenLog for a log that is not whole. */
export async function findFacts(
  { store, layout, executions }: { readonly store: Store; readonly layout: Layout; readonly executions: Executions },
  options: {
    readonly since: Since | null
    readonly isCommitted: ((key: string) => boolean) | null
    readonly sql: string | undefined
  },
): Promise<LakeFacts> {
  const { since, isCommitted, sql } = options
  const { log, published } = await readWholeLog(store, layout)
  const quarantined: BronzeEntry[] = []
  const settled = async function* () {
    for await (const entry of log.bronze()) {
      if (entry.reason !== undefined) quarantined.push(entry)
      yield entry
    }
  }
  const { backlog, changed, changedCount } = await findCandidates({
    store,
    listing: store.list(layout.roots.reviews, since && 'key' in since ? { startAfter: since.key } : {}),
    settled: settled(),
    root: layout.roots.reviews,
    isCommitted,
    input: {},
    since: since && 'time' in since ? since.time : null,
    briefly: false,
    caps: { maxFilesPerBatch: 1, maxBytesPerBatch: 1 },
  })
  const { state } = log
  const quarantine: LakeFacts['quarantine'][number][] = []
  for (const { key, reason = '', batch } of quarantined)
    if (await store.head(key)) quarantine.push({ key, reason, batch })
  const holder = (await readClaim(store, layout))?.execution
  return {
    ...(await findHolder(holder, executions)),
    log: { version: state.version, batches: state.batches.size },
    published: { version: published.version, at: published.version < 0 ? null : published.at },
    freshness: await findFreshness({ store, layout }, state),
    backlog: { ...backlog, oldest: backlog.oldest ?? null },
    parked: parkedIn(state),
    rules: rulesIn(state),
    changed: changedCount,
    changedKeys: changed.map(({ key }) => key),
    quarantine,
    otherQuery: findOtherQuery(state, sql === undefined ? undefined : await sha256(sql)),
    doubts: await findDoubts({ store, layout }, state),
  }
}

/** Batches that are looked through for one of new files. */
const RECENT = 10

async function findFreshness(
  { store, layout }: { readonly store: Store; readonly layout: Layout },
  { batches }: FoldedLog,
): Promise<Freshness | null> {
  // a batch begins with the commit of its new files, whatever was done to it since
  const first = [...batches.values()].map(({ since }) => since).sort((a, b) => b - a)
  for (const version of first.slice(0, RECENT)) {
    const commit = await readCommit(store, layout, version)
    const landed = commit && commit.operation !== 'abandon' ? landedIn(commit) : null
    if (commit && landed) return freshnessAt(landed, Date.parse(commit.committedAt))
  }
  return null
}

/** Who is working. Of an execution on another machine the claim alone is known: whether it lives, a run would find out. */
export async function findHolder(
  holder: string | undefined,
  executions: Executions,
): Promise<Pick<LakeFacts, 'working' | 'perhaps'>> {
  const running = holder === undefined ? false : await executions.isRunning(holder)
  return { working: running === false ? null : (holder ?? null), perhaps: running === undefined }
}
