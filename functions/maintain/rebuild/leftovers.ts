import { BrokenLog } from '../../base/errors.ts'
import { type Layout, parseLogKey } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import { brokenLink, type Entry, parseEntry } from '../../log/entry.ts'
import type { Commit } from '../../protocol/commit.ts'

/** What is left of a log. */
export interface Leftovers {
  /** By version. */
  readonly entries: readonly Entry[]
  readonly commits: readonly Commit[]
  /** What was skipped. */
  readonly notes: readonly string[]
}

/**
 * Reads the commits that are left of a log. One that was altered is skipped, and so is one that the commits beside it
 * do not know; after a rebuild that was cut off (`cut`), they need not know each other.
 */
export async function readLeftovers(store: Store, layout: Layout, cut: boolean): Promise<Leftovers> {
  const read = new Map<number, Entry>()
  const notes: string[] = []
  let sealed = false
  for await (const { key } of store.list(layout.log)) {
    const entry = parseLogKey(key)
    if (!entry || entry.snapshot !== undefined) continue
    try {
      const found = await parseEntry(await store.get(key), entry.version, key)
      if (sealed && !found.link.sealed) notes.push(`skipped: ${key} has no checksum, as those before it have`)
      else read.set(entry.version, found)
      sealed ||= found.link.sealed
    } catch (error) {
      if (!(error instanceof BrokenLog)) throw error
      notes.push(`skipped: ${error.message}`)
    }
  }
  const attempts = new Set<string>()
  const entries = [...read].flatMap(([version, entry]) => {
    const stray = !cut && isStray(version, read)
    if (stray) notes.push(`skipped: ${layout.commit(version)} is not the one that the commits beside it know`)
    if (stray || attempts.has(entry.commit.attempt)) return []
    attempts.add(entry.commit.attempt)
    return [entry]
  })
  return { entries, commits: entries.map(({ commit }) => commit), notes }
}

/** Whether a neighbour contradicts an entry, and none confirms it. */
function isStray(version: number, entries: ReadonlyMap<number, Entry>): boolean {
  const [before, entry, after] = [version - 1, version, version + 1].map(each => entries.get(each))
  if (!entry) return false
  const follows = before && entry.link.sealed ? brokenLink(entry, before.link) === undefined : undefined
  const followed = after?.link.sealed ? brokenLink(after, entry.link) === undefined : undefined
  return (follows === false || followed === false) && follows !== true && followed !== true
}
