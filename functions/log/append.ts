import { StoreUnavailable } from '../base/errors.ts'
import type { Layout } from '../lake/layout.ts'
import type { PutOutcome, Store } from '../lake/store.ts'
import type { AbandonCommit, BatchCommit, Commit } from '../protocol/commit.ts'
import { evolve, spelledAs } from '../sql/schema/evolve.ts'
import type { Column } from '../sql/types.ts'
import { conflictWith } from './conflict.ts'
import { checkLink, type Entry, type Link, makeEntry, readEntry } from './entry.ts'

/** A batch that wants to be committed; the log gives it its version and the table's schema. */
export interface BatchDraft extends Omit<BatchCommit, 'version' | 'schema' | 'previous' | 'sha256'> {
  /** The columns that the query writes. */
  readonly output: readonly Column[]
}

export type CommitOutcome =
  | { readonly outcome: 'committed'; readonly commit: BatchCommit }
  | { readonly outcome: 'conflict'; readonly version: number; readonly reason: string }

/** How often a put whose answer was lost is tried. */
const TRIES = 4

/**
 * Commits a batch: puts it as the next version of the log if that is free. The put is the only moment at which the batch
 * becomes true. If the version is taken, it is read: it is this attempt's own commit (made by an earlier invocation, or by a
 * put whose answer was lost), or a conflict, or disjoint, and then the next version is tried.
 *
 * `seen` is the last version that the plan knew, with its attempt and the table's columns at that time; `reading` is its
 * entry, if that is being read already.
 */
export async function commitBatch(
  store: Store,
  layout: Layout,
  draft: BatchDraft,
  seen: { readonly version: number; readonly attempt: string; readonly schema: readonly Column[] },
  reading: Promise<Entry | undefined> = entryAt(store, layout, seen.version),
): Promise<CommitOutcome> {
  const { output, ...rest } = draft
  const last = await reading
  if (seen.version >= 0 && last?.commit.attempt !== seen.attempt) {
    return { outcome: 'conflict', version: seen.version, reason: 'the log was rebuilt since the batch was planned' }
  }
  let table = seen.schema
  let { query } = rest
  let before = last?.link
  for (let version = seen.version + 1; ; version++) {
    const evolution = evolve(table, output)
    if (!evolution.fits) return { outcome: 'conflict', version: version - 1, reason: evolution.reason }
    const respelled = spelledAs(table, output).find(({ name }, i) => name !== output[i]?.name)
    if (respelled) {
      const reason = `column ${respelled.name} is spelled otherwise by the batch than in silver.reviews`
      return { outcome: 'conflict', version: version - 1, reason }
    }
    const mine = await makeEntry<BatchCommit>({ ...rest, query, version, schema: evolution.schema }, before)
    const entry = await putVersion(store, layout, mine, before)
    if (!entry) return { outcome: 'committed', commit: mine.commit }
    const other = entry.commit
    before = entry.link
    if (other.operation !== 'abandon') {
      if (other.attempt === rest.attempt) return { outcome: 'committed', commit: other }
      table = other.schema
      if (rest.operation === 'compact') query = { ...query, comment: other.query.comment }
    }
    const reason = conflictWith(mine.commit, other)
    if (reason !== undefined) return { outcome: 'conflict', version, reason }
  }
}

/**
 * Commits that an attempt may never be committed; does nothing if it was committed or abandoned after version `seen`. Returns
 * the commit that settles the attempt.
 */
export async function commitAbandon(
  store: Store,
  layout: Layout,
  draft: Omit<AbandonCommit, 'version' | 'previous' | 'sha256'>,
  seen: number,
): Promise<Commit> {
  let before = (await entryAt(store, layout, seen))?.link
  for (let version = seen + 1; ; version++) {
    const mine = await makeEntry<AbandonCommit>({ ...draft, version }, before)
    const other = await putVersion(store, layout, mine, before)
    if (!other) return mine.commit
    if (other.commit.attempt === draft.attempt) return other.commit
    before = other.link
  }
}

/** The entry at a version; undefined before the first, and if the log has not got that far. */
export async function entryAt(store: Store, layout: Layout, version: number): Promise<Entry | undefined> {
  return version < 0 ? undefined : readEntry(store, layout, version)
}

/** Puts a commit at its version. Returns undefined if it is written, otherwise the entry that is there. */
async function putVersion(
  store: Store,
  layout: Layout,
  { commit, bytes }: Entry,
  before: Link | undefined,
): Promise<Entry | undefined> {
  for (let attempt = 1; ; attempt++) {
    let outcome: PutOutcome | undefined
    try {
      outcome = await store.put(layout.commit(commit.version), bytes, { ifNoneMatch: '*' })
    } catch (error) {
      // unknown whether it was written: the log knows
      if (!(error instanceof StoreUnavailable) || attempt === TRIES) throw error
    }
    if (outcome?.written) return undefined
    const there = await readEntry(store, layout, commit.version)
    if (!there) continue
    checkLink(layout, there, before)
    return there
  }
}
