import { ObjectMissing, PlanExpired } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { listed } from '../../base/text.ts'
import type { Lack } from '../../engine/join/lacking.ts'
import { FileFault } from '../../engine/sources/file-fault.ts'
import { bronzeSource, parkedSource } from '../../engine/sources/open-source.ts'
import { readOrigins } from '../../engine/sources/provenance.ts'
import type { SourceFile } from '../../engine/sources/source-file.ts'
import type { Store } from '../../lake/store.ts'
import { isSameVersion } from '../../lake/versions.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { BronzeEntry } from '../../log/bronze-entries.ts'
import type { FoldedLog, Log } from '../../log/fold.ts'
import { needCommit } from '../../log/read.ts'
import type { BatchCommit } from '../../protocol/commit.ts'
import { readBatchPlan } from '../../protocol/plan.ts'
import { plannedPlaceOf } from '../../protocol/writers.ts'
import { readWholeLog } from '../../readers/whole-log.ts'
import { columnNamed, needColumn } from '../known-column.ts'
import { newestOf } from '../lacks.ts'
import type { ReadableLake } from '../readable-lake.ts'
import { type FoundRow, findRows, rowsWith, type SoughtReview } from './find-rows.ts'
import { judgeRow, lackOfRow, type Verdict } from './judge-row.ts'
import { findLater } from './lost-bronze.ts'
import { rejectedWith, tellRejected } from './rejected.ts'
import { asWritten, describeReview, type ReviewExplanation, type Story } from './story.ts'
import { isTakenOver, tellTakenOver } from './taken-over.ts'

export interface WhyOptions extends ReadableLake, SoughtReview {
  /** Bronze keys to search; all reviews by default. */
  readonly prefix?: string
}

/**
 * Finds a review in bronze and says what became of it; where bronze no longer has it, what silver and the parked rows
 * still say. Throws UsageError for a column that no review has, and BrokenLog; what the store throws passes through.
 */
export async function explainReview(options: WhyOptions): Promise<ReviewExplanation> {
  const { store, layout, id, column, prefix = layout.roots.reviews } = options
  const { files, places, unsearched } = await findRows(options, { prefix, column, id })
  const { log } = await readWholeLog(store, layout)
  if (places.length === 0) {
    needColumn('column', column, log.state.reviews)
    const later = await findLater(options, log, { id, column, prefix }, files)
    return { ...later, unsearched: [...unsearched, ...later.unsearched] }
  }
  const settled = await entriesOf(log, new Set(places.map(({ file }) => file.key)))
  const stories: Story[] = []
  for (const place of places) {
    const where = ['bronze', `${place.file.key}, row ${place.row}`] as const
    stories.push([where, ...(await tell(place, settled.get(place.file.key), log.state, options))])
  }
  return { stories, unsearched, lost: 0 }
}

async function entriesOf(log: Log, keys: ReadonlySet<string>): Promise<Map<string, BronzeEntry>> {
  const entries = new Map<string, BronzeEntry>()
  for await (const entry of log.bronze()) if (keys.has(entry.key)) entries.set(entry.key, entry)
  return entries
}

async function tell(
  place: FoundRow,
  entry: BronzeEntry | undefined,
  state: FoldedLog,
  options: WhyOptions,
): Promise<Story> {
  if (!entry) return [['status', 'not seen yet: no commit has its file; the next run takes it']]
  const { key, etag } = place.file
  const changed = !(await isSameVersion(options.store, key, entry.etag, etag))
  if (entry.reason !== undefined) {
    return [
      ['status', `quarantined: its file could not be read${changed ? ' as it was then; the next run tries it' : ''}`],
      ['reason', entry.reason],
      ['batch', entry.batch],
    ]
  }
  const commit = await commitOf(state.batchOf(entry.batch), options)
  if (!commit) return [['status', `its batch ${entry.batch} is not in the log`]]
  if (changed) {
    return [
      ['status', 'not taken: its file has changed since, and this version of it was not joined'],
      ['batch', `${commit.batch} has the version before; backfill --changed takes the file as it is now`],
    ]
  }
  const status = isTakenOver(commit)
    ? await tellTakenOver(commit, options)
    : await tellRow({ ...place, recorded: entry.etag }, commit, state, options)
  const joined: { readonly batch?: string } = commit.bronze.find(file => file.key === key) ?? {}
  return [...describeReview(await asWritten(commit, joined, options), joined.batch), ['status', status]]
}

async function commitOf(
  batch: BatchState | undefined,
  { store, layout }: WhyOptions,
): Promise<BatchCommit | undefined> {
  const commit = batch && (await needCommit(store, layout, batch.version))
  return commit && commit.operation !== 'abandon' ? commit : undefined
}

/** A place with the etag of its file's version as the log and parked files name it: a directory's store may name it otherwise now. */
interface RecordedPlace extends FoundRow {
  readonly recorded: string
}

/** What happened to the row in the batch that has its file, and in those that took it from a parked file. */
async function tellRow(
  place: RecordedPlace,
  commit: BatchCommit,
  state: FoldedLog,
  options: WhyOptions,
): Promise<string> {
  const { store, layout } = options
  const parked = await findParked(place, state.batches.get(commit.batch), state, options)
  if (!parked) {
    const { key, etag, size, modified } = place.file
    const version = { key, etag, size, modified: new Date(modified).toISOString() }
    const joined = commit.bronze.find(file => file.key === key) ?? { silver: '' }
    const file = bronzeSource(store, version, layout.roots.reviews)
    const told = await tellJoined(commit, { ...joined, file, row: place.row }, options)
    const gone = await findGone(state.batches.get(commit.batch), state, store)
    if (gone === undefined || !told.startsWith(LEFT_OUT) || told === NULL_KEY) return told
    return `parked, as far as can be told, in ${gone}, which is gone: restore it, or write batch ${commit.batch} again`
  }
  const { key, row, taker } = parked
  const waiting = state.parked.get(key)
  if (waiting) {
    const file = parkedSource(store, waiting, [])
    const lack =
      (await lackIn(newestOf(state) ?? commit, { file, row }, options)) ??
      (await lackIn(commit, { file, row }, options))
    return `parked since ${waiting.since}: ${waitsFor(lack)} (${key})`
  }
  const taking = await commitOf(taker, options)
  const taken = taking?.unparked.find(file => file.key === key)
  if (!taking || !taken) return `parked in ${key}, which no batch has taken and which no longer waits`
  const file = parkedSource(store, taken, [])
  return `parked at first; then by batch ${taking.batch} ${await tellJoined(taking, { ...taken, file, row }, options)}`
}

const LEFT_OUT = 'left out'
const NULL_KEY = 'left out: its join key is NULL, which matches no customer'

/** A row of a source of a batch, and the name of the silver file that its source went into. */
interface Joined {
  readonly file: SourceFile
  readonly row: number
  readonly silver: string
  /** The batch that took the source in, where that is another: it was packed into this one since. */
  readonly batch?: string
}

/** What a batch made of a row that is not parked. */
async function tellJoined(commit: BatchCommit, joined: Joined, options: WhyOptions): Promise<string> {
  const key = `${options.layout.roots.silver}${commit.location}${joined.silver}`
  const verdict = await judge(commit, joined, options)
  switch (verdict.became) {
    case 'written':
      return `in silver: ${key}${verdict.rows > 1 ? `, ${verdict.rows} rows, as many as customers have its key` : ''}${verdict.rejected > 0 ? `; rules have dropped ${verdict.rejected}` : ''}`
    case 'rejected':
      return tellRejected(listed(verdict.rules), commit)
    case 'filtered':
      return `filtered: ${verdict.text}`
    case 'null key':
      return NULL_KEY
    case 'unmatched':
    case 'parked': // what is in a parked file was found there
      return `left out: ${verdict.lack.dimension === 'customers' ? 'no customer has' : `${verdict.lack.dimension} has no row with`} its key ${verdict.lack.key}`
    case 'unknown':
      return tellById(commit, key, options)
  }
}

/** What a row of a parked file waits for, as far as the plan is there that says how it is looked for. */
async function lackIn(
  commit: BatchCommit,
  { file, row }: Pick<Joined, 'file' | 'row'>,
  options: WhyOptions,
): Promise<Lack | null> {
  const finding = planOf(commit, {}, options).then(plan => lackOfRow(options, plan, file, row))
  return (await orUndefined(finding, PlanExpired, FileFault)) ?? null
}

/** The plan by which the rows of a commit's file were made. */
function planOf(commit: BatchCommit, file: { readonly batch?: string }, { store, layout }: WhyOptions) {
  return readBatchPlan(store, layout.query(plannedPlaceOf(commit, file)))
}

function waitsFor(lack: Lack | null): string {
  if (lack && lack.dimension !== 'customers') return `${lack.dimension} has no row with its key ${lack.key} yet`
  return `its customer${lack ? ` ${lack.key}` : ''} is not known yet`
}

async function judge(commit: BatchCommit, { file, row, ...joined }: Joined, options: WhyOptions): Promise<Verdict> {
  const plan = await orUndefined(planOf(commit, joined, options), PlanExpired)
  return plan ? judgeRow(options, plan, file, row) : { became: 'unknown' }
}

/** What can be said when the batch's plan or its customers are gone: whether its silver file has a row of the id. */
async function tellById(commit: BatchCommit, key: string, options: WhyOptions): Promise<string> {
  const { store, column, id } = options
  const gone = "the batch's plan or its customers are gone"
  const name = columnNamed(commit.schema, column)
  const head = name === undefined ? undefined : await store.head(key)
  if (name === undefined || !head) return `joined into ${key}, which does not show ${column}; ${gone}`
  const [rejected] = await rejectedWith(options, commit, { column, id }, [])
  if (rejected) return `${tellRejected(rejected.rules, commit)}, as far as its id says; ${gone}`
  const found = (await rowsWith(options, head, name, id)).length > 0
  return found
    ? `in silver, as far as its id says: ${key}; ${gone}`
    : `left out by a condition, or because no customer has its key: which of the two is no longer known, ${gone}`
}

/** A parked file of a batch that still counts as waiting, and is gone. */
async function findGone(batch: BatchState | undefined, state: FoldedLog, store: Store): Promise<string | undefined> {
  for (const key of batch?.everParked ?? []) if (state.parked.has(key) && !(await store.head(key))) return key
  return undefined
}

interface InParked {
  readonly key: string
  /** From 0. */
  readonly row: number
  /** The batch that took the parked file's rows. */
  readonly taker: BatchState | undefined
}

/** The last parked file that holds the row: a batch that takes a row may park it again. */
async function findParked(
  place: RecordedPlace,
  batch: BatchState | undefined,
  state: FoldedLog,
  options: WhyOptions,
): Promise<InParked | undefined> {
  let last: InParked | undefined
  const seen = new Set<string>()
  for (let at = batch; at; ) {
    let found: InParked | undefined
    for (const key of at.everParked) {
      if (seen.has(key)) continue
      seen.add(key)
      const row = await rowIn(key, place, options)
      if (row < 0) continue
      const taker = [...state.batches.values()].find(({ unparked }) => unparked.some(file => file.key === key))
      found = { key, row, taker }
    }
    last = found ?? last
    at = found?.taker
  }
  return last
}

/** The row of a parked file that comes from a row of bronze; -1 if none does. */
async function rowIn(
  key: string,
  { file, recorded, row }: RecordedPlace,
  { store, codecs }: WhyOptions,
): Promise<number> {
  const origins = (await orUndefined(readOrigins(store, key, codecs), ObjectMissing)) ?? []
  return origins.findIndex(origin => origin.key === file.key && origin.etag === recorded && origin.row === row)
}
