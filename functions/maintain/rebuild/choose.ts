import { idTime } from '../../lake/ids.ts'
import { type BatchCommit, coveredBy } from '../../protocol/commit.ts'
import { type FoundAttempt, fileKey, idsIn, joinedBy, parkedBy, rowsOf, unparkedBy, wrote } from './attempts.ts'
import { byAttempt, byTurn, isPacked, isReplace, newestFirst, type Turn, turnOf, turnOfCommit } from './turn.ts'

/** What is known of attempts besides their own files. */
export interface Known {
  /** Commits that are left: they stay. */
  readonly left: readonly BatchCommit[]
  /** What has a location: the catalog, or a commit that is left. Readers have seen these. */
  readonly locations: ReadonlyMap<string, string>
  /** Whether anything is left that knows the present location of each batch: the catalog, or Spark's sink log. */
  readonly told: boolean
  /** Batches of which the catalog has a partition without rows. */
  readonly empty: ReadonlySet<string>
  /** The versions of attempts that were committed, as commits that are left, later plans or hints say. */
  readonly versions: ReadonlyMap<string, number>
  /** Attempts that may no longer be committed, as commits that are left say: some of their files may be gone. */
  readonly abandoned: ReadonlySet<string>
}

/** Which attempts a rebuilt log holds, including those that others replaced, and what was decided about the rest. */
export interface Choice {
  readonly chosen: readonly FoundAttempt[]
  /** Those that are known to have been committed. */
  readonly committed: ReadonlySet<FoundAttempt>
  /** One line per decision that was not obvious. */
  readonly decisions: readonly string[]
}

/**
 * Chooses attempts that can stand in one log: whole ones, no bronze file joined by two batches, no parked file taken in
 * by two or before it was parked. First those that were committed, as readers, commits, later plans or those who took
 * their parked rows in show. Then the others by age, the newest of each batch. Pure.
 */
export function chooseAttempts(attempts: readonly FoundAttempt[], known: Known): Choice {
  const choice = new Choosing(known)
  const whole = inOrder(
    attempts.filter(found => {
      const fault = known.abandoned.has(found.attempt) ? 'it was abandoned, because nobody finished it' : found.broken
      if (fault !== undefined) choice.decisions.push(`not taken: ${nameOf(found)}: ${fault}`)
      return fault === undefined
    }),
    known,
  )
  const committed = findCommitted(whole, known, new Set(attempts.map(({ attempt }) => attempt)))
  // what readers see counts more than what only a later plan mentions, which may have been abandoned
  const seen = [...committed].filter(each => known.locations.has(each.location))
  for (const each of inOrder(seen, known)) choice.considerCommitted(each)
  for (const each of whole) if (committed.has(each) && !seen.includes(each)) choice.considerCommitted(each)
  const others = newestFirst(whole.filter(other => !committed.has(other)))
  // what was packed holds no other rows than what it was packed from, so it counts where that is gone
  const wrote = others.filter(each => !isPacked(each))
  // a batch that others were packed into may have rows that a younger one parked
  const late = wrote.filter(each => !choice.consider(each, true))
  for (const each of late) choice.consider(each)
  for (const each of others) if (isPacked(each)) choice.consider(each)
  const left = new Set(known.left.map(({ location }) => location))
  for (const [location, source] of known.locations) {
    if (choice.chosen.some(attempt => attempt.location === location) || choice.hasPacked(location)) continue
    const stays = left.has(location) ? ': its commit stays, its rows are gone until the batch is written again' : ''
    choice.decisions.push(`missing: ${location}, which ${source} has, has no whole attempt${stays}`)
  }
  return { chosen: inOrder(choice.chosen, known), committed, decisions: choice.decisions }
}

/** The attempts that were committed, and those that parked what these took in. */
function findCommitted(
  whole: readonly FoundAttempt[],
  { left, locations, empty, versions }: Known,
  there: ReadonlySet<string>,
): ReadonlySet<FoundAttempt> {
  // a batch without rows is in the catalog only when it was written again: the newest attempt is the one it has
  const emptied = new Map(
    [...whole]
      .sort((a, b) => byTurn(turnOf(a), turnOf(b)))
      .flatMap(each => (empty.has(each.batch) && rowsOf(each) === 0 ? [[each.batch, each]] : [])),
  )
  const seen = new Set(
    whole.filter(each => {
      return locations.has(each.location) || versions.has(each.attempt) || emptied.get(each.batch) === each
    }),
  )
  const rewritten = new Set(left.flatMap(commit => (commit.operation === 'append' ? [] : coveredBy(commit))))
  const beginsAny = (batch: string) => whole.filter(each => each.batch === batch && !isReplace(each))
  for (const batch of rewritten) for (const first of beginsAny(batch)) seen.add(first)
  // vacuum removes the files of a commit when a newer one has taken its place
  for (const commit of left) {
    const newer = whole
      .filter(each => idsIn(each).includes(commit.batch) && byTurn(turnOfCommit(commit), turnOf(each)) < 0)
      .sort((a, b) => byTurn(turnOf(b), turnOf(a)))
    const [newest] = there.has(commit.attempt) || newer.some(each => seen.has(each)) ? [] : newer
    if (newest) seen.add(newest)
  }
  // the set grows while it is gone through, so that the parkers of parkers are found too
  for (const attempt of seen) {
    // a batch that was written again, or packed into another, had been committed before
    if (isReplace(attempt)) for (const first of idsIn(attempt).flatMap(beginsAny)) seen.add(first)
    for (const key of unparkedBy(attempt)) {
      const parkers = whole.filter(each => parkedBy(each).includes(key))
      const writer = parkers.find(each => wrote(each, key))
      if (!writer && parkers.some(each => seen.has(each))) continue
      const parker = writer ?? parkers.at(-1)
      if (parker) seen.add(parker)
    }
  }
  return seen
}

class Choosing {
  readonly chosen: FoundAttempt[] = []
  readonly decisions: string[] = []
  readonly #told: boolean
  /** The newest attempt of each batch. */
  readonly #batches = new Map<string, Turn>()
  /** The batch that has a bronze file, or the rows of a parked one. */
  readonly #bronze = new Map<string, string>()
  readonly #taken = new Map<string, string>()
  readonly #parked = new Set<string>()
  /** The batch that a batch was packed into. */
  readonly #holders = new Map<string, string>()

  constructor({ left, told }: Pick<Known, 'left' | 'told'>) {
    this.#told = told
    for (const commit of left) {
      const { bronze, unparked, parked, excluded } = commit
      this.#add(coveredBy(commit), turnOfCommit(commit), bronze.map(fileKey), unparked.map(fileKey), [
        ...parked.map(fileKey),
        ...excluded,
      ])
    }
  }

  /** Takes an attempt that was committed, unless another batch has the same files. */
  considerCommitted(found: FoundAttempt): void {
    if (this.#contradicted(found)) return
    const unknown = this.#unknownTo(found)
    if (unknown !== undefined) {
      this.decisions.push(
        `taken: ${nameOf(found)}, which readers have seen, took in ${unknown}, and the batch that parked it is gone: ` +
          'when its bronze files are joined again, these rows come twice',
      )
    }
    this.#take(found)
  }

  /** Whether the batch of a location was packed into another. */
  hasPacked(location: string): boolean {
    return this.#holders.has(/batch=([^/]+)/.exec(location)?.[1] ?? '')
  }

  /**
   * Takes an attempt that is not known to have been committed, where it contradicts nothing that was taken before.
   * False where it may wait for the attempt that parked what it took in.
   */
  consider(found: FoundAttempt, mayWait = false): boolean {
    const lacks = idsIn(found).some(id => !this.#batches.has(id))
    const holder = lacks ? undefined : this.#batches.get(found.batch)
    const replaces = isReplace(found) && !isPacked(found) && !this.#holders.has(found.batch)
    const newest = holder === undefined || (!this.#told && replaces && byTurn(holder, turnOf(found)) < 0)
    if (!newest) this.#refuse(found, `${holder.attempt} has the same files or batch`)
    if (!newest || this.#contradicted(found)) return true
    const unknown = this.#unknownTo(found)
    if (unknown !== undefined) {
      if (mayWait) return false
      this.#refuse(found, `it took in ${unknown}, which no attempt that was taken has parked`)
      return true
    }
    const why =
      holder === undefined
        ? 'nobody has registered it, and nothing contradicts it'
        : `it is newer than ${holder.attempt}, and nothing is left that says whether it was committed`
    this.decisions.push(`taken: ${nameOf(found)}: ${why}`)
    this.#take(found)
    return true
  }

  /** A parked file of which the attempt took the rows, and that nobody has parked: neither another nor what was packed into it. */
  #unknownTo(found: FoundAttempt): string | undefined {
    const own = new Set(parkedBy(found))
    return unparkedBy(found).find(key => !this.#parked.has(key) && !own.has(key))
  }

  /** Whether another batch has the same bronze files, or the rows of the same parked files. */
  #contradicted(found: FoundAttempt): boolean {
    const holders = [
      ...joinedBy(found).map(key => this.#bronze.get(key)),
      ...unparkedBy(found).map(key => this.#taken.get(key)),
    ]
    const own = new Set(idsIn(found).map(id => this.#holderOf(id)))
    const other = holders.find(batch => batch !== undefined && !own.has(this.#holderOf(batch)))
    if (other === undefined) return false
    this.#refuse(found, `${this.#batches.get(other)?.attempt} has the same files or batch`)
    return true
  }

  #refuse(found: FoundAttempt, reason: string): void {
    this.decisions.push(`not taken: ${nameOf(found)}: ${reason}`)
  }

  #holderOf(id: string): string {
    const seen = new Set<string>()
    let at = id
    for (let next = this.#holders.get(at); next !== undefined && !seen.has(next); next = this.#holders.get(at)) {
      seen.add(next)
      at = next
    }
    return at
  }

  #take(found: FoundAttempt): void {
    this.chosen.push(found)
    this.#add(idsIn(found), turnOf(found), joinedBy(found), unparkedBy(found), parkedBy(found))
  }

  #add(
    [batch = '', ...absorbs]: readonly string[],
    turn: Turn,
    joined: readonly string[],
    taken: readonly string[],
    parked: readonly string[],
  ): void {
    for (const id of [batch, ...absorbs]) {
      const holder = this.#batches.get(id)
      if (holder === undefined || byTurn(holder, turn) < 0) this.#batches.set(id, turn)
    }
    for (const id of absorbs) this.#holders.set(id, batch)
    for (const key of joined) this.#bronze.set(key, batch)
    for (const key of taken) this.#taken.set(key, batch)
    for (const key of parked) this.#parked.add(key)
  }
}

function nameOf({ attempt, batch }: FoundAttempt): string {
  return `${attempt} of batch ${batch}`
}

/** The order of the log: by age, but what parked rows comes before what took them in, and commits that are left as they were. */
function inOrder(attempts: readonly FoundAttempt[], { versions }: Known): FoundAttempt[] {
  const byAge = [...attempts].sort((a, b) => timeOf(a) - timeOf(b) || byAttempt(a, b))
  const left = byAge.filter(({ attempt }) => versions.has(attempt))
  left.sort((a, b) => Number(versions.get(a.attempt)) - Number(versions.get(b.attempt)))
  const before = new Map(left.map((attempt, i) => [attempt, left[i - 1]]))
  const parkers = new Map<string, FoundAttempt[]>()
  for (const attempt of byAge) {
    for (const key of parkedBy(attempt)) parkers.set(key, [...(parkers.get(key) ?? []), attempt])
  }
  const ordered = new Set<FoundAttempt>()
  const visiting = new Set<FoundAttempt>()
  const visit = (attempt: FoundAttempt): void => {
    if (visiting.has(attempt)) return
    visiting.add(attempt)
    for (const key of unparkedBy(attempt)) for (const parker of parkers.get(key) ?? []) visit(parker)
    const earlier = before.get(attempt)
    if (earlier) visit(earlier)
    ordered.add(attempt)
  }
  for (const attempt of byAge) visit(attempt)
  return [...ordered]
}

/** A batch that was written again keeps its place, because what it once parked may have been taken in since. */
function timeOf({ batch, results }: FoundAttempt): number {
  const [first] = results
  return first?.result.operation === 'append' ? Date.parse(first.result.plannedAt) : idTime(batch)
}
