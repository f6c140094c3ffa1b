import { mapConcurrently } from '../../base/concurrently.ts'
import { BrokenDelta, ObjectMissing } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import type { Lake } from '../../lake/lake.ts'
import { type Layout, parseDeltaKey } from '../../lake/layout.ts'
import type { Store } from '../../lake/store.ts'
import type { FoldedLog } from '../../log/fold.ts'
import { needCommit } from '../../log/read.ts'
import { type Commit, coveredBy } from '../../protocol/commit.ts'
import { lostLog } from '../published.ts'
import type { Reader, TellOptions, Told } from '../reader.ts'
import { type BatchFiles, type DeltaHead, makeVersion, parseVersion } from './delta-version.ts'

export interface DeltaDependencies extends Lake {
  /** Versions written in one call, 500 by default: some twenty seconds on S3. */
  readonly slice?: number
}

const SLICE = 500
/** Versions between two checkpoints: a reader opens at most this many JSON files, and LOOK_EVERY more. */
const CHECKPOINT_EVERY = 100
/** Versions after which the end of the log is listed. */
const LOOK_EVERY = 10
/** Commits read at once. */
const CONCURRENCY = 32
/** How far back the list begins: one request. */
const LOOK_BACK = 900

/**
 * The readers of Delta Lake, whose log lies beside the silver files. Version N describes commit N; its own end says how
 * far it has come. With news, that costs a read and a put, without news one read; every tenth version, and with a
 * check, the log's end is listed, what is missing is put again, and a checkpoint is written where one is due.
 */
export function deltaTable(dependencies: DeltaDependencies): Reader {
  const tell = (options: TellOptions) => tellDelta(dependencies, options)
  return { name: 'Delta', open: async () => ({ version: undefined, tell }) }
}

async function tellDelta(dependencies: DeltaDependencies, { log: state, check, news }: TellOptions): Promise<Told> {
  const { store, layout, slice = SLICE } = dependencies
  if (state.version < 0) return { complete: true }
  const telling = new Telling(store, layout, state)
  const before = await telling.findHead(news)
  const from = before?.version ?? -1
  const end = Math.min(state.version, from + slice)
  let head = before
  for (let version = from + 1; version <= end; version++) head = await telling.tell(version, head)
  const complete = end === state.version
  const told = end > from
  const isDue = Math.floor(from / LOOK_EVERY) < Math.floor(end / LOOK_EVERY) || (check && !told)
  if (complete && head && isDue) await telling.look(head)
  return { complete }
}

class Telling {
  readonly #store: Store
  readonly #layout: Layout
  readonly #state: FoldedLog

  constructor(store: Store, layout: Layout, state: FoldedLog) {
    this.#store = store
    this.#layout = layout
    this.#state = state
  }

  /** The last version written, of those that the log has; undefined for none. With `news` it is expected to be the last but one. */
  async findHead(news: boolean): Promise<DeltaHead | undefined> {
    const { version: last } = this.#state
    for (const version of news ? [last - 1] : [last, last - 1]) {
      const head = version < 0 ? undefined : await this.#readHead(version)
      if (head) return head
    }
    // versions have no gaps
    let [low, high] = [-1, last + 1]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (await this.#store.head(this.#layout.deltaVersion(middle))) low = middle
      else high = middle
    }
    return low < 0 ? undefined : this.#readHead(low)
  }

  /** Puts a version, or finds it put, and returns what the next one needs. */
  async tell(version: number, before: DeltaHead | undefined): Promise<DeltaHead> {
    const commit = await this.#commit(version)
    const { bytes, head } = await makeVersion(commit, before, await this.#replaced(commit))
    const { written } = await this.#store.put(this.#layout.deltaVersion(version), bytes, { ifNoneMatch: '*' })
    // another run may have been faster, and of another version of this code
    return (written ? undefined : await this.#readHead(version)) ?? head
  }

  /** Lists the end of the Delta log, and puts what is missing of it again, and a checkpoint where one is due. */
  async look(head: DeltaHead): Promise<void> {
    const first = Math.max(0, head.version - LOOK_BACK)
    const there = new Set<number>()
    let checkpoint = -1
    let hasHint = false
    const options = first === 0 ? {} : { startAfter: this.#layout.deltaVersion(first - 1) }
    for await (const { key } of this.#store.list(this.#layout.deltaLog, options)) {
      if (key === this.#layout.deltaLastCheckpoint) hasHint = true
      const found = parseDeltaKey(key)
      if (found?.kind === 'json') there.add(found.version)
      else if (found && found.version <= head.version) checkpoint = Math.max(checkpoint, found.version)
    }
    for (let version = first; version < head.version; version++) {
      if (!there.has(version)) await this.#tellMissing(version)
    }
    const isDue = head.version - Math.max(0, checkpoint) >= CHECKPOINT_EVERY || (checkpoint >= 0 && !hasHint)
    if (!isDue) return
    const { makeCheckpoint } = await import('./delta-checkpoint.ts') // with a Parquet writer, which few commands need
    const { parquet, last } = makeCheckpoint(this.#state, head)
    await this.#store.put(this.#layout.deltaCheckpoint(head.version), parquet)
    await this.#store.put(this.#layout.deltaLastCheckpoint, last)
  }

  async #tellMissing(version: number): Promise<DeltaHead> {
    const before =
      version === 0 ? undefined : ((await this.#readHead(version - 1)) ?? (await this.#tellMissing(version - 1)))
    return this.tell(version, before)
  }

  async #commit(version: number): Promise<Commit> {
    const { newest } = this.#state
    return newest?.version === version ? newest : needCommit(this.#store, this.#layout, version)
  }

  /** The batch as it was before a commit of it, with those that the commit absorbs. */
  async #replaced(commit: Commit): Promise<BatchFiles[]> {
    if (commit.operation === 'abandon') return []
    const versions = coveredBy(commit).flatMap(id => this.#state.locatedBefore(id, commit.version) ?? [])
    const before = await mapConcurrently(versions, CONCURRENCY, version => this.#commit(version))
    return before.flatMap(each => (each.operation === 'abandon' ? [] : [each]))
  }

  /** A version that is there, checked against the log; undefined where it is missing. Throws BrokenLog and BrokenDelta. */
  async #readHead(version: number): Promise<DeltaHead | undefined> {
    const key = this.#layout.deltaVersion(version)
    const bytes = await orUndefined(this.#store.get(key), ObjectMissing)
    if (!bytes) return undefined
    const head = parseVersion(bytes, version)
    if (!head) {
      throw new BrokenDelta(
        `${key} is damaged, or not written by Silversmith: remove it, and the next run writes it again as it was`,
      )
    }
    if ((await this.#attempt(version)) !== head.attempt)
      throw lostLog(this.#layout, `its version ${version} is not the one that ${key} describes`)
    return head
  }

  /** The attempt of a commit, which is usually known without reading it. */
  async #attempt(version: number): Promise<string> {
    return this.#state.attemptAt(version) ?? (await this.#commit(version)).attempt
  }
}

/** The last version of a log that the Delta log has; undefined for none. Throws BrokenLog and BrokenDelta. */
export async function findDeltaEnd(store: Store, layout: Layout, log: FoldedLog): Promise<DeltaHead | undefined> {
  return log.version < 0 ? undefined : new Telling(store, layout, log).findHead(false)
}

/** What the Delta log has of a commit after the end of a log; undefined for nothing. */
export async function findVersionBehind(store: Store, layout: Layout, end: number): Promise<string | undefined> {
  const key = layout.deltaVersion(end + 1)
  return (await store.head(key)) ? key : undefined
}
