import { idTime } from '../../lake/ids.ts'
import type { BatchCommit, Commit } from '../../protocol/commit.ts'
import { absorbedIn, type FoundAttempt, type SeenEnd, unparkedBy, wrote } from './attempts.ts'

/**
 * A commit as a rebuilt log will have it: one that is left, one of an attempt that was found, or one of which nothing
 * is left but that it was there: the first of a batch that was written again (`leavesOut` names what it parked), or an
 * abandon.
 */
export type LogSlot =
  | { readonly kind: 'left'; readonly commit: Commit }
  | { readonly kind: 'found'; readonly found: FoundAttempt }
  | {
      readonly kind: 'first'
      readonly attempt: string
      readonly of: FoundAttempt | BatchCommit
      readonly leavesOut: readonly string[]
    }
  | { readonly kind: 'lost'; readonly attempt: string }

interface Node {
  readonly place: Exclude<LogSlot, { readonly kind: 'lost' }>
  readonly batch: string
  readonly attempt: string
  readonly seen: number
  /** The batches that were packed into its batch: all of theirs comes before. */
  readonly absorbs: readonly string[]
  readonly takes: readonly string[]
  readonly parks: (key: string) => boolean
  readonly leavesOut: readonly string[]
}

/**
 * Gives each commit its version: the one that it had, where that is known, else a free one after what it must follow: the
 * end of the log that its plan saw, those that parked what it takes in, and its batch's earlier commits. What replaced
 * another and finds no version before it is left out. Pure.
 */
export function arrange(
  chosen: readonly FoundAttempt[],
  left: readonly Commit[],
  versions: ReadonlyMap<string, number>,
): LogSlot[] {
  const nodes = [...left.map(leftNode), ...foundNodes(chosen, left)]
  const names = new Map([...versions].map(([attempt, version]) => [version, attempt]))
  const firsts = firstNodes(nodes, [...names.values()])
  return fill(new Arranging([...firsts, ...nodes], versions).slots, names)
}

/** Versions without gaps; where nothing is left of one, it was of no batch that is known. */
function fill(slots: ReadonlyMap<number, Node>, names: ReadonlyMap<number, string>): LogSlot[] {
  const end = Math.max(-1, ...slots.keys())
  return Array.from({ length: end + 1 }, (_, version): LogSlot => {
    return slots.get(version)?.place ?? { kind: 'lost', attempt: names.get(version) ?? `lost-${version}` }
  })
}

class Arranging {
  readonly slots = new Map<number, Node>()
  readonly #nodes: readonly Node[]
  readonly #batches: ReadonlyMap<string, readonly Node[]>
  readonly #placed = new Map<Node, number>()
  readonly #visiting = new Set<Node>()

  constructor(nodes: readonly Node[], versions: ReadonlyMap<string, number>) {
    this.#nodes = [...nodes].sort((a, b) => timeOf(a) - timeOf(b) || (a.attempt < b.attempt ? -1 : 1))
    this.#batches = byBatch(nodes)
    for (const isLeft of [true, false]) {
      for (const node of this.#nodes) {
        const { place, attempt } = node
        if ((place.kind === 'left') !== isLeft) continue
        const version = place.kind === 'left' ? place.commit.version : versions.get(attempt)
        if (version !== undefined && !this.slots.has(version)) this.#put(node, version)
      }
    }
    for (const node of this.#nodes) this.#visit(node)
  }

  #put(node: Node, version: number): void {
    this.slots.set(version, node)
    this.#placed.set(node, version)
  }

  #visit(node: Node): void {
    if (this.#placed.has(node) || this.#visiting.has(node)) return
    this.#visiting.add(node)
    const mates = this.#batches.get(node.batch) ?? []
    const before = [
      ...mates.slice(0, mates.indexOf(node)),
      ...node.absorbs.flatMap(id => this.#batches.get(id) ?? []),
      ...node.takes.flatMap(key => this.#parkerOf(key) ?? []),
    ]
    for (const each of before) this.#visit(each)
    let version = Math.max(node.seen, ...before.map(each => this.#placed.get(each) ?? -1)) + 1
    while (this.slots.has(version)) version++
    const after = [
      ...mates.slice(mates.indexOf(node) + 1),
      ...this.#nodes.filter(({ absorbs }) => absorbs.includes(node.batch)),
    ]
    const later = after.map(each => this.#placed.get(each) ?? Number.POSITIVE_INFINITY)
    if (version < Math.min(Number.POSITIVE_INFINITY, ...later)) this.#put(node, version)
  }

  #parkerOf(key: string): Node | undefined {
    return this.#nodes.find(({ parks }) => parks(key)) ?? this.#nodes.find(({ leavesOut }) => leavesOut.includes(key))
  }
}

/** The commits of each batch in their order: each replace saw the one before it; where that is not known, by their names. */
function byBatch(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const batches = Map.groupBy(nodes, ({ batch }) => batch)
  for (const mates of batches.values()) {
    const known = mates.every(node => rank(node) < 2 || node.seen >= 0)
    mates.sort(
      (a, b) =>
        rank(a) - rank(b) ||
        a.absorbs.length - b.absorbs.length ||
        (known ? a.seen - b.seen : 0) ||
        (a.attempt < b.attempt ? -1 : 1),
    )
  }
  return batches
}

function rank({ place }: Node): number {
  return place.kind === 'first' ? 0 : isReplace(place) ? 2 : 1
}

function isReplace(place: Node['place']): boolean {
  if (place.kind === 'left') return place.commit.operation === 'replace' || place.commit.operation === 'compact'
  return place.kind === 'found' && place.found.results[0]?.result.operation !== 'append'
}

/** When a commit was planned, as far as it says. */
function timeOf({ place, attempt, batch }: Node): number {
  if (place.kind === 'left') return Date.parse(place.commit.committedAt)
  const planned = place.kind === 'found' ? place.found.results[0]?.result.plannedAt : undefined
  return planned === undefined ? idTime(place.kind === 'first' ? batch : attempt) : Date.parse(planned)
}

function leftNode(commit: Commit): Node {
  const { batch, attempt, version } = commit
  const shared = { place: { kind: 'left', commit } as const, batch, attempt, seen: version - 1, absorbs: [] }
  if (commit.operation === 'abandon') return { ...shared, batch: '', takes: [], parks: () => false, leavesOut: [] }
  const { absorbs = [] } = commit
  const parked = new Set(commit.parked.map(({ key }) => key))
  const takes = commit.unparked.map(({ key }) => key)
  return { ...shared, absorbs, takes, parks: key => parked.has(key), leavesOut: commit.excluded }
}

function foundNodes(chosen: readonly FoundAttempt[], left: readonly Commit[]): Node[] {
  const known = new Set(left.map(({ attempt }) => attempt))
  return chosen
    .filter(({ attempt }) => !known.has(attempt))
    .map(found => ({
      place: { kind: 'found', found },
      batch: found.batch,
      attempt: found.attempt,
      seen: found.seen?.version ?? -1,
      absorbs: absorbedIn(found),
      takes: unparkedBy(found),
      parks: key => wrote(found, key),
      leavesOut: found.results.flatMap(({ result }) => result.excluded),
    }))
}

/**
 * The first commits of batches that are known by later attempts alone: it is gone, and its files may have been removed.
 * An attempt that begins a batch has a name that begins with the batch's.
 */
function firstNodes(nodes: readonly Node[], names: readonly SeenEnd['attempt'][]): Node[] {
  return [...byBatch(nodes)].flatMap(([batch, mates]): Node[] => {
    const [next] = mates
    const of = next && isReplace(next.place) ? sourceOf(next.place) : undefined
    if (!of) return []
    const attempt = names.find(name => name.startsWith(batch)) ?? `${batch}00000000`
    const leavesOut = [...new Set(mates.flatMap(mate => mate.leavesOut))]
    const place = { kind: 'first', attempt, of, leavesOut } as const
    return [{ place, batch, attempt, seen: -1, absorbs: [], takes: [], parks: () => false, leavesOut }]
  })
}

function sourceOf(place: Node['place']): FoundAttempt | BatchCommit | undefined {
  if (place.kind === 'found') return place.found
  return place.kind === 'left' && place.commit.operation !== 'abandon' ? place.commit : undefined
}
