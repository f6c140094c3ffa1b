import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import type { BatchState, FoldedLog } from '../../log/fold.ts'
import { readLog } from '../../log/read.ts'
import type { Repairs } from '../../protocol/state.ts'
import { nextPublished, type Published, readPublished, refuseOtherLog, writePublished } from '../published.ts'
import type { Reader, Told } from '../reader.ts'
import type { Catalog, Partition } from './catalog.ts'
import { committedRows, findDifferences, shown } from './differences.ts'
import { addRepairs, NO_REPAIRS, repairsOf } from './repairs.ts'

export interface AthenaDependencies {
  readonly store: Store
  readonly layout: Layout
  readonly catalog: Catalog
  /** UTC milliseconds. */
  readonly clock: () => number
  /** Partitions told in one call, 500 by default: some seconds of Athena. */
  readonly slice?: number
  /** Milliseconds after which a run without news compares the catalog with the log, an hour by default. */
  readonly checkEvery?: number
}

export interface Registration extends Told {
  /** The version up to which the catalog has been told. */
  readonly version: number
  /** How many partitions were set. */
  readonly partitions: number
  readonly repairs: Repairs
}

const SLICE = 500
const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR

/**
 * Tells the catalog what the log says and the catalog may not know: each batch's newest location, in the order of
 * commits. Then the log is read again, and what came in the meantime is told too, so that of two runs at once the last
 * word is the newest. With `check`, a run that has news, and any after an hour, compares all partitions with the log and
 * puts right what differs, whoever did it; for a day after a batch was replaced every run does, because a slower run may
 * have set its location back. A batch in which a query counts other rows than its commit keeps no other from being told. Throws
 * BrokenLog when the catalog was told of commits that the log does not have.
 */
export async function refreshPartitions(dependencies: AthenaDependencies, check = true): Promise<Registration> {
  const published = await readPublished(dependencies.store, dependencies.layout)
  return new Registering(dependencies, published, check).run()
}

/** Athena, which goes by the partitions of its catalog. It reads the log itself, after its hint. */
export function athenaPartitions(dependencies: AthenaDependencies): Reader {
  return { name: 'Athena', tell: ({ check }) => refreshPartitions(dependencies, check) }
}

class Registering {
  readonly #dependencies: AthenaDependencies
  readonly #slice: number
  #published: Published
  #wanted: boolean
  #checked = false
  #news = false
  #partitions = 0
  #repairs = NO_REPAIRS
  #ensured: FoldedLog | undefined

  constructor(dependencies: AthenaDependencies, published: Published, check: boolean) {
    this.#dependencies = dependencies
    this.#slice = dependencies.slice ?? SLICE
    this.#published = published
    this.#wanted = check
  }

  async run(): Promise<Registration> {
    const { store, layout } = this.#dependencies
    for (;;) {
      const { state } = await readLog(store, layout)
      await refuseOtherLog(store, layout, this.#published, state)
      if (state.version < 0) return this.#told(true, undefined, state)
      this.#news ||= state.version > this.#published.version
      const fresh = shown(state).filter(({ version }) => version > this.#published.version)
      const told = fresh.slice(0, this.#slice)
      await this.#publish(told, state)
      const last = told.at(-1)
      if (last && told.length < fresh.length) {
        await this.#remember({ version: last.version, attempt: last.attempt })
        return this.#told(false, undefined, state)
      }
      await this.#remember({ version: state.version, attempt: state.attempt })
      const repairs = this.#repairs
      if (this.#wanted && this.#isDue(state, told.length > 0)) {
        if (!(await this.#check(state))) return this.#told(false, undefined, state)
        this.#checked = true
      }
      this.#wanted = false
      // whoever told something makes sure that nothing newer came in the meantime
      if (told.length > 0 || this.#repairs !== repairs) continue
      const mismatch = await this.#countAgain(state)
      // a batch that was replaced while it was counted is counted anew
      if (mismatch !== undefined && (await readLog(store, layout)).state.version > state.version) continue
      return this.#told(true, mismatch, state)
    }
  }

  #told(complete: boolean, mismatch: string | undefined, state: FoldedLog): Registration {
    return {
      complete,
      version: this.#published.version,
      partitions: this.#partitions,
      repairs: this.#repairs,
      checked: this.#checked,
      news: this.#news,
      mismatch,
      state,
    }
  }

  /** Whether the catalog has to be compared with the log. */
  #isDue(state: FoldedLog, news: boolean): boolean {
    const { clock, checkEvery = HOUR } = this.#dependencies
    if (news || this.#sinceCheck() >= checkEvery) return true
    const young = clock() - DAY
    return shown(state).some(({ superseded, committedAt }) => superseded.length > 0 && Date.parse(committedAt) > young)
  }

  /** Milliseconds. A clock may have been wrong. */
  #sinceCheck(): number {
    return Math.abs(this.#dependencies.clock() - Date.parse(this.#published.checked))
  }

  /**
   * Compares the catalog with the log and puts right a slice of what differs: rows too many first. What a run registers
   * it has committed before, so the log that decides is read after the catalog. False when there is more.
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
      // whoever dies here leaves it to the next run
      await this.#remember({ checked: new Date(0).toISOString() })
    }
    const dropped = strange.slice(0, this.#slice)
    if (dropped.length > 0) await catalog.dropPartitions(dropped)
    const set = moved.slice(0, this.#slice - dropped.length)
    const restored = missing.slice(0, this.#slice - dropped.length - set.length)
    await this.#publish([...set, ...restored], state, new Set(set))
    this.#repairs = addRepairs(this.#repairs, repairsOf({ strange: dropped, moved: set, missing: restored }))
    const complete = dropped.length + set.length + restored.length === strange.length + moved.length + missing.length
    if (complete && (found > 0 || this.#sinceCheck() >= HOUR))
      await this.#remember({ checked: new Date(clock()).toISOString() })
    return complete
  }

  /** Tells the catalog of batches, of which `moved` have a partition that lies elsewhere. */
  async #publish(batches: readonly BatchState[], state: FoldedLog, moved: ReadonlySet<BatchState> = new Set()) {
    if (batches.length === 0) return
    await this.#ensureTable(state)
    const partitions = batches.map(batch => ({ ...partitionOf(batch), ...(moved.has(batch) && { replaced: true }) }))
    await this.#dependencies.catalog.setPartitions(partitions)
    this.#partitions += batches.length
    await this.#checkCounts(batches)
  }

  async #ensureTable(state: FoldedLog): Promise<void> {
    if (this.#ensured === state) return
    await this.#dependencies.catalog.ensureTable(state.schema, state.comment)
    this.#ensured = state
  }

  /**
   * Compares what readers see with the commits. A partition that was there with another location is told its own; what is
   * miscounted then is remembered.
   */
  async #checkCounts(batches: readonly BatchState[]): Promise<void> {
    const suspects = await this.#miscounted(batches)
    if (suspects.length === 0) return
    await this.#dependencies.catalog.setPartitions(
      suspects.map(({ batch }) => ({ ...partitionOf(batch), replaced: true })),
    )
    const wrong = await this.#miscounted(suspects.map(({ batch }) => batch))
    const ids = wrong.map(({ batch }) => batch.batch)
    await this.#remember({ miscounted: [...new Set([...this.#published.miscounted, ...ids])] })
  }

  /** Counts once more what was miscounted, and says what is wrong with the first that still is. */
  async #countAgain(state: FoldedLog): Promise<string | undefined> {
    const wrong = await this.#miscounted(this.#published.miscounted.flatMap(id => state.batches.get(id) ?? []))
    await this.#remember({ miscounted: wrong.map(({ batch }) => batch.batch) })
    const [first] = wrong
    if (!first) return undefined
    const { batch, seen } = first
    const input = JSON.stringify({ reprocess: { batches: [batch.batch] } })
    return (
      `batch ${batch.batch}: a query sees ${seen} rows, its commit ${batch.version} has ${committedRows(batch)}: files ` +
      `were added or removed under ${this.#dependencies.layout.roots.silver}${batch.location}: ${input} writes it again`
    )
  }

  async #miscounted(batches: readonly BatchState[]) {
    if (batches.length === 0) return []
    const counted = await this.#dependencies.catalog.countRows(batches.map(partitionOf))
    return batches
      .map(batch => ({ batch, seen: counted.get(batch.batch) ?? 0 }))
      .filter(({ batch, seen }) => seen !== committedRows(batch))
  }

  /** Remembers how far the catalog has been told; a run that told nothing new writes nothing. */
  async #remember(
    next: Pick<Published, 'version' | 'attempt'> | Partial<Pick<Published, 'checked' | 'miscounted'>>,
  ): Promise<void> {
    const { store, layout, clock } = this.#dependencies
    const before = this.#published
    this.#published = nextPublished(before, next, clock())
    if (JSON.stringify(this.#published) !== JSON.stringify(before)) await writePublished(store, layout, this.#published)
  }
}

function partitionOf({ ingestDate, batch, location, superseded }: BatchState): Partition {
  return { ingestDate, batch, location, replaced: superseded.length > 0 }
}
