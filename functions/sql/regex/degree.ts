/** The highest power of the text's length that a search may take. */
export const MAX_DEGREE = 4
/** Patterns with more loops are not looked at; their degree is that number. */
const MAX_LOOPS = 60

interface Automaton {
  /** The positions that follow each position. */
  readonly edges: readonly ReadonlyMap<number, number>[]
  /** All positions that can be reached from each. */
  readonly reach: readonly ReadonlySet<number>[]
  /** Whether two positions can take the same character. */
  readonly overlap: (a: number, b: number) => boolean
}

/**
 * How many loops of a pattern can share out one text between them, as the four of `.*a.*b.*c.*d`: a search can take
 * time that grows with that power of the text's length. Too high rather than too low.
 */
export function degree({ edges, reach, overlap }: Automaton): number {
  const loops = loopsOf(reach)
  if (loops.length > MAX_LOOPS) return loops.length
  const shares = (x: number, loop: readonly number[]) => loop.some(y => overlap(x, y))
  /** Whether some way from one loop to the other reads only what both of them could read. */
  const follows = (from: readonly number[], to: readonly number[]): boolean => {
    const seen = new Set(from)
    const queue = [...from]
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (const next of edges[at]?.keys() ?? []) {
        if (seen.has(next) || !shares(next, from) || !shares(next, to)) continue
        if (to.includes(next)) return true
        seen.add(next)
        queue.push(next)
      }
    }
    return false
  }
  const longest = new Map<readonly number[], number>()
  const chain = (loop: readonly number[]): number => {
    const known = longest.get(loop)
    if (known !== undefined) return known
    const later = loops.filter(other => other !== loop && reach[loop[0] ?? 0]?.has(other[0] ?? 0) === true)
    const length = 1 + Math.max(0, ...later.filter(other => follows(loop, other)).map(chain))
    longest.set(loop, length)
    return length
  }
  return Math.max(0, ...loops.map(chain))
}

/** Positions that lead to each other, group by group. */
function loopsOf(reach: readonly ReadonlySet<number>[]): number[][] {
  const loops: number[][] = []
  const taken = new Set<number>()
  for (const [position, reached] of reach.entries()) {
    if (taken.has(position) || !reached.has(position)) continue
    const loop = [...reached].filter(other => reach[other]?.has(position) === true)
    for (const other of loop) taken.add(other)
    loops.push(loop)
  }
  return loops
}
