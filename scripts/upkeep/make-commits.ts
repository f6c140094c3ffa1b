import { UnreadableFile } from '../../functions/joining/file-fault.ts'
import { readOrigins } from '../../functions/joining/provenance.ts'
import { versionName } from '../../functions/lake/keys.ts'
import { type Layout, partName } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { type BatchCommit, type Commit, FORMAT, type ParkedFile, sumRows } from '../../functions/log/commit.ts'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import type { BatchPlan } from '../../functions/planning/batch-plan.ts'
import { readBatchPlan } from '../../functions/planning/read-plan.ts'
import { typedColumns } from '../../functions/query/bind.ts'
import { evolve } from '../../functions/query/evolve.ts'
import type { Column } from '../../functions/query/types.ts'
import { nativeCodecs } from '../../functions/runtime/codecs.ts'
import { FormatMismatch, ObjectMissing, PlanExpired } from '../../functions/runtime/errors.ts'
import { type FoundAttempt, joinedBy } from './attempts.ts'

interface Lake {
  readonly store: Store
  readonly layout: Layout
}

interface Made {
  readonly commits: readonly Commit[]
  /** What could not be known. */
  readonly notes: readonly string[]
}

/**
 * Makes the commits of attempts, in their order, from the commits that are left and the footers; then those that keep
 * abandoned attempts away.
 */
export async function makeCommits(chosen: readonly FoundAttempt[], left: readonly Commit[], lake: Lake): Promise<Made> {
  const notes: string[] = []
  const byAttempt = new Map(left.map(commit => [commit.attempt, commit]))
  const joined = new Set(chosen.flatMap(joinedBy))
  const parked = await findParked(chosen, lake, notes)
  const commits: Commit[] = []
  let schema: readonly Column[] = []
  for (const attempt of chosen) {
    const version = commits.length
    const old = byAttempt.get(attempt.attempt)
    const made = await fromFooters(attempt, parked, lake, old === undefined ? notes : [])
    if (old && old.operation !== 'abandon') {
      schema = old.schema
      // of a batch that was written again only the last commit is taken, and the footers tell what those before it replaced
      commits.push({ ...old, version, operation: 'append', outdated: made.outdated })
      continue
    }
    const evolution = evolve(schema, await columnsOfAttempt(attempt, lake))
    if (!evolution.fits) notes.push(`${attempt.attempt}: ${evolution.reason}`)
    schema = evolution.fits ? evolution.schema : schema
    commits.push({ ...made, version, schema })
  }
  for (const commit of left) {
    if (commit.operation === 'abandon') commits.push({ ...commit, version: commits.length })
  }
  return { commits: withLeftOut(commits, parked).map(commit => withoutJoined(commit, joined)), notes }
}

/** What an attempt left out waits, or was taken in, as its own parked file: the commit that named it may be gone. */
function withLeftOut(commits: readonly Commit[], parked: ReadonlyMap<string, ParkedFile>): Commit[] {
  const named = new Set(commits.flatMap(commit => (commit.operation === 'abandon' ? [] : commit.parked.map(keyOf))))
  return commits.map(commit => {
    if (commit.operation === 'abandon') return commit
    const added = commit.leftOut.filter(key => !named.has(key)).flatMap(key => parked.get(key) ?? [])
    for (const { key } of added) named.add(key)
    return { ...commit, parked: [...commit.parked, ...added] }
  })
}

/** A file that could not be read and was joined later, or before, is settled by that. */
function withoutJoined(commit: Commit, joined: ReadonlySet<string>): Commit {
  if (commit.operation === 'abandon') return commit
  return { ...commit, quarantined: commit.quarantined.filter(({ key }) => !joined.has(key)) }
}

async function fromFooters(
  { attempt, batch, location, results }: FoundAttempt,
  parked: ReadonlyMap<string, ParkedFile>,
  { store, layout }: Lake,
  notes: string[],
): Promise<Omit<BatchCommit, 'version' | 'schema'>> {
  const [first] = results
  if (!first) throw new Error(`attempt ${attempt} has no results`) // whole attempts have
  const { ingestDate, plannedAt, query, customers } = first.result
  const plan = await readPlan(store, layout.query({ ingestDate, batch, attempt }))
  if (!plan) notes.push(`${attempt}: its plan is gone: the query's text, the input and the customers files are unknown`)
  const all = results.map(({ result }) => result)
  const bronze = all.flatMap(result => result.bronze.map(file => ({ ...file, silver: partName(result.item) })))
  const unparked = all.flatMap(result =>
    result.unparked.map(({ key, etag, rows }) => {
      const { size = 0, since = plannedAt, bronze = [] } = parked.get(key) ?? {}
      return { key, etag, size, since, bronze, silver: partName(result.item), rows }
    }),
  )
  const outdated = all.flatMap(result => result.outdates)
  return {
    format: FORMAT,
    operation: 'append',
    batch,
    attempt,
    ingestDate,
    location,
    committedAt: plannedAt,
    execution: plan?.execution ?? 'rebuild',
    input: plan?.input ?? {},
    query: { sha256: query, sql: plan?.query.sql ?? '', comment: plan?.query.comment ?? '' },
    reviews: first.result.reviews,
    customers:
      customers === null
        ? null
        : { snapshot: customers, rows: plan?.customers?.rows ?? 0, files: plan?.customers?.files ?? [] },
    rows: sumRows([...bronze, ...unparked].map(file => file.rows)),
    silver: results.map(({ result, size, rows }) => ({ key: partName(result.item), size, rows })),
    bronze,
    unparked,
    parked: all.flatMap(result => result.parked.flatMap(({ key }) => parked.get(key) ?? [])),
    leftOut: [...new Set(all.flatMap(result => result.leaveOut))],
    takenBack: [],
    outdated: [...new Map(outdated.map(version => [versionName(version), version])).values()],
    quarantined: all.flatMap(result => result.quarantined),
    deferred: all.flatMap(result => result.deferred),
  }
}

/** The parked files that the attempts name, as far as they are there. They are tried again at the next chance. */
async function findParked(
  chosen: readonly FoundAttempt[],
  { store }: Lake,
  notes: string[],
): Promise<Map<string, ParkedFile>> {
  const files = new Map<string, ParkedFile>()
  const results = chosen.flatMap(attempt => attempt.results.map(({ result }) => result))
  const untried = { snapshot: '', join: '' }
  for (const { key, rows, since, bronze } of results.flatMap(({ parked }) => parked)) {
    const head = await store.head(key)
    if (head) files.set(key, { key, etag: head.etag, size: head.size, rows, ...untried, since, bronze })
    else notes.push(`missing: parked file ${key}: its ${rows} rows are lost unless their batch is processed again`)
  }
  // of a batch that was written again only the newest attempt is taken: what the older one parked is told by its own file
  for (const key of new Set(results.flatMap(({ leaveOut }) => leaveOut))) {
    const head = files.has(key) ? undefined : await store.head(key)
    if (!head) continue
    const origins = await readOrigins(store, key, makeCodecs(nativeCodecs)).catch(error => {
      if (!(error instanceof UnreadableFile)) throw error
      notes.push(`missing: parked file ${error.message}: its rows are lost unless their batch is processed again`)
      return undefined
    })
    if (!origins) continue
    const bronze = [...new Map(origins.map(({ key, etag }) => [versionName({ key, etag }), { key, etag }])).values()]
    const since = new Date(head.modified).toISOString()
    files.set(key, { key, etag: head.etag, size: head.size, rows: origins.length, ...untried, since, bronze })
  }
  return files
}

async function readPlan(store: Store, key: string): Promise<BatchPlan | undefined> {
  try {
    return await readBatchPlan(store, key)
  } catch (error) {
    if (error instanceof PlanExpired || error instanceof FormatMismatch || error instanceof SyntaxError)
      return undefined
    throw error
  }
}

async function columnsOfAttempt({ location }: FoundAttempt, { store, layout }: Lake): Promise<Column[]> {
  const key = `${layout.roots.silver}${location}${partName(0)}`
  const head = await store.head(key)
  if (!head) throw new ObjectMissing(`${key} is gone`)
  return typedColumns(
    columnsOf(await readFooter({ ...head, read: range => store.get(key, { range, ifMatch: head.etag }) })),
  )
}

function keyOf({ key }: { readonly key: string }): string {
  return key
}
