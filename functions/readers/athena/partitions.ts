import type { Lake } from '../../lake/lake.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { readLog } from '../../log/read.ts'
import { type Published, readPublished, refuseOtherLog } from '../published.ts'
import type { Reader, Told } from '../reader.ts'
import type { Catalog, Partition, PartitionCatalog } from './catalog.ts'
import { findDifferences, findMiscounted, type Miscounted, miscountText, shown } from './differences.ts'
import { HOUR, PublishedHint, sinceCheck } from './published-hint.ts'
import { addRepairs, NO_REPAIRS, repairsOf } from './repairs.ts'

export interface AthenaDependencies<Cataloged extends Catalog> extends Lake {
  readonly catalog: Cataloged
  /** UTC milliseconds. */
  readonly clock: () => number
  /** Batches published in one call, 500 by default: some seconds of Athena. */
  readonly slice?: number
  /** Milliseconds after which a run without news compares the catalog with the log, an hour by default. */
  readonly checkEvery?: number
}

/** Batches published in one call, by default. */
export const SLICE_OF_BATCHES = 500
const DAY = 24 * HOUR

/**
 * Athena, which goes by the partitions of its catalog. What the log says and the catalog may not know is published:
 * each batch's newest location, in the order of commits. If the log has grown by then, what came in the meantime is
 * published too, so that the newest state wins where two runs publish at once. With `check`, all partitions are
 * compared with the log, and what differs is repaired, whoever did it; that is due once an hour, where the table is
 * gone, and for a day after a batch was replaced, because a slower run may have set its location back. It is also due
 * where queries go by the Delta log: they go on to do so until all partitions are there. A batch in which a query
 * counts a different number of rows than its commit has holds up no other. Throws BrokenLog when the catalog knows
 * commits that the log does not have.
 */
export function athenaPartitions(dependencies: AthenaDependencies<PartitionCatalog>): Reader {
  const { store, layout, catalog, clock, checkEvery = HOUR } = dependencies
  return {
    name: 'Athena',
    open: async () => {
      const [published, hasTable] = await Promise.all([readPublished(store, layout), catalog.hasTable()])
      return {
        version: published.version,
        isDue: log => !hasTable || sinceCheck(published, clock()) >= checkEvery || hasYoungReplace(log, clock()),
        tell: ({ log, check }) => new Registering(dependencies, published, check).run(log),
      }
    },
  }
}

function hasYoungReplace(log: FoldedLog, now: number): boolean {
  return shown(log).some(({ superseded, committedAt }) => superseded.length > 0 && Date.parse(committedAt) > now - DAY)
}

class Registering {
  readonly #dependencies: AthenaDependencies<PartitionCatalog>
  readonly #slice: number
  readonly #hint: PublishedHint
  #wanted: boolean
  #repairs = NO_REPAIRS
  #ensured: FoldedLog | undefined

  constructor(dependencies: AthenaDependencies<PartitionCatalog>, published: Published, check: boolean) {
    this.#dependencies = dependencies
    this.#slice = dependencies.slice ?? SLICE_OF_BATCHES
    this.#hint = new PublishedHint(dependencies, published)
    this.#wanted = check
  }

  async run(log: FoldedLog): Promise<Told> {
    const { store, layout } = this.#dependencies
    for (let state = log; ; state = (await readLog(store, layout, { near: state.version })).state) {
      await refuseOtherLog(store, layout, this.#hint.next, state)
      if (state.version < 0) return this.#told(true)
      const fresh = shown(state).filter(({ version }) => version > this.#hint.next.version)
      const told = fresh.slice(0, this.#slice)
      const last = told.at(-1)
      const isWhole = told.length === fresh.length
      await this.#set(told, state)
      const checks = this.#wanted && isWhole
      const repairs = this.#repairs
      const [checked, grown] = await Promise.all([
        checks ? this.#check(state) : true,
        store.head(layout.commit(state.version + 1)),
        this.#checkCounts(told),
      ])
      const end = isWhole || !last ? state : last
      await this.#hint.save({ version: end.version, attempt: end.attempt })
      if (!isWhole || !checked) return this.#told(false)
      this.#wanted = false
      // after publishing, make sure that nothing newer came in the meantime
      if (this.#repairs !== repairs || (told.length > 0 && grown)) continue
      const mismatch = await this.#countAgain(state)
      // a batch that was replaced while it was counted is counted again
      if (mismatch !== undefined && (await store.head(layout.commit(state.version + 1)))) continue
      return this.#told(true, mismatch)
    }
  }

  #told(complete: boolean, mismatch?: string): Told {
    return { complete, repairs: this.#repairs, mismatch }
  }

  /**
   * Compares the catalog with the log and repairs a slice of what differs, surplus rows first. What a run registers
   * was committed before, so the log that decides is read after the catalog. False when there is more.
   */
  async #check(before: FoldedLog): Promise<boolean> {
    const { store, layout, catalog, clock } = this.#dependencies
    await this.#ensureTable(before)
    const there = await catalog.listPartitions()
    let state = before
    let { strange, moved, missing } = findDifferences(there, state)
    const found = strange.length + moved.length + missing.length
    if (found > 0) {
      state = (await readLog(store, layout)).state
      ;({ strange, moved, missing } = findDifferences(there, state))
      // if this run dies here, the next run goes on
      await this.#hint.save({ checked: new Date(0).toISOString() })
    }
    const dropped = strange.slice(0, this.#slice)
    if (dropped.length > 0) await catalog.dropPartitions(dropped)
    const set = moved.slice(0, this.#slice - dropped.length)
    const restored = missing.slice(0, this.#slice - dropped.length - set.length)
    await this.#set([...set, ...restored], state, new Set(set))
    await this.#checkCounts([...set, ...restored])
    this.#repairs = addRepairs(this.#repairs, repairsOf({ strange: dropped, moved: set, missing: restored }))
    const complete = dropped.length + set.length + restored.length === strange.length + moved.length + missing.length
    if (!complete) return false
    await catalog.goByPartitions()
    if (found > 0 || sinceCheck(this.#hint.next, clock()) >= HOUR) this.#hint.noteCheck()
    return true
  }

  /** Publishes batches to the catalog; the partitions of `moved` lie elsewhere there. */
  async #set(batches: readonly BatchState[], state: FoldedLog, moved: ReadonlySet<BatchState> = new Set()) {
    if (batches.length === 0) return
    await this.#ensureTable(state)
    const partitions = batches.map(batch => ({ ...partitionOf(batch), ...(moved.has(batch) && { replaced: true }) }))
    await this.#dependencies.catalog.setPartitions(partitions)
  }

  async #ensureTable(state: FoldedLog): Promise<void> {
    if (this.#ensured === state) return
    await this.#dependencies.catalog.ensureTable(state.schema, state.comment)
    this.#ensured = state
  }

  /**
   * Compares what readers see with the commits. A partition that was there with another location is set to its own;
   * what is still miscounted then is remembered.
   */
  async #checkCounts(batches: readonly BatchState[]): Promise<void> {
    const suspects = await this.#miscounted(batches)
    if (suspects.length === 0) return
    await this.#dependencies.catalog.setPartitions(
      suspects.map(({ batch }) => ({ ...partitionOf(batch), replaced: true })),
    )
    const wrong = await this.#miscounted(suspects.map(({ batch }) => batch))
    const ids = wrong.map(({ batch }) => batch.batch)
    this.#hint.note({ miscounted: [...new Set([...this.#hint.next.miscounted, ...ids])] })
  }

  /** Counts once more what was miscounted, and says what is wrong with the first that still is. */
  async #countAgain(state: FoldedLog): Promise<string | undefined> {
    const wrong = await this.#miscounted(this.#hint.next.miscounted.flatMap(id => state.batchOf(id) ?? []))
    await this.#hint.save({ miscounted: wrong.map(({ batch }) => batch.batch) })
    const [first] = wrong
    return first && miscountText(first, this.#dependencies.layout)
  }

  #miscounted(batches: readonly BatchState[]): Promise<Miscounted[]> {
    return findMiscounted(this.#dependencies.catalog, batches)
  }
}

function partitionOf({ ingestDate, batch, location, superseded, absorbed = [] }: BatchState): Partition {
  return { ingestDate, batch, location, replaced: superseded.length > 0, absorbs: absorbed.map(each => each.batch) }
}
