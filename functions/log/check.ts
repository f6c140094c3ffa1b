import { BrokenLog } from '../base/errors.ts'
import { type Layout, parseLogKey } from '../lake/layout.ts'
import type { Store } from '../lake/store.ts'
import { type BronzeEntry, bronzeEntries, checkSettled } from './bronze-entries.ts'
import { brokenLink, type Entry, needEntry, REMEDY } from './entry.ts'
import { FoldedLog } from './fold.ts'

/** Commits read at once. */
const CONCURRENCY = 16

/**
 * Walks through the whole log, also before its snapshots, and says what is wrong with it, one line each: commits that are
 * missing, altered, from another log, or that no run can have written. Empty for a log that is whole.
 */
export async function checkLog(store: Store, layout: Layout): Promise<string[]> {
  const checking = new Checking(layout)
  const last = await lastVersion(store, layout)
  for (let at = 0; at <= last; at += CONCURRENCY) {
    const versions = Array.from({ length: Math.min(CONCURRENCY, last + 1 - at) }, (_, i) => at + i)
    const entries = await Promise.all(versions.map(version => readOrReason(store, layout, version)))
    for (const [i, entry] of entries.entries()) checking.add(at + i, entry)
  }
  return checking.faults
}

class Checking {
  readonly faults: string[] = []
  readonly #layout: Layout
  readonly #state = new FoldedLog()
  readonly #settled = new Map<string, BronzeEntry>()
  /** The entry before, or the reason why there is none. */
  #before: Entry | string | undefined

  constructor(layout: Layout) {
    this.#layout = layout
  }

  add(version: number, entry: Entry | string): void {
    const before = this.#before
    this.#before = entry
    if (typeof entry === 'string') {
      this.faults.push(entry)
      return
    }
    const reason = typeof before === 'string' ? undefined : brokenLink(entry, before?.link)
    if (reason !== undefined) this.faults.push(`${this.#layout.commit(version)}: ${reason}: ${REMEDY}`)
    if (this.faults.length === 0) this.#fold(entry)
  }

  /** Checks what a commit means with the others, which is only known as long as none is missing. */
  #fold({ commit }: Entry): void {
    try {
      this.#state.apply(commit)
      for (const file of bronzeEntries(commit)) {
        checkSettled(this.#settled.get(file.key), file, id => this.#state.holderOf(id))
        this.#settled.set(file.key, file)
      }
    } catch (error) {
      if (!(error instanceof BrokenLog)) throw error
      this.faults.push(error.message)
    }
  }
}

async function readOrReason(store: Store, layout: Layout, version: number): Promise<Entry | string> {
  try {
    return await needEntry(store, layout, version)
  } catch (error) {
    if (error instanceof BrokenLog) return error.message
    throw error
  }
}

async function lastVersion(store: Store, layout: Layout): Promise<number> {
  let last = -1
  for await (const { key } of store.list(layout.log)) last = Math.max(last, parseLogKey(key)?.version ?? -1)
  return last
}
