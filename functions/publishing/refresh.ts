import type { Layout } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { BatchState, FoldedLog } from '../log/fold.ts'
import { readLog } from '../log/read.ts'
import type { Catalog, Partition } from './catalog.ts'
import { nextPublished, type Published, readPublished, refuseOtherLog, writePublished } from './published.ts'

export interface RefreshDependencies {
  readonly store: Store
  readonly layout: Layout
  readonly catalog: Catalog
  /** UTC milliseconds. */
  readonly clock: () => number
  /** Partitions told in one call, 500 by default: some seconds of Athena. */
  readonly slice?: number
  /** Milliseconds after which a run without news asks the catalog whether it has all batches, a day by default. */
  readonly checkEvery?: number
}

/** What a run has yet to do for the batches that were told before. */
export interface Retelling {
  /** Whether to look for those that the catalog has lost, or that a slower run may have set back. */
  readonly wanted: boolean
  /** The batches replaced up to this version were told again by an earlier call of this run; -1 for none. */
  readonly asserted: number
}

export interface Refreshed {
  /** False when there is more to tell than one slice took. */
  readonly complete: boolean
  /** The version up to which the catalog has been told. */
  readonly version: number
  /** How many partitions were set. */
  readonly partitions: number
  readonly asserted: number
  /** A batch in which a query counts other rows than were committed, with both numbers and what to do. */
  readonly mismatch: string | undefined
}

const SLICE = 500
const HOUR = 60 * 60 * 1000
const DAY = 24 * HOUR
/** Locations that take no time worth speaking of to tell: each is a statement of its own, five at once. */
const MANY = 20

/**
 * Tells the catalog what the log says and the catalog may not know: each batch's newest location, in the order of
 * commits. Then the log is read again, and what came in the meantime is told too, so that of two runs at once the last
 * word is the newest. A batch in which a query counts other rows than its commit keeps no other from being told. Throws
 * BrokenLog when the catalog was told of commits that the log does not have.
 */
export async function refreshPartitions(
  dependencies: RefreshDependencies,
  retelling: Retelling = { wanted: true, asserted: -1 },
): Promise<Refreshed> {
  const published = await readPublished(dependencies.store, dependencies.layout)
  return new Refresh(dependencies, published, retelling).run()
}

class Refresh {
  readonly #dependencies: RefreshDependencies
  readonly #slice: number
  #published: Published
  #wanted: boolean
  #asserted: number
  #partitions = 0
  #ensured: FoldedLog | undefined

  constructor(dependencies: RefreshDependencies, published: Published, { wanted, asserted }: Retelling) {
    this.#dependencies = dependencies
    this.#slice = dependencies.slice ?? SLICE
    this.#published = published
    this.#wanted = wanted
    this.#asserted = asserted
  }

  async run(): Promise<Refreshed> {
    const { store, layout } = this.#dependencies
    for (;;) {
      const { state } = await readLog(store, layout)
      await refuseOtherLog(store, layout, this.#published, state)
      if (state.version < 0) return this.#refreshed(true, undefined)
      const fresh = shown(state).filter(({ version }) => version > this.#published.version)
      const told = fresh.slice(0, this.#slice)
      await this.#publish(told, state)
      const last = told.at(-1)
      if (last && told.length < fresh.length) {
        await this.#remember({ version: last.version, attempt: last.attempt })
        return this.#refreshed(false, undefined)
      }
      await this.#remember({ version: state.version, attempt: state.attempt })
      if (this.#wanted) {
        if (!(await this.#tellReplaced(state))) return this.#refreshed(false, undefined)
        if (!(await this.#tellMissing(state, told.length > 0))) return this.#refreshed(false, undefined)
        this.#wanted = false
      }
      // whoever told something makes sure that nothing newer came in the meantime
      if (told.length > 0) continue
      const mismatch = await this.#countAgain(state)
      // a batch that was replaced while it was counted is counted anew
      if (mismatch !== undefined && (await readLog(store, layout)).state.version > state.version) continue
      return this.#refreshed(true, mismatch)
    }
  }

  #refreshed(complete: boolean, mismatch: string | undefined): Refreshed {
    return {
      complete,
      version: this.#published.version,
      partitions: this.#partitions,
      asserted: this.#asserted,
      mismatch,
    }
  }

  /**
   * Tells the locations of replaced batches again: a slower run, which read the log before, may have set one back. Every
   * run of a day does, and the first after it; where they are many, it is an hour, for longer than any worker lives.
   */
  async #tellReplaced(state: FoldedLog): Promise<boolean> {
    const replaced = shown(state).filter(({ superseded, version }) => {
      return superseded.length > 0 && version > this.#published.asserted
    })
    const due = replaced.filter(({ version }) => version > this.#asserted)
    const told = due.slice(0, this.#slice)
    await this.#tell(told)
    this.#asserted = told.at(-1)?.version ?? this.#asserted
    if (told.length < due.length) return false
    const since = this.#dependencies.clock() - (replaced.length > MANY ? HOUR : DAY)
    const young = replaced.findIndex(({ committedAt }) => Date.parse(committedAt) > since)
    const settled = (young < 0 ? replaced : replaced.slice(0, young)).at(-1)
    if (settled) await this.#remember({ asserted: settled.version })
    return true
  }

  /** Asks the catalog which batches it has, and tells those that it has lost. */
  async #tellMissing(state: FoldedLog, news: boolean): Promise<boolean> {
    const { catalog, clock, checkEvery = DAY } = this.#dependencies
    const age = Math.abs(clock() - Date.parse(this.#published.checked)) // a clock may have been wrong
    if (!news && age < checkEvery) return true
    await this.#ensureTable(state)
    const there = await catalog.batches()
    const missing = shown(state).filter(({ batch }) => !there.has(batch))
    const told = missing.slice(0, this.#slice)
    await this.#publish(told, state)
    const complete = told.length === missing.length
    if (!complete) await this.#remember({ checked: new Date(0).toISOString() })
    else if (age >= DAY) await this.#remember({ checked: new Date(clock()).toISOString() })
    return complete
  }

  async #publish(batches: readonly BatchState[], state: FoldedLog): Promise<void> {
    if (batches.length === 0) return
    await this.#ensureTable(state)
    await this.#tell(batches)
    await this.#checkCounts(batches)
  }

  async #ensureTable(state: FoldedLog): Promise<void> {
    if (this.#ensured === state) return
    await this.#dependencies.catalog.ensureTable(state.schema, state.comment)
    this.#ensured = state
  }

  async #tell(batches: readonly BatchState[]): Promise<void> {
    if (batches.length === 0) return
    await this.#dependencies.catalog.setPartitions(batches.map(partitionOf))
    this.#partitions += batches.length
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
    next: Pick<Published, 'version' | 'attempt'> | Partial<Pick<Published, 'asserted' | 'checked' | 'miscounted'>>,
  ): Promise<void> {
    const { store, layout, clock } = this.#dependencies
    const before = this.#published
    this.#published = nextPublished(before, next, clock())
    if (JSON.stringify(this.#published) !== JSON.stringify(before)) await writePublished(store, layout, this.#published)
  }
}

/** The batches that have a partition, in the order of their commits: what never had a row needs none. */
export function shown({ batches }: FoldedLog): BatchState[] {
  return [...batches.values()]
    .filter(batch => batch.superseded.length > 0 || committedRows(batch) > 0)
    .sort((a, b) => a.version - b.version)
}

function partitionOf({ ingestDate, batch, location, superseded }: BatchState): Partition {
  return { ingestDate, batch, location, replaced: superseded.length > 0 }
}

function committedRows({ silver }: BatchState): number {
  return silver.reduce((sum, { rows }) => sum + rows, 0)
}
