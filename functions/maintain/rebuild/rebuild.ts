import { AthenaFailed, BrokenLog, BrokenSinkLog } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { UsageError } from '../../base/refusal.ts'
import { type ClaimContext, LakeClaim, REAL_TIME } from '../../lake/claim.ts'
import { clockTime, isAttemptId } from '../../lake/ids.ts'
import type { Layout } from '../../lake/layout.ts'
import { readSinkFiles } from '../../lake/read-spark-sink.ts'
import { SPARK_METADATA } from '../../lake/spark-sink.ts'
import type { Store } from '../../lake/store.ts'
import { checkLog } from '../../log/check.ts'
import { brokenLink, type Link, makeEntry } from '../../log/entry.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { Commit } from '../../protocol/commit.ts'
import type { Catalog } from '../../readers/athena/catalog.ts'
import { findVersionBehind } from '../../readers/delta/delta-log.ts'
import { type Published, REBUILDING, readPublished, UNPUBLISHED, writePublished } from '../../readers/published.ts'
import { readPosition } from '../../readers/spark-sink/spark-metadata.ts'
import { readWholeLog } from '../../readers/whole-log.ts'
import { arrange } from './arrange.ts'
import { type FoundAttempt, findAttempts, type SeenEnd } from './attempts.ts'
import { type Choice, chooseAttempts, type Known } from './choose.ts'
import { type Leftovers, readLeftovers } from './leftovers.ts'
import { makeCommits } from './make-commits.ts'

export interface RebuildOptions extends Omit<ClaimContext, 'execution'> {
  readonly codecs: Codecs
  readonly catalog: Catalog
  readonly dryRun: boolean
}

export interface Rebuilt {
  readonly commits: readonly Commit[]
  /** What was decided, and what could not be known. */
  readonly notes: readonly string[]
}

/**
 * Writes a lost log again from the silver files, whose footers hold their results. What the catalog has registered
 * counts first, then commits that are left of the old log, then what was published to Spark's readers. While the new
 * log is written, a hint that no log can meet keeps every run from working on it. Throws Refusal while an execution is
 * running, or when the log is whole.
 */
export async function rebuildLog(options: RebuildOptions): Promise<Rebuilt> {
  const { store, layout, dryRun } = options
  const holder = await new LakeClaim({ ...options, execution: 'rebuild' }).heldByOther()
  if (holder !== undefined) {
    const remedy = 'stop it, and the schedule, before the log is rebuilt'
    throw new UsageError(`execution ${holder} is running on this lake: ${remedy}`)
  }
  const published = await readPublished(store, layout)
  const left = await readLeftovers(store, layout, published.attempt === REBUILDING)
  const attempts = await findAttempts(store, layout)
  const told = await readTold(store, layout)
  const known = await findKnown(left, told.files, attempts, published, options)
  const choice = chooseAttempts(attempts, known)
  if (!missesOne(choice, known) && (await isWhole(left, options))) {
    throw new UsageError(`the log is whole (${left.commits.length} commits): there is nothing to rebuild`)
  }
  const made = await makeCommits(arrange(choice.chosen, left.commits, known.versions), left.commits, options)
  const notes = [...left.notes, ...told.notes, ...choice.decisions, ...made.notes]
  const isOther = await isOtherTable(made.commits, left, options)
  if (isOther && (await store.head(layout.deltaVersion(0)))) notes.push(NEW_TABLE)
  if (made.commits.length === 0) notes.push(`nothing lies under ${layout.roots.silver} that could be committed`)
  const commits = isOther ? markRebuilt(made.commits, options) : made.commits
  if (!dryRun) await replaceLog(commits, left, isOther, options)
  return { commits, notes }
}

/** Whether a version of the Delta log, written or to come, differs from what it was. */
async function isOtherTable(commits: readonly Commit[], left: Leftovers, { store, layout }: RebuildOptions) {
  const before = new Map(left.entries.map(({ commit }) => [commit.version, JSON.stringify(commit)]))
  const isSame = commits.every(commit => before.get(commit.version) === JSON.stringify(commit))
  return !isSame || (await findVersionBehind(store, layout, commits.length - 1)) !== undefined
}

const NEW_TABLE =
  'the next run writes the Delta log again, under a new table id: streams over it must start with a new checkpoint, ' +
  'and version numbers that were noted must be looked up again'

/** Notes the rebuild in the last commit that wrote rows: from there on, the Delta table is another. */
function markRebuilt(commits: readonly Commit[], { patience = REAL_TIME }: RebuildOptions): readonly Commit[] {
  const last = commits.findLastIndex(({ operation }) => operation === 'append' || operation === 'replace')
  const rebuilt = clockTime(patience.now())
  return commits.map((commit, i) => (i === last ? { ...commit, rebuilt } : commit))
}

/** Whether a commit is lost: others know of it, or nobody is left who would know. */
function missesOne({ chosen, committed }: Choice, { left, told }: Known): boolean {
  const there = new Set(left.map(({ location }) => location))
  return chosen.some(found => !there.has(found.location) && (!told || committed.has(found)))
}

/** A log without gaps may still have lost its end, or contradict itself. */
async function isWhole(left: Leftovers, { store, layout }: RebuildOptions): Promise<boolean> {
  if (left.commits.length === 0 || left.notes.length > 0 || (await checkLog(store, layout)).length > 0) return false
  return (await orUndefined(readWholeLog(store, layout), BrokenLog)) !== undefined
}

async function findKnown(
  left: Leftovers,
  told: ReadonlyMap<string, string>,
  attempts: readonly FoundAttempt[],
  published: Published,
  { store, layout, catalog }: RebuildOptions,
): Promise<Known> {
  const registered = await askCatalog(() => catalog.locations(), new Map<string, string>())
  const batches = await askCatalog(() => catalog.batches(), new Set<string>())
  const committed = new Map<string, string>()
  for (const commit of left.commits) {
    if (commit.operation === 'abandon') continue
    committed.set(commit.batch, commit.location)
    for (const id of commit.absorbs ?? []) committed.delete(id)
  }
  // a location that is known anywhere was committed; the newest of a batch is the one in force
  const locations = new Map([
    ...[...told.values()].map(location => [location, "the log of Spark's sink"] as const),
    ...[...committed.values()].map(location => [location, 'a commit that is left'] as const),
    ...[...registered.values()].map(location => [location, 'the catalog'] as const),
  ])
  // the catalog has a batch without rows only when it was written again: then its first commit is not in force
  const rewritten = new Set(left.commits.filter(({ operation }) => operation === 'replace').map(({ batch }) => batch))
  const ends = [published, await readPosition(store, layout)].filter(({ attempt }) => isAttemptId(attempt))
  return {
    left: left.commits.flatMap(commit => (commit.operation === 'abandon' ? [] : [commit])),
    locations,
    told: batches.size + told.size > 0,
    empty: new Set([...batches].filter(batch => !registered.has(batch) && !told.has(batch) && !rewritten.has(batch))),
    versions: versionsOf(left.commits, [...ends, ...attempts.toReversed().flatMap(({ seen }) => seen ?? [])]),
    abandoned: new Set(left.commits.flatMap(({ operation, attempt }) => (operation === 'abandon' ? [attempt] : []))),
  }
}

/** The versions of commits: of those that are left, then of those that others saw, the newest first. */
function versionsOf(left: readonly Commit[], seen: readonly SeenEnd[]): ReadonlyMap<string, number> {
  const versions = new Map(left.map(({ attempt, version }) => [attempt, version]))
  const known = new Set(versions.values())
  for (const { attempt, version } of seen) {
    if (version < 0 || versions.has(attempt) || known.has(version)) continue
    versions.set(attempt, version)
    known.add(version)
  }
  return versions
}

/** Where the batches that Spark's readers see lie: their log names the newest location of each. */
async function readTold(store: Store, layout: Layout) {
  const files = new Map<string, string>()
  try {
    for (const { path } of (await readSinkFiles(store, layout.roots.silver)) ?? []) {
      const location = path.slice(path.indexOf('ingest_date='), path.lastIndexOf('/') + 1)
      files.set(/\/batch=([^/]+)\//.exec(location)?.[1] ?? '', location)
    }
    return { files, notes: [] }
  } catch (error) {
    if (!(error instanceof BrokenSinkLog)) throw error
    const where = `the log of Spark's sink under ${layout.roots.silver}`
    return { files, notes: [`skipped: ${where}: it is not whole, and will be written again`] }
  }
}

/** Asks the catalog; its table may be lost as well. */
async function askCatalog<T>(ask: () => Promise<T>, nothing: T): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    // Athena has no error code for it: a query says TABLE_NOT_FOUND, a statement "Table not found"
    if (error instanceof AthenaFailed && /table[ _]not[ _]found/i.test(error.message)) return nothing
    throw error
  }
}

/**
 * Puts the new log in place of what is left of the old one, and drops the caches and hints that were made of it. Commits
 * that are as they were, with all before them, are left alone.
 */
async function replaceLog(
  commits: readonly Commit[],
  left: Leftovers,
  isOther: boolean,
  { store, layout }: RebuildOptions,
): Promise<void> {
  await writePublished(store, layout, { ...UNPUBLISHED, version: 0, attempt: REBUILDING })
  const old = new Set<string>()
  for await (const { key } of store.list(layout.log)) old.add(key)
  let before: Link | undefined
  for (const commit of commits) {
    const key = layout.commit(commit.version)
    const there = left.entries.find(({ commit: { version } }) => version === commit.version)
    const stays =
      there && JSON.stringify(there.commit) === JSON.stringify(commit) && brokenLink(there, before) === undefined
    const entry = stays ? there : await makeEntry(commit, before)
    if (!stays) await store.put(key, entry.bytes)
    before = entry.link
    old.delete(key)
  }
  for (const key of old) await store.delete(key)
  for await (const { key } of store.list(`${layout.roots.silver}${SPARK_METADATA}`)) await store.delete(key)
  if (isOther) for await (const { key } of store.list(layout.deltaLog)) await store.delete(key)
  for (const key of [layout.sparkMetadata, layout.published]) await store.delete(key)
}
