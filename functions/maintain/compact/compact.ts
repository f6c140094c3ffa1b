import { sha256 } from '../../base/bytes.ts'
import { bytes } from '../../base/text.ts'
import { FileFault } from '../../engine/sources/file-fault.ts'
import { clockTime, passIds } from '../../lake/ids.ts'
import { commitBatch } from '../../log/append.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { readCommit } from '../../log/read.ts'
import { trySnapshot } from '../../pipeline/commit/commit-pass.ts'
import type { SilverResult } from '../../protocol/result.ts'
import { readWholeLog } from '../../readers/whole-log.ts'
import type { ReadableLake } from '../readable-lake.ts'
import { type Candidate, candidateOf, chooseBatches, newestRows, QUIET } from './choose-batches.ts'
import { describePacked, draftPacked, type Packing } from './describe-packed.ts'
import { divide, type OpenBatch, openBatches } from './open-batches.ts'
import { packFiles, takeAll } from './pack-files.ts'
import { checkSort } from './sort-column.ts'

export interface CompactOptions extends ReadableLake {
  /** UTC milliseconds. */
  readonly clock: () => number
  /** The most bytes of files that are packed into one. */
  readonly targetBytes: number
  /** Only batches whose rows were committed before this, UTC milliseconds; 7 days before the newest rows if not given. */
  readonly before?: number | undefined
  /** How many times fewer files are worth a commit; 2 if not given. */
  readonly factor?: number
  /** Whether the batches of a day become one: only where every reader swaps several at once. */
  readonly merge: boolean
  /** The column by which the rows of each new file are sorted; they stay in their order if not given. */
  readonly sort?: string | undefined
  readonly dryRun?: boolean
  /** The most bytes of files that one commit packs, for who has little time; 64 GiB if not given. */
  readonly mostBytes?: number
  /** Whether there is time for another commit; always if not given. */
  readonly hasTime?: () => boolean
}

/** What became of a batch that was worth packing, or of several as one. Sizes are bytes. */
export interface Compacted {
  /** The batch, of several the oldest. */
  readonly batch: string
  /** The batches that became part of it. */
  readonly absorbs: readonly string[]
  /**
   * `kept`: it stays as it is, because somebody else has changed it meanwhile, or it is too large. `refused`: a file of it is
   * damaged or gone. `left`: there was no time for it.
   */
  readonly outcome: 'packed' | 'kept' | 'refused' | 'left' | 'would be packed'
  /** Why it stays. */
  readonly reason: string | null
  readonly files: { readonly before: number; readonly after: number }
  readonly bytes: { readonly before: number; readonly after: number | null }
  readonly rows: number
  /** The version of the commit, null where there is none. */
  readonly version: number | null
}

type Outcome =
  | { readonly outcome: 'packed'; readonly version: number; readonly bytes: number }
  | { readonly outcome: 'kept' | 'refused' | 'left'; readonly reason: string }
  | { readonly outcome: 'would be packed' }

const CHANGED = { outcome: 'kept', reason: 'another commit has changed it meanwhile' } as const
const LEFT = { outcome: 'left', reason: 'time is up' } as const

/**
 * Writes many small files of a batch as few, and, with `merge`, the batches of a day that one query has made as one, with a commit
 * for each: readers see the old files or the new, which hold the same rows. Runs may go on meanwhile. What was done stays when
 * it dies. Throws BrokenLog for a log that is not whole, InvalidInput for a column that rows can't be sorted by.
 */
export async function compactLake(options: CompactOptions): Promise<Compacted[]> {
  const { store, layout, clock, targetBytes, merge, factor = 2 } = options
  const { state } = (await readWholeLog(store, layout)).log
  if (options.sort !== undefined) checkSort(options.sort, state.schema)
  const now = clock()
  const before = options.before ?? (newestRows(state) ?? now) - QUIET
  const chosen = chooseBatches(state, { now, before, targetBytes, factor, merge })
  if (options.dryRun) return chosen.map(each => tell(each, { outcome: 'would be packed' }))
  const packer = new Packer(state, options)
  const done: Compacted[] = []
  for (const candidate of chosen) done.push(...(await packer.pack(candidate.batches)))
  if (done.length > 0) await trySnapshot(options)
  return done
}

class Packer {
  readonly #state: FoldedLog
  readonly #options: CompactOptions
  readonly #execution = `compact-${crypto.randomUUID()}`
  #passes = 0

  constructor(state: FoldedLog, options: CompactOptions) {
    this.#state = state
    this.#options = options
  }

  /** Packs batches as far as they can be put together. They are as the state has them, whatever is committed meanwhile. */
  async pack(batches: readonly BatchState[]): Promise<Compacted[]> {
    if (!this.#hasTime()) return batches.map(batch => tell(alone(batch), LEFT))
    await this.#catchUp()
    const isHere = ({ batch, version }: BatchState) => this.#state.batches.get(batch)?.version === version
    const { open, faulty } = await openBatches(this.#options, batches.filter(isHere))
    const done = [
      ...batches.filter(batch => !isHere(batch)).map(batch => tell(alone(batch), CHANGED)),
      ...faulty.map(({ batch, reason }) => tell(alone(batch), { outcome: 'refused', reason })),
    ]
    try {
      for (const part of await divide(open, this.#options.mostBytes)) done.push(...(await this.#packPart(part)))
    } catch (error) {
      if (!(error instanceof FileFault)) throw error
      const { culprits, others } = blame(error, open)
      if (culprits.length === 0) throw error
      done.push(...culprits.map(({ batch }) => tell(alone(batch), { outcome: 'refused', reason: error.message })))
      const over = new Set(done.flatMap(({ batch, absorbs }) => [batch, ...absorbs]))
      done.push(...(await this.pack(others.flatMap(({ batch }) => (over.has(batch.batch) ? [] : [batch])))))
    }
    return done
  }

  /** Packs batches into one. Throws FileFault for a file that is damaged. */
  async #packPart(batches: readonly OpenBatch[]): Promise<Compacted[]> {
    const { factor = 2, targetBytes, clock } = this.#options
    const candidate = candidateOf(
      batches.map(({ batch }) => batch),
      { factor, targetBytes },
    )
    const [first, ...others] = batches
    if (!candidate || !first) return []
    if (!this.#hasTime()) return [tell(candidate, LEFT)]
    const tooLarge = this.#tooLarge(candidate)
    if (tooLarge) return [tell(candidate, tooLarge)]
    const { batch, ingestDate } = first.batch
    const { attempt } = await passIds(this.#execution, this.#passes++, clock())
    const plan = await sha256(
      JSON.stringify(candidate.groups.map(group => group.map(({ key, location }) => location + key))),
    )
    const ids = { batch, attempt, ingestDate }
    const packing: Packing = { batches: [first, ...others], groups: candidate.groups, ids, plan }
    try {
      const outcome = await this.#commit(packing, batches)
      if (outcome.outcome !== 'packed') await this.#removeFiles(packing)
      return [tell(candidate, outcome)]
    } catch (error) {
      if (error instanceof FileFault) await this.#removeFiles(packing)
      throw error
    }
  }

  #hasTime(): boolean {
    return this.#options.hasTime?.() ?? true
  }

  /** A single batch can't be packed in parts. */
  #tooLarge({ groups }: Candidate): Outcome | undefined {
    const { mostBytes = Number.POSITIVE_INFINITY } = this.#options
    const size = groups.flat().reduce((sum, file) => sum + file.size, 0)
    if (size <= mostBytes) return undefined
    const reason = `its files have ${bytes(size)}, more than ${bytes(mostBytes)}: npx silversmith compact packs it`
    return { outcome: 'kept', reason }
  }

  async #commit(packing: Packing, batches: readonly OpenBatch[]): Promise<Outcome> {
    const { store, layout, codecs, clock, sort } = this.#options
    const { groups, ids } = packing
    const state = this.#state
    const files = batches.flatMap(batch => batch.files)
    const query = await takeAll(files, clock())
    const packed: SilverResult[] = []
    let from = 0
    for (const result of describePacked(packing, state)) {
      const some = files.slice(from, from + (groups[result.item]?.length ?? 0))
      const key = layout.silverFile(ids, result.item)
      packed.push(await packFiles(some, key, { query, result, sort }, { store, codecs }))
      from += some.length
    }
    const draft = draftPacked(packing, packed, { layout, state, committedAt: clockTime(clock()) })
    state.check({ ...draft, version: state.version + 1, schema: state.schema })
    const outcome = await commitBatch(store, layout, draft, state)
    if (outcome.outcome === 'conflict') return { outcome: 'kept', reason: outcome.reason }
    const written = packed.reduce((sum, { size }) => sum + size, 0)
    return { outcome: 'packed', version: outcome.commit.version, bytes: written }
  }

  /** Folds in what was committed since. */
  async #catchUp(): Promise<void> {
    const { store, layout } = this.#options
    for (;;) {
      const commit = await readCommit(store, layout, this.#state.version + 1)
      if (!commit) return
      this.#state.apply(commit)
    }
  }

  /** Removes what was written for an attempt that nobody can commit any more: no other process knows of it. */
  async #removeFiles({ groups, ids }: Packing): Promise<void> {
    const { store, layout } = this.#options
    for (const item of groups.keys()) await store.delete(layout.silverFile(ids, item))
  }
}

/** The batch that has a file which can't be packed, and the others. */
function blame({ key }: FileFault, batches: readonly OpenBatch[]) {
  const isCulprit = ({ files }: OpenBatch) => files.some(file => file.key === key)
  return { culprits: batches.filter(isCulprit), others: batches.filter(batch => !isCulprit(batch)) }
}

/** A batch that is not packed. */
function alone(batch: BatchState): Candidate {
  return { batches: [batch], groups: batch.silver.map(file => [{ ...file, location: batch.location }]) }
}

function tell({ batches: [first, ...others], groups }: Candidate, outcome: Outcome): Compacted {
  const silver = [first, ...others].flatMap(batch => batch.silver)
  const { bytes: after, ...became } = { reason: null, version: null, bytes: null, ...outcome }
  return {
    batch: first.batch,
    absorbs: others.map(({ batch }) => batch),
    ...became,
    files: { before: silver.length, after: groups.length },
    bytes: { before: silver.reduce((sum, { size }) => sum + size, 0), after },
    rows: silver.reduce((sum, { rows }) => sum + rows, 0),
  }
}
