import type { Layout } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import { checkLink, type Link, readEntry } from '../../log/entry.ts'
import { FoldedLog } from '../../log/fold.ts'
import { type Commit, coveredBy, type QuarantinedFile } from '../../protocol/commit.ts'
import { type CommitLine, lineOf } from '../../report/commit-line.ts'

/** Commits read at once. */
const CONCURRENCY = 32

/** A bronze file that is in quarantine as far as the log knows: no later commit has joined it. */
export interface QuarantineEntry extends QuarantinedFile {
  readonly batch: string
  readonly version: number
}

/**
 * The log as the console holds it: folded, with a line for each commit. It is read once from its beginning, because its
 * snapshots have no row counts, and then only what is new. Bronze files are too many to hold; those in quarantine are
 * held.
 */
export class LogIndex {
  readonly #store: Store
  readonly #layout: Layout
  #state = new FoldedLog()
  #lines: CommitLine[] = []
  #quarantined = new Map<string, QuarantineEntry>()
  #link: Link | undefined
  /** The etag of the last commit: another one there means that the log was rebuilt. */
  #etag: string | undefined
  #reading: Promise<boolean> | undefined

  constructor(store: Store, layout: Layout) {
    this.#store = store
    this.#layout = layout
  }

  get state(): FoldedLog {
    return this.#state
  }

  /** By version, from 0. */
  get lines(): readonly CommitLine[] {
    return this.#lines
  }

  /** By key. */
  get quarantined(): ReadonlyMap<string, QuarantineEntry> {
    return this.#quarantined
  }

  /** Reads what is new, and says whether anything was. Throws BrokenLog for a log that is not whole. */
  update(): Promise<boolean> {
    this.#reading ??= this.#update().finally(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #update(): Promise<boolean> {
    const before = this.#state.version
    const last = before < 0 ? undefined : await this.#store.head(this.#layout.commit(before))
    const isOther = before >= 0 && last?.etag !== this.#etag
    if (isOther) this.#begin()
    else if (!(await this.#store.head(this.#layout.commit(before + 1)))) return false
    for (;;) {
      const versions = Array.from({ length: CONCURRENCY }, (_, i) => this.#state.version + 1 + i)
      const entries = await Promise.all(versions.map(version => readEntry(this.#store, this.#layout, version)))
      for (const entry of entries) {
        if (!entry) break
        checkLink(this.#layout, entry, this.#link)
        this.#link = entry.link
        this.#apply(entry.commit)
      }
      if (entries.at(-1) === undefined) break
    }
    const { version } = this.#state
    this.#etag = version < 0 ? undefined : (await this.#store.head(this.#layout.commit(version)))?.etag
    return isOther || version !== before
  }

  #begin(): void {
    this.#state = new FoldedLog()
    this.#lines = []
    this.#quarantined = new Map()
    this.#link = undefined
  }

  #apply(commit: Commit): void {
    const covered = commit.operation === 'abandon' ? [] : coveredBy(commit)
    const before = covered.flatMap(id => this.#state.batches.get(id)?.version ?? [])
    const own = this.#state.batches.get(commit.batch)?.version ?? null
    this.#state.apply(commit)
    const line = lineOf(commit, own)
    for (const version of before) {
      const replaced = this.#lines[version]
      if (replaced) this.#lines[version] = { ...replaced, replacedBy: commit.version }
    }
    this.#lines.push(line)
    if (commit.operation === 'abandon') return
    for (const { key } of commit.bronze) this.#quarantined.delete(key)
    for (const file of commit.quarantined) {
      this.#quarantined.set(file.key, { ...file, batch: commit.batch, version: commit.version })
    }
  }
}
