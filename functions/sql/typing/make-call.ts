import { evaluator } from '../evaluate.ts'
import type { Expr } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import type { SqlType } from '../types.ts'

/** An expression that has grown too large; whoever knows the place in the text turns it into an InvalidQuery. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge'
}

/**
 * The most nodes and levels of one expression. Names that stand for expressions (WITH, aliases) can double it with
 * every use, so it is counted where it grows, not where it is written.
 */
const MAX_NODES = 20_000
const MAX_HEIGHT = 600

interface Size {
  readonly nodes: number
  readonly height: number
}

const sizes = new WeakMap<Expr, Size>()
const LEAF: Size = { nodes: 1, height: 1 }

/** A call node. One whose arguments are all constant is computed now and becomes a literal. Throws TooLarge. */
export function makeCall(name: string, args: readonly Expr[], type: SqlType): Expr {
  let nodes = 1
  let height = 0
  for (const arg of args) {
    const size = sizes.get(arg.op === 'lambda' ? arg.body : arg) ?? LEAF
    nodes += size.nodes
    height = Math.max(height, size.height)
  }
  if (nodes > MAX_NODES || height >= MAX_HEIGHT) throw new TooLarge()
  const call: Expr = { op: 'call', name, args, type }
  sizes.set(call, { nodes, height: height + 1 })
  const isConstant = args.length > 0 || name === 'array' || name === 'map'
  return isConstant && args.every(arg => arg.op === 'literal') ? fold(call) : call
}

const folded = new WeakSet<Expr>()

/** Whether a literal stands for a computed constant: its type is that of the computation, not just its digits. */
export function isFolded(expr: Expr): boolean {
  return folded.has(expr)
}

function fold(call: Expr): Expr {
  try {
    const literal = encodeLiteral(evaluator(call, [])([]), call.type)
    folded.add(literal)
    return literal
  } catch (error) {
    // A text too long for the engine, for one: leave it to be computed where it is needed.
    if (error instanceof RangeError) return call
    throw error
  }
}
