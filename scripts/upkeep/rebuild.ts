import { readOrigins } from '../../functions/joining/provenance.ts'
import type { Executions } from '../../functions/lake/claim.ts'
import { readClaim } from '../../functions/lake/claim.ts'
import { type Layout, parseLogKey, partName } from '../../functions/lake/layout.ts'
import { SPARK_METADATA } from '../../functions/lake/spark-sink.ts'
import type { Store } from '../../functions/lake/store.ts'
import { type BatchCommit, type Commit, FORMAT, type ParkedFile, sumRows } from '../../functions/log/commit.ts'
import { parseCommit } from '../../functions/log/read.ts'
import { columnsOf, readFooter } from '../../functions/parquet/metadata/footer.ts'
import { makeCodecs } from '../../functions/parquet/pages/codecs.ts'
import type { BatchPlan } from '../../functions/planning/batch-plan.ts'
import type { Catalog } from '../../functions/publishing/catalog.ts'
import { evolve } from '../../functions/query/evolve.ts'
import type { Column } from '../../functions/query/types.ts'
import { nativeCodecs } from '../../functions/runtime/codecs.ts'
import { ObjectMissing } from '../../functions/runtime/errors.ts'
import { UsageError } from '../command.ts'
import { type FoundAttempt, findAttempts } from './attempts.ts'
import { chooseAttempts } from './choose.ts'

export interface RebuildOptions {
  readonly store: Store
  readonly layout: Layout
  readonly executions: Executions
  readonly catalog: Catalog
  readonly dryRun: boolean
}

export interface Rebuilt {
  readonly commits: readonly Commit[]
  /** What was decided, and what could not be known. */
  readonly notes: readonly string[]
}

/**
 * Writes a lost log anew from the silver files, whose footers hold their results. Commits that are left of the old log
 * count first, then what the catalog has registered. The new log is written from its end: until version 0 is there, every run
 * refuses to work on it. Throws UsageError while an execution is at work, or when the log is whole.
 */
export async function rebuildLog(options: RebuildOptions): Promise<Rebuilt> {
  const { store, layout, catalog, dryRun } = options
  await refuseWhileRunning(options)
  const left = await readLeftovers(store, layout)
  if (isWhole(left.commits)) {
    throw new UsageError(`the log is whole (${left.commits.length} commits): there is nothing to rebuild`)
  }
  const registered = await catalog.locations()
  const known = new Map([...registered].map(([, location]) => [location, 'the catalog']))
  for (const commit of left.commits) {
    if (commit.operation !== 'abandon' && !registered.has(commit.batch))
      known.set(commit.location, 'a commit that is left')
  }
  const { chosen, decisions } = chooseAttempts(await findAttempts(store, layout), known)
  const notes = [...left.notes, ...decisions]
  const commits = await makeCommits(chosen, left.commits, options, notes)
  if (!dryRun) await replaceLog(commits, options)
  return { commits, notes }
}

async function refuseWhileRunning({ store, layout, executions }: RebuildOptions): Promise<void> {
  const holder = (await readClaim(store, layout))?.execution
  if (holder === undefined || !(await executions.isRunning(holder))) return
  throw new UsageError(
    `execution ${holder} is at work on this lake: stop it, and the schedule, before the log is rebuilt`,
  )
}

interface Leftovers {
  readonly keys: readonly string[]
  readonly commits: readonly Commit[]
  readonly notes: readonly string[]
}

/** What is left of the old log, by version. */
async function readLeftovers(store: Store, layout: Layout): Promise<Leftovers> {
  const keys: string[] = []
  const commits: Commit[] = []
  const notes: string[] = []
  for await (const { key } of store.list(layout.log)) {
    keys.push(key)
    const entry = parseLogKey(key)
    if (!entry || entry.snapshot !== undefined) continue
    try {
      commits.push(parseCommit(await store.get(key), entry.version, key))
    } catch (error) {
      notes.push(`passed over: ${error instanceof Error ? error.message : error}`)
    }
  }
  return { keys, commits, notes }
}

function isWhole(commits: readonly Commit[]): boolean {
  return commits.length > 0 && commits.every(({ version }, i) => version === i)
}

/** The commits of the chosen attempts, then those that keep abandoned attempts away. */
async function makeCommits(
  chosen: readonly FoundAttempt[],
  left: readonly Commit[],
  options: RebuildOptions,
  notes: string[],
): Promise<Commit[]> {
  const { store, layout } = options
  const byAttempt = new Map(left.map(commit => [commit.attempt, commit]))
  const commits: Commit[] = []
  const parked = await parkedFiles(chosen, options, notes)
  let schema: readonly Column[] = []
  for (const attempt of chosen) {
    const old = byAttempt.get(attempt.attempt)
    const version = commits.length
    if (old && old.operation !== 'abandon') {
      schema = old.schema
      commits.push({ ...old, version, operation: 'append' })
      continue
    }
    const output = await columnsOfAttempt(attempt, store, layout)
    const evolution = evolve(schema, output)
    if (!evolution.fits) notes.push(`${attempt.attempt}: ${evolution.reason}`)
    schema = evolution.fits ? evolution.schema : schema
    commits.push({ ...(await fromFooters(attempt, parked, options, notes)), version, schema })
  }
  for (const commit of left) {
    if (commit.operation === 'abandon') commits.push({ ...commit, version: commits.length })
  }
  if (commits.length === 0) notes.push(`nothing lies under ${layout.roots.silver} that could be committed`)
  return withLeftOut(commits, parked)
}

/** What an attempt left out waits, or was consumed, as its own parked file: the commit that named it may be gone. */
function withLeftOut(commits: readonly Commit[], parked: ReadonlyMap<string, ParkedFile>): Commit[] {
  const named = new Set(
    commits.flatMap(commit => (commit.operation === 'abandon' ? [] : commit.parked.map(({ key }) => key))),
  )
  return commits.map(commit => {
    if (commit.operation === 'abandon') return commit
    const added = commit.leftOut.filter(key => !named.has(key)).flatMap(key => parked.get(key) ?? [])
    for (const { key } of added) named.add(key)
    return { ...commit, parked: [...commit.parked, ...added] }
  })
}

async function fromFooters(
  { attempt, batch, location, results }: FoundAttempt,
  parked: ReadonlyMap<string, ParkedFile>,
  { store, layout }: RebuildOptions,
  notes: string[],
): Promise<Omit<BatchCommit, 'version' | 'schema'>> {
  const [first] = results
  if (!first) throw new Error(`attempt ${attempt} has no results`) // choose takes whole attempts only
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
    reviews: plan?.query.reviews ?? [],
    customers:
      customers === null
        ? null
        : { snapshot: customers, rows: plan?.customers?.rows ?? 0, files: plan?.customers?.files ?? [] },
    rows: sumRows([...bronze, ...unparked].map(file => file.rows)),
    silver: results.map(({ result, size, rows }) => ({ key: partName(result.item), size, rows })),
    bronze,
    unparked,
    parked: all.flatMap(result => result.parked.flatMap(({ key }) => parked.get(key) ?? [])),
    leftOut: all.flatMap(result => result.leaveOut),
    outdated: all.flatMap(result => result.outdates),
    quarantined: all.flatMap(result => result.quarantined),
    deferred: all.flatMap(result => result.deferred),
  }
}

/** The parked files that the chosen attempts name, as far as they are there. */
async function parkedFiles(
  chosen: readonly FoundAttempt[],
  { store }: RebuildOptions,
  notes: string[],
): Promise<Map<string, ParkedFile>> {
  const files = new Map<string, ParkedFile>()
  const named = new Set<string>()
  for (const { results } of chosen) {
    for (const { result } of results) {
      for (const key of result.leaveOut) named.add(key)
      for (const { key, rows, since, bronze } of result.parked) {
        const head = await store.head(key)
        const tried = { snapshot: result.customers ?? '', query: result.query }
        if (head) files.set(key, { key, etag: head.etag, size: head.size, rows, ...tried, since, bronze })
        else notes.push(`missing: parked file ${key}: its ${rows} rows are lost unless their batch is processed again`)
      }
    }
  }
  // of a batch that was written again only the newest attempt is chosen: what the older one parked is told by its own file
  for (const key of named) {
    const head = files.has(key) ? undefined : await store.head(key)
    if (!head) continue
    const origins = await readOrigins(store, key, makeCodecs(nativeCodecs))
    const bronze = [...new Map(origins.map(({ key, etag }) => [`${etag} ${key}`, { key, etag }])).values()]
    const since = new Date(head.modified).toISOString()
    files.set(key, {
      key,
      etag: head.etag,
      size: head.size,
      rows: origins.length,
      snapshot: '',
      query: '',
      since,
      bronze,
    })
  }
  return files
}

async function readPlan(store: Store, key: string): Promise<BatchPlan | undefined> {
  try {
    return JSON.parse(new TextDecoder().decode(await store.get(key)))
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof SyntaxError) return undefined
    throw error
  }
}

async function columnsOfAttempt({ location }: FoundAttempt, store: Store, layout: Layout): Promise<Column[]> {
  const key = `${layout.roots.silver}${location}${partName(0)}`
  const head = await store.head(key)
  if (!head) throw new ObjectMissing(`${key} is gone`)
  return columnsOf(await readFooter({ ...head, read: range => store.get(key, { range, ifMatch: head.etag }) }))
}

/**
 * Puts the new log in place of what is left of the old one, and drops the caches that were made of it. Without version 0 no
 * run takes the log for a whole one, so that goes first and comes last.
 */
async function replaceLog(commits: readonly Commit[], { store, layout }: RebuildOptions): Promise<void> {
  if (commits.length === 0) return
  const old = new Set<string>()
  for await (const { key } of store.list(layout.log)) old.add(key)
  await store.delete(layout.commit(0))
  for (const commit of commits.slice(1).reverse()) {
    const key = layout.commit(commit.version)
    await store.put(key, encode(commit))
    old.delete(key)
  }
  for (const key of old) await store.delete(key)
  for await (const { key } of store.list(`${layout.roots.silver}${SPARK_METADATA}`)) await store.delete(key)
  for (const key of [layout.published, layout.sparkMetadata]) await store.delete(key)
  const [first] = commits
  if (!first || (await store.put(layout.commit(0), encode(first), { ifNoneMatch: '*' })).written) return
  throw new UsageError(
    `${layout.commit(0)} was written by an execution meanwhile: stop it, and the schedule, delete that entry and rebuild again`,
  )
}

function encode(commit: Commit): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(commit))
}
