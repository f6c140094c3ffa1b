import { BrokenLog } from '../base/errors.ts'
import { versionName } from '../lake/keys.ts'
import { parkerOf } from '../lake/layout.ts'
import type { ObjectVersion } from '../lake/store.ts'
import {
  type BatchCommit,
  type Commit,
  coveredBy,
  type ParkedFile,
  type RuleCount,
  type SupersededFile,
  settledKeys,
} from '../protocol/commit.ts'
import type { Column } from '../sql/types.ts'
import { absorbedBy, type BatchState, supersededIn } from './batch-state.ts'
import type { BronzeEntry } from './bronze-entries.ts'

export interface SupersededVersion extends SupersededFile {
  /** The version of the commit that replaced it. */
  readonly version: number
}

/** What waits: a parked file and the batch that parked it. */
export interface ParkedState extends ParkedFile {
  readonly batch: string
}

/** The meaning of the log up to a version: all but the bronze files, which are too many to hold. */
export class FoldedLog {
  /** The last version folded in; -1 for an empty log. */
  version = -1
  /** The attempt of the last commit: it distinguishes this log from another of the same length. */
  attempt = ''
  /** The last commit; undefined for an empty log. */
  newest: Commit | undefined
  schema: readonly Column[] = []
  /** The table's comment: that of the last query. */
  comment = ''
  /** The snapshots of the dimensions of the last commit that had any. */
  snapshots: readonly string[] = []
  /** The columns that bronze has been read with so far. */
  reviews: readonly Column[] = []
  readonly batches = new Map<string, BatchState>()
  readonly parked = new Map<string, ParkedState>()
  readonly abandoned = new Set<string>()
  /** Bronze versions that a replace put others in the place of. */
  superseded: readonly SupersededVersion[] = []
  /** Bronze files, with their etags, one of which killed the worker that had them all: they are joined one by one. */
  readonly suspects = new Map<string, string>()
  /** The batch that has the rows of a parked file that no longer waits, as far as the batches are known. */
  readonly #taken = new Map<string, string>()
  /** For each batch that no longer exists, the one it was packed into, as far as the batches are known. */
  readonly #holders = new Map<string, string>()

  /** Restores a batch from a snapshot. */
  restore(batch: BatchState): void {
    this.batches.set(batch.batch, batch)
    for (const { key } of batch.unparked) this.#taken.set(key, batch.batch)
    for (const each of batch.absorbed ?? []) this.#holders.set(each.batch, batch.batch)
  }

  /** The batch that has the rows that a batch brought: another one, if that was packed into it. */
  holderOf(id: string): string {
    let at = id
    for (let next = this.#holders.get(at); next !== undefined; next = this.#holders.get(at)) at = next
    return at
  }

  /** The batch that has the rows that a batch brought; undefined for one that the log does not have. */
  batchOf(id: string): BatchState | undefined {
    return this.batches.get(this.holderOf(id))
  }

  /** The version of a batch's first commit, even if it has been packed into another since. */
  sinceOf(id: string): number | undefined {
    return this.#known(id)?.since
  }

  /** The commit that gave a batch the location that it had before a version; undefined if it had none then. */
  locatedBefore(id: string, version: number): number | undefined {
    const known = this.#known(id)
    if (!known) return undefined
    const versions = [known.since, ...known.superseded.map(each => each.version)]
    const isGone = this.#holders.has(id) && version > Math.max(...versions)
    return isGone ? undefined : versions.filter(each => each < version).sort((a, b) => b - a)[0]
  }

  #known(id: string): Pick<BatchState, 'since' | 'superseded'> | undefined {
    const holder = this.batchOf(id)
    return holder?.batch === id ? holder : holder?.absorbed?.find(({ batch }) => batch === id)
  }

  /** The attempts that the log knows as committed, with the version that replaced them, if one did. */
  attempts(): ReadonlyMap<string, number | undefined> {
    return new Map(
      [...this.batches.values()].flatMap(batch => [
        ...supersededIn(batch).map(({ attempt, version }) => [attempt, version] as const),
        [batch.attempt, undefined] as const,
      ]),
    )
  }

  /** The attempt of the commit at a version, if the fold still knows it: the newest, and those of current batches. */
  attemptAt(version: number): string | undefined {
    if (version === this.version) return this.attempt
    return [...this.batches.values()].find(batch => batch.version === version)?.attempt
  }

  /**
   * Folds the next commit in. Pure except for this object: the same commits give the same state. Throws BrokenLog for one that
   * no run can have written after the others; the state is then unchanged.
   */
  apply(commit: Commit): void {
    if (commit.version !== this.version + 1) {
      throw new BrokenLog(`version ${commit.version} of the log stands after ${this.version}: npx silversmith rebuild`)
    }
    if (commit.operation !== 'abandon') this.check(commit)
    this.version = commit.version
    this.attempt = commit.attempt
    this.newest = commit
    if (commit.operation === 'abandon') this.abandoned.add(commit.attempt)
    else this.#applyBatch(commit)
  }

  /** Throws BrokenLog for a batch that no run can have written after the others, as far as can be seen. */
  check(commit: BatchCommit): void {
    this.#refuseAbsorbed(commit)
    this.#refuseTaken(commit)
  }

  /** The batch that has the rows of a parked file, if it no longer waits. */
  takenBy(key: string): string | undefined {
    return this.#taken.get(key)
  }

  /** The rows of a batch that was packed into another belong to that one forever: otherwise they would be there twice. */
  #refuseAbsorbed(commit: BatchCommit): void {
    const { version, batch } = commit
    const named = new Set(coveredBy(commit))
    const gone = [...named].find(id => !named.has(this.holderOf(id)) || (id === batch && this.#holders.has(id)))
    const left = this.batches.get(batch)?.absorbed?.find(each => !named.has(each.batch))?.batch
    if (gone === undefined && left === undefined) return
    throw new BrokenLog(
      gone === undefined
        ? `version ${version} of the log leaves out batch ${left}, which batch ${batch} has absorbed before: npx silversmith rebuild`
        : `version ${version} of the log has rows of batch ${gone}, which batch ${this.holderOf(gone)} has absorbed before: ` +
            'npx silversmith rebuild',
    )
  }

  /** Rows that went into a batch never wait again, and go into no other: otherwise they would be there twice. */
  #refuseTaken(commit: BatchCommit): void {
    const { version, batch, parked, unparked } = commit
    const own = new Set(coveredBy(commit))
    const taken = new Set(unparked.map(({ key }) => key))
    const waits = parked.find(({ key }) => this.#taken.has(key) || taken.has(key))
    const other = unparked.find(({ key }) => !own.has(this.holderOf(this.#taken.get(key) ?? batch)))
    const key = (waits ?? other)?.key
    if (key === undefined) return
    const what = waits ? 'lets wait' : 'takes in'
    throw new BrokenLog(
      `version ${version} of the log ${what} parked file ${key}, whose rows batch ${this.#taken.get(key) ?? batch} has taken in ` +
        'before: npx silversmith rebuild',
    )
  }

  #applyBatch(commit: BatchCommit): void {
    const before = this.batches.get(commit.batch)
    const { others, lost } = this.#absorb(commit)
    const absorbed = absorbedBy(before, others, lost, commit.version)
    const location = before ? [{ attempt: before.attempt, location: before.location, version: commit.version }] : []
    const named = [...commit.excluded, ...commit.parked.map(({ key }) => key)]
    const own = named.filter(key => this.holderOf(parkerOf(key)) === commit.batch)
    const parkedBefore = [...(before ? [before] : []), ...others].flatMap(batch => batch.everParked)
    const everParked = new Set([...parkedBefore, ...own])
    this.schema = commit.schema
    this.#applyQuery(commit)
    // a version of which nothing was parked need not be remembered
    const versions = commit.superseded.filter(({ parked }) => parked.length > 0)
    if (versions.length > 0)
      this.superseded = [...this.superseded, ...versions.map(old => ({ ...old, version: commit.version }))]
    this.batches.set(commit.batch, {
      batch: commit.batch,
      ingestDate: commit.ingestDate,
      attempt: commit.attempt,
      location: commit.location,
      version: commit.version,
      since: before?.since ?? commit.version,
      committedAt: commit.committedAt,
      ...(commit.writtenBy && { writtenBy: commit.writtenBy }),
      ...(commit.writers && { writers: commit.writers }),
      silver: commit.silver,
      query: commit.query.sha256,
      everParked: [...everParked].filter(key => !commit.reclaimed.includes(key)),
      unparked: commit.unparked,
      ...(commit.rejected && { rejected: commit.rejected }),
      ...(commit.rules && { rules: commit.rules }),
      superseded: [...(before?.superseded ?? []), ...location],
      ...(absorbed.length > 0 && { absorbed }),
    })
    for (const key of [...commit.unparked.map(file => file.key), ...commit.reclaimed]) {
      this.parked.delete(key)
      this.#taken.set(key, commit.batch)
    }
    // what waited before and goes on waiting still belongs to its batch
    for (const file of commit.parked) this.parked.set(file.key, { ...file, batch: this.holderOf(parkerOf(file.key)) })
    for (const key of settledKeys(commit)) this.suspects.delete(key)
    for (const { key, etag, died } of commit.deferred) if (died && !this.parked.has(key)) this.suspects.set(key, etag)
    if (commit.superseded.length > 0) this.#dropVoid(commit.superseded)
  }

  /** Removes the batches that a commit absorbs: returns them, oldest first, and those that a rebuilt log has lost. */
  #absorb({ batch, absorbs = [] }: BatchCommit): { readonly others: BatchState[]; readonly lost: string[] } {
    const fresh = new Set(absorbs.filter(id => id !== batch && !this.#holders.has(id)))
    const others = [...fresh].flatMap(id => this.batches.get(id) ?? []).sort((a, b) => a.since - b.since)
    const lost = [...fresh].filter(id => !this.batches.has(id))
    for (const id of fresh) {
      this.batches.delete(id)
      this.#holders.set(id, batch)
    }
    if (fresh.size > 0) {
      for (const [key, file] of this.parked) if (fresh.has(file.batch)) this.parked.set(key, { ...file, batch })
    }
    return { others, lost }
  }

  /** What the newest query says about the table; packed files come from an old one. */
  #applyQuery({ operation, query, customers, dimensions = [], reviews }: BatchCommit): void {
    this.comment = query.comment
    if (operation === 'compact') {
      this.reviews = [...this.reviews, ...missingIn(this.reviews, reviews)]
      return
    }
    const joined = [...(customers ? [customers] : []), ...dimensions]
    if (joined.length > 0) this.snapshots = joined.map(({ snapshot }) => snapshot)
    this.reviews = [...reviews, ...missingIn(reviews, this.reviews)]
  }

  /** Drops parked files of which no row counts any longer: they wait for nothing. */
  #dropVoid(superseded: readonly SupersededFile[]): void {
    const isVoid = voidIn(superseded)
    for (const { key, bronze } of [...this.parked.values()]) {
      if (bronze.every(version => isVoid(key, version))) this.parked.delete(key)
    }
  }
}

/** Says whether the rows of a bronze version in a parked file are void, because another version has replaced it. */
export function voidIn(superseded: readonly SupersededFile[]): (parked: string, version: ObjectVersion) => boolean {
  const pairs = new Set(
    superseded.flatMap(version => version.parked.map(key => JSON.stringify([key, versionName(version)]))),
  )
  return (parked, version) => pairs.has(JSON.stringify([parked, versionName(version)]))
}

function missingIn(columns: readonly Column[], known: readonly Column[]): Column[] {
  const names = new Set(columns.map(({ name }) => name.toLowerCase()))
  return known.filter(({ name }) => !names.has(name.toLowerCase()))
}

/** The log as of one moment. */
export interface Log {
  readonly state: FoldedLog
  /** The version of the snapshot it was read from, -1 if from the beginning. */
  readonly snapshot: number
  /** Every settled bronze file, in the order of keys; streamed, because there may be millions. */
  bronze(): AsyncIterable<BronzeEntry>
}

/** The rows that wait as of a log. */
export function parkedIn({ parked }: FoldedLog): { readonly rows: number; readonly oldest: string | null } {
  const files = [...parked.values()]
  const [oldest = null] = files.map(({ since }) => since).sort()
  return { rows: files.reduce((sum, { rows }) => sum + rows, 0), oldest }
}

/** The rules that batches were written with, and how often rows of all current batches break them. */
export function rulesIn({ batches }: FoldedLog): RuleCount[] {
  const counts = new Map<string, RuleCount>()
  for (const { rules = [] } of batches.values()) {
    for (const rule of rules) {
      const { violated = 0 } = counts.get(JSON.stringify([rule.name, rule.action])) ?? {}
      counts.set(JSON.stringify([rule.name, rule.action]), { ...rule, violated: violated + rule.violated })
    }
  }
  return [...counts.values()]
}
