import { type AsyncBuffer, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { bronzeSource } from '../../functions/joining/source.ts'
import { isData } from '../../functions/lake/keys.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { ObjectInfo, Store } from '../../functions/lake/store.ts'
import type { BatchCommit } from '../../functions/log/commit.ts'
import type { BronzeEntry, FoldedLog } from '../../functions/log/fold.ts'
import { type Log, readCommit, readLog } from '../../functions/log/read.ts'
import { prepare } from '../../functions/parquet/join/cells.ts'
import { groupReaders } from '../../functions/parquet/join/silver.ts'
import { openSources } from '../../functions/parquet/join/source.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import type { BatchPlan } from '../../functions/planning/batch-plan.ts'
import { nativeCodecs } from '../../functions/runtime/codecs.ts'
import { mapConcurrently } from '../../functions/runtime/concurrently.ts'
import { ObjectMissing } from '../../functions/runtime/errors.ts'

export interface WhyOptions {
  readonly store: Store
  readonly layout: Layout
  /** The review's id and the column that holds it. */
  readonly id: string
  readonly column: string
  /** Bronze keys to search; all reviews by default. */
  readonly prefix?: string
}

/** What became of one occurrence of a review in bronze, as lines of a name and a text. */
export type Story = readonly (readonly [name: string, text: string])[]

/** Bronze files searched at once. */
const CONCURRENCY = 8

/** Finds a review in bronze and tells what became of it, once for each place where it stands. */
export async function explainReview(options: WhyOptions): Promise<Story[]> {
  const { store, layout, prefix = layout.roots.reviews } = options
  const files: ObjectInfo[] = []
  for await (const info of store.list(prefix)) if (isData(info.key, layout.roots.reviews)) files.push(info)
  const found = (await mapConcurrently(files, CONCURRENCY, file => findRows(file, options))).flat()
  const log = await readLog(store, layout)
  const settled = await entriesOf(log, new Set(found.map(({ file }) => file.key)))
  const stories: Story[] = []
  for (const place of found) {
    const where = ['bronze', `${place.file.key}, row ${place.row}`] as const
    stories.push([where, ...(await tell(place, settled.get(place.file.key), log.state, options))])
  }
  return stories
}

interface Place {
  readonly file: ObjectInfo
  /** From 0. */
  readonly row: number
}

async function findRows(file: ObjectInfo, { store, id, column }: WhyOptions): Promise<Place[]> {
  try {
    const rows = await parquetReadObjects({ file: buffer(store, file), columns: [column], compressors })
    return rows.flatMap((each, row) => (each[column] === id ? [{ file, row }] : []))
  } catch (error) {
    if (error instanceof ObjectMissing) return []
    return [] // a file that can't be read holds no row that could be found; the log tells that it is quarantined
  }
}

function buffer(store: Store, { key, size }: ObjectInfo): AsyncBuffer {
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const bytes = await store.get(key, { range: { start: start < 0 ? size + start : start, end } })
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    },
  }
}

async function entriesOf(log: Log, keys: ReadonlySet<string>): Promise<Map<string, BronzeEntry>> {
  const entries = new Map<string, BronzeEntry>()
  if (keys.size === 0) return entries
  for await (const entry of log.bronze()) if (keys.has(entry.key)) entries.set(entry.key, entry)
  return entries
}

async function tell(
  place: Place,
  entry: BronzeEntry | undefined,
  state: FoldedLog,
  options: WhyOptions,
): Promise<Story> {
  if (!entry) return [['status', 'not seen yet: no commit has its file; the next run takes it']]
  if (entry.reason !== undefined) {
    return [
      ['status', 'quarantined: its file could not be read as it was then'],
      ['reason', entry.reason],
      ['batch', entry.batch],
    ]
  }
  const batch = state.batches.get(entry.batch)
  const commit = batch && (await readCommit(options.store, options.layout, batch.version))
  if (!commit || commit.operation === 'abandon') return [['status', `its batch ${entry.batch} is not in the log`]]
  const lines: [string, string][] = [
    ['batch', `${commit.batch} (${commit.operation}, version ${commit.version}, ${commit.committedAt})`],
    ['attempt', commit.attempt],
    ['customers', commit.customers?.snapshot ?? 'the query has no join'],
  ]
  if (entry.etag !== place.file.etag) {
    lines.push(['note', 'the file has changed since: what follows is about a row of another version'])
  }
  return [...lines, ...(await tellRow(place, commit, state, options))]
}

/** What happened to the row in the batch that has its file. */
async function tellRow(place: Place, commit: BatchCommit, state: FoldedLog, options: WhyOptions): Promise<Story> {
  const { store, layout } = options
  const parked = await findParked(place, commit.batch, state, options)
  if (parked !== undefined) return [['status', parked]]
  const plan = await readPlan(store, layout.query(commit))
  if (!plan) {
    return [
      ['status', 'joined with its batch; whether a predicate left it out is not known any more: its plan has expired'],
    ]
  }
  const verdict = await judge(place, plan, options)
  if (verdict !== undefined) return [['status', verdict]]
  const silver = commit.bronze.find(({ key }) => key === place.file.key)?.silver ?? ''
  const key = `${layout.roots.silver}${commit.location}${silver}`
  const present = await isInSilver(key, plan, options)
  if (present) return [['status', `in silver: ${key}`]]
  const left = 'left out: no customer has its key, or a condition on both sides was not true'
  return [['status', present === undefined ? `joined into ${key}, which does not show ${options.column}` : left]]
}

/** Whether a silver file has a row of the review; undefined if the query does not select the id. */
async function isInSilver(
  key: string,
  plan: BatchPlan,
  { store, id, column }: WhyOptions,
): Promise<boolean | undefined> {
  const selected = plan.query.output.find(
    ({ expr }) => expr.op === 'column' && expr.view === 'reviews' && expr.name.toLowerCase() === column.toLowerCase(),
  )
  const head = await store.head(key)
  if (!selected || !head) return undefined
  const rows = await parquetReadObjects({ file: buffer(store, head), columns: [selected.name], compressors })
  return rows.some(row => row[selected.name] === id)
}

/** Whether a parked file of the batch holds the row, and what became of that. */
async function findParked(
  { file, row }: Place,
  batch: string,
  state: FoldedLog,
  { store }: WhyOptions,
): Promise<string | undefined> {
  const rows: string[] = []
  for (const key of [...(state.batches.get(batch)?.everParked ?? []), ...state.parked.keys()]) {
    const head = await store.head(key)
    if (!head) continue
    const columns = ['_silversmith_key', '_silversmith_row']
    const origins = await parquetReadObjects({ file: buffer(store, head), columns, compressors })
    if (origins.some(each => each._silversmith_key === file.key && Number(each._silversmith_row) === row))
      rows.push(key)
  }
  const waiting = rows.find(key => state.parked.has(key))
  if (waiting !== undefined) {
    return `parked since ${state.parked.get(waiting)?.since}: its customer is not known yet (${waiting})`
  }
  const [consumed] = rows.slice(-1)
  if (consumed === undefined) return undefined
  const taker = [...state.batches.values()].find(({ unparked }) => unparked.some(({ key }) => key === consumed))
  return taker
    ? `parked at first, taken into silver by batch ${taker.batch} when its customer came`
    : `parked in ${consumed}`
}

/** Which condition left a row out; undefined if none did. */
async function judge(
  { file, row }: Place,
  plan: BatchPlan,
  { store, layout }: WhyOptions,
): Promise<string | undefined> {
  const { query } = plan
  const modified = new Date(file.modified).toISOString()
  const [source] = await openSources([bronzeSource(store, { ...file, modified }, layout.roots.reviews)], query)
  if (!source) return undefined
  for (const reader of groupReaders(source, makeCodecs(nativeCodecs))) {
    const at = row - reader.firstRow
    if (at < 0 || at >= reader.group.rows) continue
    for (const { expr, text } of query.filters) {
      const value = (await prepare(expr, query, reader, null)).evaluate(at, -1)
      if (value !== true) return `filtered: ${text} is ${value === null ? 'NULL' : 'false'} for it`
    }
    if (!query.join || query.join.kind === 'left' || query.join.kind === 'anti') return undefined
    const key = (await prepare(query.join.reviewsKey, query, reader, null)).evaluate(at, -1)
    if (key === null) return 'left out: its join key is NULL, which matches no customer'
  }
  return undefined
}

async function readPlan(store: Store, key: string): Promise<BatchPlan | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await store.get(key)))
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    throw error
  }
}
