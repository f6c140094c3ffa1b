import { idTime } from '../../functions/lake/ids.ts'
import { type FoundAttempt, joinedBy, parkedBy, rowsOf, unparkedBy, wrote } from './attempts.ts'

/** What is known of attempts beside their own files. */
export interface Known {
  /** Who has a location: the catalog, or a commit that is left. Readers have seen these. */
  readonly locations: ReadonlyMap<string, string>
  /** Batches of which the catalog has a partition without rows. */
  readonly empty: ReadonlySet<string>
  /** The versions of the attempts whose commits are left. */
  readonly versions: ReadonlyMap<string, number>
  /** Attempts that may not be committed any more, as commits that are left say: some of their files may be gone. */
  readonly abandoned: ReadonlySet<string>
}

/** Which attempts a rebuilt log holds, in the order of its versions, and what was decided about each of the others. */
export interface Choice {
  readonly chosen: readonly FoundAttempt[]
  /** One line per decision that was not plain. */
  readonly decisions: readonly string[]
}

/**
 * Chooses attempts that can stand in one log: whole ones, no two of one batch, no bronze file joined twice, no parked file
 * taken in twice or before it was parked. First those that readers have seen, with those that parked what they took in;
 * then the others by age, the newest attempt of each batch. Pure.
 */
export function chooseAttempts(attempts: readonly FoundAttempt[], known: Known): Choice {
  const choice = new Choosing()
  const whole = inOrder(
    attempts.filter(found => {
      const fault = known.abandoned.has(found.attempt) ? 'it was abandoned, because nobody finished it' : found.broken
      if (fault !== undefined) choice.decisions.push(`not taken: ${found.attempt} of batch ${found.batch}: ${fault}`)
      return fault === undefined
    }),
    known,
  )
  const seen = findSeen(whole, known)
  for (const attempt of whole) if (seen.has(attempt)) choice.consider(attempt, undefined)
  for (const attempt of newestFirst(whole.filter(each => !seen.has(each)))) {
    choice.consider(attempt, 'nobody has it registered, and nothing contradicts it')
  }
  for (const [location, source] of known.locations) {
    if (!choice.chosen.some(attempt => attempt.location === location))
      choice.decisions.push(`missing: ${location}, which ${source} has, has no whole attempt`)
  }
  return { chosen: inOrder(choice.chosen, known), decisions: choice.decisions }
}

/** The attempts that readers have seen, and those that parked what these took in. */
function findSeen(whole: readonly FoundAttempt[], { locations, empty }: Known): ReadonlySet<FoundAttempt> {
  // the catalog hears of a batch without rows only when it was written again: the newest attempt is the one it was told of
  const emptied = new Map(
    [...whole]
      .sort(byAttempt)
      .flatMap(each => (empty.has(each.batch) && rowsOf(each) === 0 ? [[each.batch, each]] : [])),
  )
  const seen = new Set(whole.filter(each => locations.has(each.location) || emptied.get(each.batch) === each))
  // the set grows while it is gone through, so that the parkers of parkers are found too
  for (const attempt of seen) {
    for (const key of unparkedBy(attempt)) {
      const parkers = whole.filter(each => parkedBy(each).includes(key))
      if (parkers.some(each => seen.has(each))) continue
      // readers have not seen that batch, so it never was written again: who wrote the parked file is the one
      const parker = parkers.find(each => wrote(each, key)) ?? parkers.at(-1)
      if (parker) seen.add(parker)
    }
  }
  return seen
}

/** Attempts in their order, but those of one batch together, the newest first. */
function newestFirst(attempts: readonly FoundAttempt[]): FoundAttempt[] {
  const batches = new Map<string, FoundAttempt[]>()
  for (const attempt of attempts) batches.set(attempt.batch, [...(batches.get(attempt.batch) ?? []), attempt])
  return [...batches.values()].flatMap(each => each.sort(byAttempt).reverse())
}

function byAttempt(a: FoundAttempt, b: FoundAttempt): number {
  return a.attempt < b.attempt ? -1 : 1
}

class Choosing {
  readonly chosen: FoundAttempt[] = []
  readonly decisions: string[] = []
  readonly #batches = new Map<string, string>()
  readonly #bronze = new Map<string, string>()
  readonly #taken = new Map<string, string>()
  readonly #parked = new Set<string>()

  /** Takes an attempt unless it contradicts what was taken before. `why` is undefined for one that readers have seen. */
  consider(found: FoundAttempt, why: string | undefined): void {
    const { attempt, batch } = found
    const joined = joinedBy(found)
    const taken = unparkedBy(found)
    const holder =
      this.#batches.get(batch) ??
      joined.map(key => this.#bronze.get(key)).find(each => each !== undefined) ??
      taken.map(key => this.#taken.get(key)).find(each => each !== undefined)
    const unknown = taken.find(key => !this.#parked.has(key))
    const name = `${attempt} of batch ${batch}`
    if (holder !== undefined) {
      this.decisions.push(`not taken: ${name}: ${holder} has the same files or batch`)
      return
    }
    if (unknown !== undefined && why !== undefined) {
      this.decisions.push(`not taken: ${name}: it took in ${unknown}, which no attempt that was taken has parked`)
      return
    }
    if (unknown !== undefined) {
      this.decisions.push(
        `taken: ${name}, which readers have seen, took in ${unknown}, and the batch that parked it is gone: ` +
          'when its bronze files are joined again, these rows come twice',
      )
    } else if (why !== undefined) this.decisions.push(`taken: ${name}: ${why}`)
    this.chosen.push(found)
    this.#batches.set(batch, attempt)
    for (const key of joined) this.#bronze.set(key, attempt)
    for (const key of taken) this.#taken.set(key, attempt)
    for (const key of parkedBy(found)) this.#parked.add(key)
  }
}

/** The order of the log: by age, but what parked rows comes before what took them in, and commits that are left as they were. */
function inOrder(attempts: readonly FoundAttempt[], { versions }: Known): FoundAttempt[] {
  const byAge = [...attempts].sort((a, b) => timeOf(a) - timeOf(b) || byAttempt(a, b))
  const left = byAge.filter(({ attempt }) => versions.has(attempt))
  left.sort((a, b) => Number(versions.get(a.attempt)) - Number(versions.get(b.attempt)))
  const before = new Map<FoundAttempt, FoundAttempt[]>(
    left.map((attempt, i) => [attempt, left.slice(Math.max(0, i - 1), i)]),
  )
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
    for (const earlier of before.get(attempt) ?? []) visit(earlier)
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
