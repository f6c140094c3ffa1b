import { printClass } from './classes.ts'
import type { CharacterClass, Regex } from './syntax.ts'

/**
 * Whether a backtracking engine can take exponential time: a loop through which the same text leads by two ways, as in
 * `(a+)+` or `(a|a)*`. Found in the position automaton (Glushkov): two different ways from a position back to it over
 * characters that both take (Weber and Seidl's criterion EDA). Counted repetitions are taken as unbounded, so
 * `(a?){30}` is found too; those of a few turns as what they stand for: `(a+){3}` is `a+a+a+`, which takes no more than
 * cubic time.
 */
export function isExponential(regex: Regex): boolean {
  return (hasTwoWays(regex) && hasTwoWays(writtenOut(regex, MAX_TURNS))) || inside(regex).some(isExponential)
}

/** A counted repetition of up to so many turns, those of the repetitions around it multiplied, is written out. */
const MAX_TURNS = 4

function writtenOut(regex: Regex, turns: number): Regex {
  switch (regex.kind) {
    case 'sequence':
      return { ...regex, items: regex.items.map(item => writtenOut(item, turns)) }
    case 'choice':
      return { ...regex, options: regex.options.map(option => writtenOut(option, turns)) }
    case 'group':
      return { ...regex, body: writtenOut(regex.body, turns) }
    case 'repeat': {
      const { min, max, lazy } = regex
      if (max > turns) return { ...regex, body: writtenOut(regex.body, max === Infinity ? turns : 1) }
      const body = writtenOut(regex.body, Math.floor(turns / Math.max(max, 1)))
      const turn = (i: number): Regex => (i < min ? body : { kind: 'repeat', body, min: 0, max: 1, lazy })
      return { kind: 'sequence', items: Array.from({ length: max }, (_, i) => turn(i)) }
    }
    default:
      return regex
  }
}

/** The bodies of lookaheads and lookbehinds, which are matched on their own. */
function inside(regex: Regex): Regex[] {
  switch (regex.kind) {
    case 'look':
      return [regex.body]
    case 'sequence':
      return regex.items.flatMap(inside)
    case 'choice':
      return regex.options.flatMap(inside)
    case 'group':
    case 'repeat':
      return inside(regex.body)
    default:
      return []
  }
}

interface Ends {
  readonly nullable: boolean
  readonly first: readonly number[]
  readonly last: readonly number[]
}

const EMPTY: Ends = { nullable: true, first: [], last: [] }

/**
 * The most characters and classes of a pattern that are looked at; longer ones are taken as dangerous if they have
 * nested loops.
 */
const MAX_POSITIONS = 400

class Automaton {
  readonly classes: CharacterClass[] = []
  /** How many ways lead from one position to the next. */
  readonly edges: Map<number, number>[] = []

  add(regex: Regex): Ends {
    switch (regex.kind) {
      case 'class': {
        this.edges.push(new Map())
        const position = this.classes.push(regex) - 1
        return { nullable: false, first: [position], last: [position] }
      }
      case 'sequence':
        return regex.items.map(item => this.add(item)).reduce((left, right) => this.#concat(left, right), EMPTY)
      case 'choice': {
        const options = regex.options.map(option => this.add(option))
        return {
          nullable: options.some(option => option.nullable),
          first: options.flatMap(option => option.first),
          last: options.flatMap(option => option.last),
        }
      }
      case 'group':
        return this.add(regex.body)
      case 'repeat': {
        const body = this.add(regex.body)
        if (regex.max > 1) this.#connect(body.last, body.first)
        // `(a?){30}`: which of the turns are empty is a choice of its own.
        if (regex.max > 1 && regex.max < Infinity && body.nullable) this.#connect(body.last, body.first)
        return { ...body, nullable: body.nullable || regex.min === 0 }
      }
      default:
        return EMPTY
    }
  }

  #concat(left: Ends, right: Ends): Ends {
    this.#connect(left.last, right.first)
    return {
      nullable: left.nullable && right.nullable,
      first: left.nullable ? [...left.first, ...right.first] : left.first,
      last: right.nullable ? [...left.last, ...right.last] : right.last,
    }
  }

  #connect(from: readonly number[], to: readonly number[]): void {
    for (const a of from) for (const b of to) this.edges[a]?.set(b, (this.edges[a]?.get(b) ?? 0) + 1)
  }
}

function hasTwoWays(regex: Regex): boolean {
  const automaton = new Automaton()
  automaton.add(regex)
  const { edges, classes } = automaton
  const loop = edges.map((_, position) => reachable(edges, position))
  const inLoop = (a: number, b: number) => loop[a]?.has(b) === true && loop[b]?.has(a) === true
  if (classes.length > MAX_POSITIONS) return edges.some((_, position) => inLoop(position, position))
  if (edges.some((next, a) => [...next].some(([b, ways]) => ways > 1 && inLoop(a, b)))) return true
  return twoPaths(edges, overlaps(classes), inLoop)
}

function reachable(edges: readonly Map<number, number>[], from: number): Set<number> {
  const found = new Set<number>()
  const queue = [from]
  for (let position = queue.pop(); position !== undefined; position = queue.pop()) {
    for (const next of edges[position]?.keys() ?? []) {
      if (found.has(next)) continue
      found.add(next)
      queue.push(next)
    }
  }
  return found
}

/** Whether two positions can part from one, read the same characters, and meet again in the same loop. */
function twoPaths(
  edges: readonly Map<number, number>[],
  overlap: (a: number, b: number) => boolean,
  inLoop: (a: number, b: number) => boolean,
): boolean {
  const size = edges.length
  const after = (pair: number): number[] => {
    const [a, b] = [Math.floor(pair / size), pair % size]
    const pairs: number[] = []
    for (const x of edges[a]?.keys() ?? []) {
      if (!inLoop(a, x)) continue
      for (const y of edges[b]?.keys() ?? []) if (inLoop(b, y) && overlap(x, y)) pairs.push(x * size + y)
    }
    return pairs
  }
  const isSame = (pair: number) => Math.floor(pair / size) === pair % size
  const parted = new Set<number>()
  const queue = edges.flatMap((_, position) => after(position * size + position).filter(pair => !isSame(pair)))
  for (let pair = queue.pop(); pair !== undefined; pair = queue.pop()) {
    if (parted.has(pair)) continue
    parted.add(pair)
    for (const next of after(pair)) {
      if (isSame(next)) return true
      queue.push(next)
    }
  }
  return false
}

/** Whether two classes share a character, by trying the ends of all ranges and a sample of Unicode. */
function overlaps(classes: readonly CharacterClass[]): (a: number, b: number) => boolean {
  const samples = new Set<number>()
  for (let code = 0; code < 0x250; code++) samples.add(code)
  for (let code = 0x250; code < 0x20000; code += 0x3d) samples.add(code)
  for (const { ranges } of classes)
    for (const [from, to] of ranges)
      samples
        .add(from)
        .add(to)
        .add(Math.min(to + 1, 0x10ffff))
  const characters = [...samples].map(code => String.fromCodePoint(code))
  const known = new Map<string, boolean[]>()
  const members = classes.map(set => {
    const source = printClass(set)
    const pattern = new RegExp(`^${source}$`, 'u')
    const found = known.get(source) ?? characters.map(character => pattern.test(character))
    known.set(source, found)
    return found
  })
  const cache = new Map<number, boolean>()
  return (a, b) => {
    const key = Math.min(a, b) * classes.length + Math.max(a, b)
    const cached = cache.get(key)
    if (cached !== undefined) return cached
    const shared = members[a]?.some((member, i) => member && members[b]?.[i] === true) ?? true
    cache.set(key, shared)
    return shared
  }
}
