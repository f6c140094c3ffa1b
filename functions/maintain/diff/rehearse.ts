import { mapConcurrently } from '../../base/concurrently.ts'
import { BrokenLog, ReplaceRefused, RuleViolated } from '../../base/errors.ts'
import { latestOf } from '../../base/latest.ts'
import { passIds } from '../../lake/ids.ts'
import { parseLogKey } from '../../lake/layout.ts'
import { OverlayStore } from '../../lake/overlay-store.ts'
import type { Store } from '../../lake/store.ts'
import { type Log, parkedIn } from '../../log/fold.ts'
import { readLog } from '../../log/read.ts'
import { commitAttempt } from '../../pipeline/commit/commit-batch.ts'
import { type JoinDependencies, joinItem } from '../../pipeline/join/join-item.ts'
import { loadDimensions, openStoredSnapshot } from '../../pipeline/load/load.ts'
import { type DraftContext, draftReplace } from '../../pipeline/plan/draft.ts'
import { findReplaceSources } from '../../pipeline/plan/replace-sources.ts'
import { writeDraft } from '../../pipeline/plan/write-draft.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { type BatchPlan, readItems } from '../../protocol/plan.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'

/** What a rehearsal needs. */
export interface RehearsalOptions
  extends Pick<DraftContext, 'layout' | 'query' | 'ignoreSparkMetadata' | 'timestamps'>,
    Pick<BatchPlan, 'unmatched'>,
    Pick<JoinDependencies, 'codecs' | 'verifyPages'> {
  /** The pinned time, UTC milliseconds. */
  readonly time: number
  /** Items joined at once. */
  readonly maxConcurrency: number
}

/** What writing a batch again would come to. */
export type Rehearsed =
  | {
      readonly outcome: 'replaced'
      readonly commit: BatchCommit
      readonly query: CompiledQuery
      /** Reviews that wait, before and after. */
      readonly waiting: { readonly before: number; readonly after: number }
    }
  /** The batch would stay as it is, for this reason. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It has no file that could be joined. */
  | { readonly outcome: 'nothing' }

/**
 * Batches as a run would write them again, one after the other, without a run: Plan's, Join's and Commit's own steps on a
 * store that takes their writes instead of the lake. So each batch meets what those before it would have left, and what
 * comes out is what the run would commit. The lake may go on meanwhile: commits after `version` are not seen.
 */
export class Rehearsal {
  readonly store: OverlayStore
  /** The lake's, with the commits of the rehearsal folded in. */
  readonly #log: Log
  readonly #options: RehearsalOptions
  readonly #execution = `diff-${crypto.randomUUID()}`
  readonly #snapshots
  #passes = 0

  private constructor(store: OverlayStore, log: Log, options: RehearsalOptions) {
    this.store = store
    this.#log = log
    this.#options = options
    this.#snapshots = latestOf(hash => openStoredSnapshot(store, options.layout.snapshot(hash)))
  }

  /** Begins after a version of the log. `scratch` is an empty store of this rehearsal. Throws BrokenLog. */
  static async begin(lake: Store, scratch: Store, version: number, options: RehearsalOptions): Promise<Rehearsal> {
    const store = new OverlayStore(lake, scratch, key => (parseLogKey(key)?.version ?? -1) > version)
    return new Rehearsal(store, await readLog(store, options.layout), options)
  }

  /** Writes a batch again. Throws what Plan would of the query, InvalidQuery or SchemaChanged, and what reads of the lake throw. */
  async replace(id: string): Promise<Rehearsed> {
    const { store } = this
    const { layout, codecs, query, ignoreSparkMetadata, unmatched, timestamps } = this.#options
    const { maxConcurrency, verifyPages = false } = this.#options
    const log = this.#log
    const batch = log.state.batchOf(id)
    if (!batch) throw new BrokenLog(`the log has no batch ${id}`)
    const time = new Date(this.#options.time).toISOString()
    const input = { reprocess: { batches: [id] } }
    try {
      const sources = await findReplaceSources(store, layout, log, batch, false)
      if (sources.bronze.length + sources.parked.length === 0) return { outcome: 'nothing' }
      const ids = await passIds(this.#execution, this.#passes++, this.#options.time)
      const context = { store, layout, log, input, time, query, ignoreSparkMetadata, timestamps }
      const draft = await draftReplace(ids, batch, sources, context)
      const planner = { execution: this.#execution, input, plannedAt: time, unmatched }
      const plan = await writeDraft(draft, log, planner, { store, layout })
      if (!plan) throw new TypeError('an attempt of its own is planned once')
      await loadDimensions(plan, { store, layout, codecs })
      const items = await readItems(store, layout, plan)
      await mapConcurrently(items, maxConcurrency, item =>
        joinItem(plan, item, { store, layout, codecs, verifyPages, snapshots: this.#snapshots }),
      )
      const outcome = await commitAttempt(layout.query(plan), { store, layout, clock: () => this.#options.time })
      if (outcome.outcome === 'conflict') return { outcome: 'refused', reason: outcome.reason }
      if (outcome.outcome === 'empty') return { outcome: 'nothing' }
      const before = parkedIn(log.state).rows
      log.state.apply(outcome.commit)
      const waiting = { before, after: parkedIn(log.state).rows }
      return { outcome: 'replaced', commit: outcome.commit, query: plan.query, waiting }
    } catch (error) {
      if (!(error instanceof ReplaceRefused || error instanceof RuleViolated)) throw error
      return { outcome: 'refused', reason: error.message }
    }
  }
}
