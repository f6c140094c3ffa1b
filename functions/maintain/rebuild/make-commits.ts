import { ObjectMissing } from '../../base/errors.ts'
import { blaming, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { parkedSource } from '../../engine/sources/open-source.ts'
import { readOrigins } from '../../engine/sources/provenance.ts'
import { versionName } from '../../lake/keys.ts'
import { partName } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'
import {
  type BatchCommit,
  type Commit,
  countRules,
  dimensionsOfCommit,
  NO_ROWS,
  type ParkedFile,
  type RejectedFile,
  sumRows,
} from '../../protocol/commit.ts'
import { FORMAT, formatOf } from '../../protocol/format.ts'
import type { BatchPlan } from '../../protocol/plan.ts'
import type { ItemResult } from '../../protocol/result.ts'
import { plannedPlace } from '../../protocol/writers.ts'
import { typedColumns } from '../../sql/schema/bind.ts'
import { evolve } from '../../sql/schema/evolve.ts'
import type { Column } from '../../sql/types.ts'
import type { ReadableLake } from '../readable-lake.ts'
import type { LogSlot } from './arrange.ts'
import { type FoundAttempt, fileKey, readPlan } from './attempts.ts'
import { Folding } from './folding.ts'

/**
 * Makes the commits of a rebuilt log from the commits that are left and the footers; `notes` say what could not be known.
 * Each goes through the fold, which refuses what no run can have written: throws BrokenLog then.
 */
export async function makeCommits(
  places: readonly LogSlot[],
  left: readonly Commit[],
  lake: ReadableLake,
): Promise<{ readonly commits: readonly Commit[]; readonly notes: readonly string[] }> {
  const notes: string[] = []
  const found = places.flatMap(place => (place.kind === 'found' ? [place.found] : []))
  const parked = await findParked(found, left, lake, notes)
  const writers = new Set([
    ...found.flatMap(({ results }) => results.flatMap(({ result }) => result.parked.map(fileKey))),
    ...left.flatMap(commit => (commit.operation === 'abandon' ? [] : commit.parked.map(fileKey))),
  ])
  const folding = new Folding(parked, writers)
  for (const place of places) {
    const made =
      place.kind === 'found'
        ? await withSchema(place.found, folding, parked, lake, notes)
        : known(place, folding, lake, notes)
    folding.add(made, place.kind === 'found')
  }
  return { commits: folding.commits, notes }
}

/** A commit that needs no footer. */
function known(
  place: Exclude<LogSlot, { readonly kind: 'found' }>,
  { state }: Folding,
  { layout }: ReadableLake,
  notes: string[],
): Commit {
  const version = state.version + 1
  if (place.kind === 'left') return { ...place.commit, version }
  const { attempt } = place
  const shared = { format: FORMAT, version, attempt, execution: 'rebuild' } as const
  if (place.kind === 'lost') {
    notes.push(`version ${version} is lost, and no attempt that is left is known for it: it is recorded as abandoned`)
    return { ...shared, operation: 'abandon', batch: attempt, committedAt: new Date(0).toISOString() }
  }
  const { batch, ingestDate, query, plannedAt } = whatIsKnown(place.of)
  notes.push(`version ${version}: the first commit of batch ${batch} is lost; its rows are those of a later one`)
  return {
    ...{ ...shared, operation: 'append', batch, ingestDate, location: layout.location({ ingestDate, batch, attempt }) },
    ...{ committedAt: plannedAt, input: {}, query: { sha256: query, sql: '', comment: state.comment } },
    ...{ reviews: [], schema: state.schema, customers: null, rows: NO_ROWS, silver: [], bronze: [], parked: [] },
    ...{ unparked: [], excluded: place.leavesOut, reclaimed: [], superseded: [], quarantined: [], deferred: [] },
  }
}

/** What a later commit of a batch says of its first. */
function whatIsKnown(later: FoundAttempt | BatchCommit) {
  if ('results' in later) return resultOf(later)
  const { batch, ingestDate, query, committedAt } = later
  return { batch, ingestDate, query: query.sha256, plannedAt: committedAt }
}

/** The commit of an attempt, with the table's columns as they become by it. */
async function withSchema(
  found: FoundAttempt,
  { state }: Folding,
  parked: ReadonlyMap<string, ParkedFile>,
  lake: ReadableLake,
  notes: string[],
): Promise<BatchCommit> {
  const evolution = evolve(state.schema, await columnsOfAttempt(found, lake))
  if (!evolution.fits) notes.push(`${found.attempt}: ${evolution.reason}`)
  const made = await fromFooters(found, parked, lake, notes)
  const schema = evolution.fits ? evolution.schema : state.schema
  // packing an old batch leaves the newest query's comment to the table
  const comment = (made.operation === 'compact' && state.comment) || made.query.comment
  return { ...made, query: { ...made.query, comment }, version: state.version + 1, schema }
}

async function fromFooters(
  { attempt, batch, location, results }: FoundAttempt,
  parked: ReadonlyMap<string, ParkedFile>,
  lake: ReadableLake,
  notes: string[],
): Promise<Omit<BatchCommit, 'version' | 'schema'>> {
  const first = resultOf({ attempt, results })
  const { ingestDate, plannedAt, query, operation, absorbs, writtenBy, writers } = first
  const place = plannedPlace({ ingestDate, batch, attempt, ...(writtenBy && { writtenBy }) })
  const plan = await readPlan(lake, place)
  if (!plan)
    notes.push(`${attempt}: its plan is gone: the query's text, the input and the files of the dimensions are unknown`)
  const all = results.map(({ result }) => result)
  const bronze = all.flatMap(result => result.bronze.map(file => ({ ...file, silver: partName(result.item) })))
  const unparked = all.flatMap(result =>
    result.unparked.map(({ key, etag, ...counts }) => {
      const { size = 0, since = plannedAt, bronze = [] } = parked.get(key) ?? {}
      return { key, etag, size, since, bronze, silver: partName(result.item), ...counts }
    }),
  )
  const rejected = await findRejected(all, lake.store, notes)
  const superseded = all.flatMap(result => result.supersedes)
  return {
    format: formatOf(first),
    operation,
    batch,
    attempt,
    ingestDate,
    location,
    ...(absorbs && { absorbs }),
    ...(writtenBy && { writtenBy }),
    ...(writers && { writers }),
    committedAt: plannedAt,
    execution: plan?.execution ?? 'rebuild',
    input: plan?.input ?? {},
    query: { sha256: query, sql: plan?.query.sql ?? '', comment: plan?.query.comment ?? '' },
    reviews: first.reviews,
    ...dimensionsOfCommit(joinedWith(first, plan)),
    rows: sumRows([...bronze, ...unparked].map(file => file.rows)),
    silver: results.map(({ result, size, rows, stats }) => ({ key: partName(result.item), size, rows, stats })),
    bronze,
    unparked,
    parked: all.flatMap(result => result.parked.flatMap(({ key }) => parked.get(key) ?? [])),
    excluded: [...new Set(all.flatMap(result => result.excluded))],
    reclaimed: [],
    superseded: [...new Map(superseded.map(version => [versionName(version), version])).values()],
    ...(first.rules && { rules: countRules(first.rules, [...bronze, ...unparked]) }),
    ...(rejected.length > 0 && { rejected }),
    quarantined: all.flatMap(result => result.quarantined),
    deferred: all.flatMap(result => result.deferred),
  }
}

/** The files of rejected rows that results name, as far as they are there. */
async function findRejected(results: readonly ItemResult[], store: Store, notes: string[]): Promise<RejectedFile[]> {
  const files: RejectedFile[] = []
  for (const { key, rows } of results.flatMap(({ rejected = [] }) => rejected)) {
    const head = await store.head(key)
    if (head) files.push({ key, etag: head.etag, size: head.size, rows })
    else
      notes.push(`missing: rejected rows ${key}: nothing is lost from silver; reprocess their batch to have them again`)
  }
  return files
}

/** The parked files that the attempts name, as far as they are there. They are tried again at the next chance. */
async function findParked(
  found: readonly FoundAttempt[],
  left: readonly Commit[],
  { store, codecs }: ReadableLake,
  notes: string[],
): Promise<Map<string, ParkedFile>> {
  const files = new Map<string, ParkedFile>()
  const results = found.flatMap(attempt => attempt.results.map(({ result }) => result))
  const untried = { snapshot: '', join: '' }
  for (const commit of left) {
    if (commit.operation !== 'abandon') for (const file of commit.parked) files.set(file.key, { ...file, ...untried })
  }
  for (const { key, rows, since, bronze } of results.flatMap(({ parked }) => parked)) {
    const head = await store.head(key)
    if (head) files.set(key, { key, etag: head.etag, size: head.size, rows, ...untried, since, bronze })
    else notes.push(`missing: parked file ${key}: its ${rows} rows are lost unless their batch is reprocessed`)
  }
  const named = [
    ...results.flatMap(({ excluded, unparked }) => [...excluded, ...unparked.map(fileKey)]),
    ...left.flatMap(commit => (commit.operation === 'abandon' ? [] : commit.excluded)),
  ]
  // what a lost attempt parked is said by the parked file itself
  for (const key of new Set(named)) {
    const head = files.has(key) ? undefined : await store.head(key)
    if (!head) continue
    const origins = await readOrigins(store, key, codecs).catch(error => {
      if (!(error instanceof UnreadableFile)) throw error
      notes.push(`missing: parked file ${error.message}: its rows are lost unless their batch is reprocessed`)
      return undefined
    })
    if (!origins) continue
    const bronze = [...new Map(origins.map(({ key, etag }) => [versionName({ key, etag }), { key, etag }])).values()]
    const since = new Date(head.modified).toISOString()
    files.set(key, { key, etag: head.etag, size: head.size, rows: origins.length, ...untried, since, bronze })
  }
  return files
}

async function columnsOfAttempt({ location }: FoundAttempt, { store, layout }: ReadableLake): Promise<Column[]> {
  const key = `${layout.roots.silver}${location}${partName(0)}`
  const head = await store.head(key)
  if (!head) throw new ObjectMissing(`${key} is gone`)
  return typedColumns(columnsOf(await blaming(key, () => readFooter(parkedSource(store, head, [])))))
}

/** A whole attempt has results. */
function resultOf({ attempt, results }: Pick<FoundAttempt, 'attempt' | 'results'>): ItemResult {
  const [first] = results
  if (!first) throw new Error(`attempt ${attempt} has no results`)
  return first.result
}

/** The dimensions of a result, with what is known of their files where the plan is there. */
function joinedWith({ customers, dimensions = [] }: ItemResult, plan: BatchPlan | undefined) {
  const named = [...(customers === null ? [] : [{ name: 'customers', snapshot: customers }]), ...dimensions]
  return named.map(({ name, snapshot }) => {
    const pinned = plan?.dimensions.find(each => each.name === name)
    return { name, snapshot, rows: pinned?.rows ?? 0, files: pinned?.files ?? [] }
  })
}
