import { compareKeys, isData, isHidden } from '../../lake/keys.ts'
import { inOrder } from '../../lake/ordered.ts'
import type { ObjectInfo, ObjectVersion, Store } from '../../lake/store.ts'
import { isSameVersion } from '../../lake/versions.ts'
import type { BronzeEntry } from '../../log/bronze-entries.ts'
import type { ExecutionInput } from '../../protocol/input.ts'
import type { BronzeInput } from '../../protocol/plan.ts'

export interface Caps {
  /** The most bronze files and bytes in one batch; at least one file is always taken. */
  readonly maxFilesPerBatch: number
  readonly maxBytesPerBatch: number
}

/** What a listing of bronze adds to the log. */
export interface Candidates {
  /** The files to take now, in the order of keys. */
  readonly files: readonly BronzeInput[]
  /** New files that wait for the next batch, because this one is full. */
  readonly waiting: number
  /** All new files, their bytes, and the time the oldest was written (ISO 8601). */
  readonly backlog: { readonly files: number; readonly bytes: number; readonly oldest: string | undefined }
  /** Settled files whose content has changed, with their batch. They are left alone; `reprocess` takes them. */
  readonly changed: readonly ChangedFile[]
  readonly changedCount: number
  /** Objects below the root that are not hidden but not data either, because they are not named `.parquet`. */
  readonly ignored: number
  /** The first of them. */
  readonly ignoredKeys: readonly string[]
  /** The last key before the first file that waits: a listing that begins after it finds all of them. null for no key. */
  readonly next: string | null
  /** Parquet files that the log of Spark's sink does not have: left-overs of failed tasks. */
  readonly uncommitted: number
}

export interface ChangedFile extends ObjectVersion {
  readonly batch: string
}

/** How many changed files are named where they are not asked for; all are counted. */
const NAMED = 100
/** How many ignored objects are named. */
const IGNORED = 3

/**
 * Compares bronze with the log, both in the order of keys, in one pass that holds neither: takes the files that the log
 * has not settled, up to the caps. A quarantined file counts as new when its etag has changed, or when asked for.
 */
export async function findCandidates(options: {
  /** Tells whether two etags mean one version. */
  readonly store: Pick<Store, 'isSame'>
  readonly listing: AsyncIterable<ObjectInfo>
  readonly settled: AsyncIterable<BronzeEntry>
  readonly root: string
  /** Whether the log of Spark's sink has a file; null where there is no such log. */
  readonly isCommitted: ((key: string) => boolean) | null
  readonly input: ExecutionInput
  /** ISO 8601: files written before are left alone. */
  readonly since: string | null
  readonly caps: Caps
  /** Whether to list no further than the first file that waits, when the backlog is known from an earlier pass. */
  readonly briefly: boolean
}): Promise<Candidates> {
  const { store, listing, root, isCommitted, input, since, caps, briefly } = options
  const settled = new Cursor(options.settled)
  const files: BronzeInput[] = []
  const changed: ChangedFile[] = []
  const named = input.reprocess ? Number.POSITIVE_INFINITY : NAMED
  let changedCount = 0
  const ignoredKeys: string[] = []
  let ignored = 0
  let uncommitted = 0
  let taken = 0
  let next: string | null = null
  let last: string | null = null
  const backlog = { files: 0, bytes: 0, oldest: undefined as string | undefined }
  for await (const { key, etag, size, modified } of inOrder(listing)) {
    const waits = backlog.files > files.length
    if (waits && briefly) break
    if (!waits) next = last
    last = key
    if (!isData(key, root)) {
      if (key.endsWith('/') || isHidden(key, root)) continue
      if (++ignored <= IGNORED) ignoredKeys.push(key)
      continue
    }
    if (isCommitted && !isCommitted(key)) {
      uncommitted++
      continue
    }
    const entry = await settled.seek(key)
    const written = new Date(modified).toISOString()
    const same = entry !== undefined && (await isSameVersion(store, key, entry.etag, etag))
    if (entry && !(entry.reason !== undefined && (input.quarantined || !same))) {
      if (same) continue
      changedCount++
      if (changed.length < named) changed.push({ key, etag, batch: entry.batch })
      continue
    }
    if ((since !== null && written < since) || !isWanted(written, entry, input)) continue
    backlog.files++
    backlog.bytes += size
    if (backlog.oldest === undefined || written < backlog.oldest) backlog.oldest = written
    const full = files.length >= caps.maxFilesPerBatch || taken + size > caps.maxBytesPerBatch
    if (full && files.length > 0) continue
    files.push({ key, etag, size, modified: written })
    taken += size
  }
  await settled.close()
  const waiting = backlog.files - files.length
  if (waiting === 0) next = last
  return { files, waiting, backlog, changed, changedCount, ignored, ignoredKeys, uncommitted, next }
}

function isWanted(written: string, entry: BronzeEntry | undefined, input: ExecutionInput): boolean {
  if (input.quarantined && !entry) return false
  if (input.modifiedFrom !== undefined && written < input.modifiedFrom) return false
  return input.modifiedTo === undefined || written < input.modifiedTo
}

/** Walks through entries in the order of keys, beside another walk in the same order. */
class Cursor {
  readonly #entries: AsyncIterator<BronzeEntry>
  #current: IteratorResult<BronzeEntry> | undefined

  constructor(entries: AsyncIterable<BronzeEntry>) {
    this.#entries = entries[Symbol.asyncIterator]()
  }

  /** The entry of a key, or undefined. Keys must come in ascending order. */
  async seek(key: string): Promise<BronzeEntry | undefined> {
    this.#current ??= await this.#entries.next()
    while (!this.#current.done && compareKeys(this.#current.value.key, key) < 0) {
      this.#current = await this.#entries.next()
    }
    return !this.#current.done && this.#current.value.key === key ? this.#current.value : undefined
  }

  async close(): Promise<void> {
    await this.#entries.return?.(undefined)
  }
}
