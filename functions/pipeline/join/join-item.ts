import { mapConcurrently } from '../../base/concurrently.ts'
import { ResultRefused } from '../../base/errors.ts'
import type { OpenDimension } from '../../engine/dimensions/open-dimension.ts'
import { writeSilver } from '../../engine/join/silver.ts'
import {
  blaming,
  DeadlyFile,
  FileFault,
  isNoFileFault,
  SourceGone,
  UnreadableFile,
} from '../../engine/sources/file-fault.ts'
import { bronzeSource, guardWriter, parkedSource } from '../../engine/sources/open-source.ts'
import type { SourceFile } from '../../engine/sources/source-file.ts'
import type { Lake } from '../../lake/lake.ts'
import type { ObjectWriter, Store } from '../../lake/store.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { DeferredFile, QuarantinedFile } from '../../protocol/commit.ts'
import type { BatchPlan, Item } from '../../protocol/plan.ts'
import { type ItemResult, readResult, resultMetadata } from '../../protocol/result.ts'
import { bind } from '../../sql/schema/bind.ts'
import { findCulprit } from './culprit.ts'
import { type Death, deadlyFiles } from './death.ts'
import { describeResult } from './describe-result.ts'
import { NONE_LEFT_OUT, readParkedRows } from './parked-rows.ts'
import { type Stopwatch, startStopwatch } from './stopwatch.ts'

export interface JoinDependencies extends Lake {
  /** Opens snapshots; the runtime keeps those of the last call across invocations. */
  readonly snapshots: (hashes: readonly string[]) => Promise<readonly OpenDimension[]>
  readonly codecs: Codecs
  /** Whether to decode pages that are only copied too; false if not given. */
  readonly verifyPages?: boolean
  /** Told the rows of each row group when it is looked at. */
  readonly progress?: (rows: number) => void
  /** UTC milliseconds: with a clock the result says how long the item took. */
  readonly clock?: () => number
}

/** Footers read at once. */
const CONCURRENCY = 16

/**
 * Joins one item's files into its silver file, whose footer holds the result. A file that can't be read is quarantined,
 * one that has changed or gone since it was planned is deferred; the others go on without it. The silver file is
 * written with If-None-Match: an invocation that comes second finds the first one's file and returns that result.
 *
 * Where earlier invocations have died of the item, no file of it is touched. All else is done as ever: a worker that
 * dies without the files as well ends the execution, and blames none of them.
 */
export async function joinItem(
  plan: BatchPlan,
  item: Item,
  dependencies: JoinDependencies,
  death?: Death,
): Promise<ItemResult> {
  const { store, layout } = dependencies
  const watch = startStopwatch(dependencies.clock)
  const key = layout.silverFile(plan, item.item)
  // An earlier invocation's result is hardly ever there: what is needed without it is asked for at once.
  const reading = readResult(store, key)
  const opening = dependencies.snapshots(plan.dimensions.map(({ snapshot }) => snapshot))
  for (const each of [reading, opening]) each.catch(() => undefined) // thrown where it is waited for
  const parked = death ? NONE_LEFT_OUT : await readParkedRows(store, plan, item, dependencies.codecs)
  const left = new LeftOut(
    plan,
    [
      ...item.bronze.map(file => bronzeSource(store, file, layout.roots.reviews, parked.ofBronze(file))),
      ...item.parked.map(file => parkedSource(store, file, parked.ofParked(file))),
    ].map(source => ({ ...source, read: range => watch.phases.during('read', () => source.read(range)) })),
  )
  for (const fault of death ? deadlyFiles(plan, item, death) : parked.faults) left.add(fault)
  for (const { key, misfit } of item.bronze) if (misfit !== undefined) left.add(new UnreadableFile(key, misfit))
  await left.checkAll()
  const earlier = await reading
  if (earlier) return earlier
  const dimensions = await opening
  watch.opened()
  // once the content of a file was bad, the others may hold the same bytes, and alone they might not be decoded
  let verifyPages = dependencies.verifyPages ?? false
  for (;;) {
    try {
      const written = await writeItem({ ...dependencies, plan, item, key, dimensions, left, verifyPages, watch })
      if (written) return written
    } catch (error) {
      const isKnown = left.add(error)
      verifyPages ||= error instanceof UnreadableFile
      if (isKnown) continue
      const fault = isNoFileFault(error)
        ? undefined
        : await findCulprit({ query: plan.query, dimensions }, left.sources, dependencies.codecs)
      if (!left.add(fault)) throw error
      verifyPages = true
      continue
    }
    const first = await readResult(store, key)
    if (!first) throw new ResultRefused(`${key} was written by another invocation and is gone: start a new execution`)
    return first
  }
}

/** The files of an item, and those that had to be left out of it with the reasons. */
class LeftOut {
  readonly quarantined: QuarantinedFile[] = []
  readonly deferred: DeferredFile[] = []
  readonly #plan: BatchPlan
  #sources: readonly SourceFile[]

  constructor(plan: BatchPlan, sources: readonly SourceFile[]) {
    this.#plan = plan
    this.#sources = sources
  }

  /** What is still to be joined. */
  get sources(): readonly SourceFile[] {
    return this.#sources
  }

  /** Opens every file, so that most that can't be joined are known before anything is written. */
  async checkAll(): Promise<void> {
    await mapConcurrently(this.#sources, CONCURRENCY, async source => {
      try {
        await blaming(source.key, async () => {
          const binding = bind(this.#plan.query, columnsOf(await readFooter(source)), source.path)
          if (!binding.fits) throw new UnreadableFile(source.key, binding.reason)
        })
      } catch (error) {
        if (!this.add(error)) throw error
      }
    })
  }

  /** Leaves out the file that an error is about; false if the error is about something else. */
  add(error: unknown): boolean {
    if (!(error instanceof FileFault)) return false
    const source = this.#sources.find(({ key }) => key === error.key)
    if (!source) return false
    const { key, etag, size, modified } = source
    const died = isShared(error)
    // a parked file is ours: whatever is wrong with it, its rows stay parked
    const remedy = source.parked && !died ? ': restore it, or reprocess the batch that parked it' : ''
    const reason = error.reason + remedy
    if (source.parked || died || error instanceof SourceGone)
      this.deferred.push({ key, etag, reason, ...(died && { died }) })
    else this.quarantined.push({ key, etag, size, modified: new Date(modified).toISOString(), reason })
    this.#sources = this.#sources.filter(each => each !== source)
    return true
  }
}

/** Whether it is not known yet which of the item's files its worker has died of. */
function isShared(error: FileFault): boolean {
  return error instanceof DeadlyFile && !error.alone
}

/** An item whose files are opened. */
interface Writing extends JoinDependencies {
  readonly plan: BatchPlan
  readonly item: Item
  readonly key: string
  readonly dimensions: readonly OpenDimension[]
  readonly left: LeftOut
  readonly verifyPages: boolean
  readonly watch: Stopwatch
}

/** Writes the silver file, and before it the files of parked and rejected rows. Returns undefined if the silver file was there already. */
async function writeItem(options: Writing): Promise<ItemResult | undefined> {
  const { plan, item, key, dimensions, left, store, layout, codecs, verifyPages } = options
  const { sources } = left
  const silver = store.writer(key, { ifNoneMatch: '*' })
  const parked = new SideWriter(store, layout.parked(plan, item.item, crypto.randomUUID()))
  const rejected = new SideWriter(store, layout.rejected(plan, item.item, crypto.randomUUID()))
  let result: ItemResult | undefined
  try {
    await writeSilver(
      {
        query: plan.query,
        dimensions,
        sources,
        silver: guardWriter(silver),
        parked: plan.unmatched === 'park' ? () => parked.open() : null,
        rejected: () => rejected.open(),
        phases: options.watch.phases,
        progress: options.progress,
        metadata: counts => {
          const keys = { parked: parked.key, rejected: rejected.key }
          result = { ...describeResult(plan, item, left, counts, keys), ...options.watch.times() }
          return resultMetadata(result)
        },
      },
      codecs,
      { verifyPages },
    )
    // first: the silver file names them
    await parked.end((result?.parked.length ?? 0) > 0)
    await rejected.end(result?.rejected !== undefined)
    const { written } = await silver.close()
    return written ? result : undefined
  } catch (error) {
    await Promise.all([silver.abort(), parked.end(false), rejected.end(false)])
    throw error
  }
}

/** Writes an object beside the silver file, if there is anything to write. */
class SideWriter {
  readonly key: string
  readonly #store: Store
  #writer: ObjectWriter | undefined

  constructor(store: Store, key: string) {
    this.#store = store
    this.key = key
  }

  open(): ObjectWriter {
    this.#writer ??= guardWriter(this.#store.writer(this.key, { ifNoneMatch: '*' }))
    return this.#writer
  }

  /** Closes the object if it is wanted; else nothing of it stays. */
  async end(isWanted: boolean): Promise<void> {
    await (isWanted ? this.#writer?.close() : this.#writer?.abort())
  }
}
