import { compareKeys } from '../lake/keys.ts'
import { type Layout, parseLogKey } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import type { Commit } from '../protocol/commit.ts'
import { type BronzeEntry, bronzeEntries, checkSettled } from './bronze-entries.ts'
import { checkLink, needEntry, readEntry } from './entry.ts'
import { FoldedLog, type Log } from './fold.ts'
import { type LogSnapshot, openLogSnapshot } from './snapshot.ts'

/** Commits read at once. */
const CONCURRENCY = 16

/**
 * Reads the log: the newest intact snapshot and the commits after it. A snapshot that is missing, cut or from another log is
 * skipped for an older one, in the end for the whole log. With `batches: false` the state lacks the batches of the snapshot,
 * which are most of it: a run that only adds a batch does not need them. `near` is a version that the log is known to have
 * reached, -1 for none: its end is found from there.
 */
export async function readLog(
  store: Store,
  layout: Layout,
  { batches = true, near = -1 }: { readonly batches?: boolean; readonly near?: number } = {},
): Promise<Log> {
  const { versions, snapshots, whole } = await findNewest(store, layout, near)
  for (const candidate of snapshots) {
    const snapshot = await openLogSnapshot(store, layout, candidate, batches)
    if (snapshot) return foldTail(store, layout, versions, snapshot)
  }
  const all = whole ? versions : (await listLog(store, layout, -1)).versions
  return foldTail(store, layout, all, undefined)
}

/** One commit, or undefined if the log has not got that far. Throws BrokenLog for what is not a whole commit. */
export async function readCommit(store: Store, layout: Layout, version: number): Promise<Commit | undefined> {
  return (await readEntry(store, layout, version))?.commit
}

/** One commit of a log that has got that far. Throws BrokenLog if it is missing or not a whole commit. */
export async function needCommit(store: Store, layout: Layout, version: number): Promise<Commit> {
  return (await needEntry(store, layout, version)).commit
}

async function foldTail(store: Store, layout: Layout, versions: number[], snapshot?: LogSnapshot): Promise<Log> {
  const state = snapshot?.state ?? new FoldedLog()
  const settled = new Map<string, BronzeEntry>()
  const tail = versions.filter(version => version > state.version)
  const snapshotVersion = snapshot ? state.version : -1
  let before = snapshot?.link
  const holderOf = (batch: string) => state.holderOf(batch)
  for (let at = 0; at < tail.length; at += CONCURRENCY) {
    const some = tail.slice(at, at + CONCURRENCY)
    const entries = await Promise.all(some.map(version => needEntry(store, layout, version)))
    for (const [i, entry] of entries.entries()) {
      if (some[i] !== state.version + 1) await needEntry(store, layout, state.version + 1)
      checkLink(layout, entry, before)
      before = entry.link
      state.apply(entry.commit)
      for (const file of bronzeEntries(entry.commit)) {
        checkSettled(settled.get(file.key), file, holderOf)
        settled.set(file.key, file)
      }
    }
  }
  const newer = [...settled.values()].sort((a, b) => compareKeys(a.key, b.key))
  return { state, snapshot: snapshotVersion, bronze: () => merge(snapshot?.bronze() ?? nothing(), newer, holderOf) }
}

async function* nothing(): AsyncIterable<BronzeEntry> {}

/** Merges the snapshot's entries with newer ones, which win; both are in the order of keys. Throws BrokenLog like checkSettled. */
export async function* merge(
  older: AsyncIterable<BronzeEntry>,
  newer: readonly BronzeEntry[],
  holderOf: (batch: string) => string = batch => batch,
): AsyncIterable<BronzeEntry> {
  let next = 0
  for await (const entry of older) {
    for (let head = newer[next]; head && compareKeys(head.key, entry.key) < 0; head = newer[++next]) yield head
    const head = newer[next]
    if (head?.key !== entry.key) yield entry
    else checkSettled(entry, head, holderOf)
  }
  yield* newer.slice(next)
}

interface Listing {
  /** Ascending. */
  readonly versions: number[]
  /** Newest first. */
  readonly snapshots: { readonly version: number; readonly sha256: string }[]
  /** Whether the log was listed from its beginning. */
  readonly whole: boolean
}

async function listLog(store: Store, layout: Layout, after: number): Promise<Listing> {
  const versions: number[] = []
  const snapshots: Listing['snapshots'] = []
  const options = after < 0 ? {} : { startAfter: layout.commit(after) }
  for await (const { key } of store.list(layout.log, options)) {
    const entry = parseLogKey(key)
    if (entry?.snapshot !== undefined) snapshots.unshift({ version: entry.version, sha256: entry.snapshot })
    else if (entry) versions.push(entry.version)
  }
  return { versions, snapshots, whole: after < 0 }
}

/** The newest snapshots are at most this many versions before the end. */
const NEAR = 250

/**
 * Lists the end of the log without listing all of it. A version near the end is known, or found by halving, since versions
 * have no gaps; the newest snapshots are some dozens of versions before the end.
 */
async function findNewest(store: Store, layout: Layout, near: number): Promise<Listing> {
  const low = near < 0 ? await findNearEnd(store, layout) : near
  for (let back = NEAR; ; back *= 4) {
    const listing = await listLog(store, layout, low - back)
    if (listing.snapshots.length > 0 || listing.whole) return listing
  }
}

/** A version of the log that is at most NEAR from its end; -1 for a shorter log. */
async function findNearEnd(store: Store, layout: Layout): Promise<number> {
  let low = -1
  let high = NEAR
  while (await exists(store, layout, high)) {
    low = high
    high *= 2
  }
  while (high - low > NEAR + 1) {
    const middle = (low + high) >> 1
    if (await exists(store, layout, middle)) low = middle
    else high = middle
  }
  return low
}

async function exists(store: Store, layout: Layout, version: number): Promise<boolean> {
  return (await store.head(layout.commit(version))) !== undefined
}
