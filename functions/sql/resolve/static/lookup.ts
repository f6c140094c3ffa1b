import { columnsUsed } from '../../evaluate.ts'
import type { Expr } from '../../expr.ts'
import { encodeLiteral } from '../../literal.ts'
import { type Aggregate, inputsOf, STATIC_VIEW, type StaticPlan } from '../../static-plan.ts'
import { fail } from '../../typing/context.ts'
import { TooLarge } from '../../typing/make-call.ts'
import type { Operand } from '../../typing/operand.ts'
import { type Condition, sidesOf } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import { planColumn, type StaticRelation } from './relation.ts'

/** A subquery as rows that are looked up: each row around it matches one or none of them. */
export interface Lookup {
  /** The columns of the key come first. */
  readonly relation: StaticRelation
  /** What the columns of the key must equal, over the rows around. Without any there is exactly one row. */
  readonly keys: readonly LookupKey[]
}

interface LookupKey {
  readonly outer: Expr
  readonly nullSafe: boolean
}

/** Puts a lookup beside the rows around. Gives all its columns there, which are NULL where no row matches. */
export type Attach = (lookup: Lookup) => readonly Operand[]

/** An equality of a subquery's rows with those around it. */
export interface Correlation extends LookupKey {
  readonly inner: Expr
}

/** Conditions on both sides as equalities. `ids` are the columns of the subquery. Throws InvalidQuery for others. */
export function correlations(
  conditions: readonly Condition[],
  ids: ReadonlySet<string>,
  { sql }: Environment,
  at: number,
): Correlation[] {
  const isInner = (expr: Expr) => columnsUsed(expr).every(({ name, view }) => isIn(ids, view, name))
  const isOuter = (expr: Expr) => columnsUsed(expr).every(({ name, view }) => !isIn(ids, view, name))
  return conditions.map(({ expr, text }) => {
    if (isOuter(expr)) return { inner: encodeLiteral(true, 'boolean'), outer: expr, nullSafe: false }
    const sides = sidesOf(expr, isInner, isOuter)
    if (sides) return { inner: sides.left, outer: sides.right, nullSafe: sides.nullSafe }
    return fail(
      { sql },
      `this subquery is looked up, so it must be compared with the rows around it by equalities, not by ${text}`,
      at,
    )
  })
}

function isIn(ids: ReadonlySet<string>, view: string, name: string): boolean {
  return view === STATIC_VIEW && ids.has(name)
}

/** The most operators of a subquery: one in NOT IN is computed twice, so that each level of nesting doubles them. */
const MAX_NODES = 5_000
const counts = new WeakMap<StaticPlan, number>()

function nodeCount(plan: StaticPlan): number {
  const known = counts.get(plan)
  if (known !== undefined) return known
  const count = inputsOf(plan).reduce((sum, input) => sum + nodeCount(input), 1)
  counts.set(plan, count)
  return count
}

/**
 * Gathers the rows of a subquery for each key; the aggregates are the columns after the key. Throws TooLarge.
 */
export function grouped(
  input: StaticPlan,
  equalities: readonly Correlation[],
  aggregates: readonly Aggregate[],
  { newId }: Environment,
): Lookup {
  if (nodeCount(input) > MAX_NODES) throw new TooLarge()
  const keys = equalities.map(({ inner }) => ({ id: newId(), expr: inner }))
  const columns = [...keys.map(({ id, expr }) => ({ id, type: expr.type })), ...aggregates]
  const relation = {
    plan: { op: 'aggregate', input, keys, aggregates } as const,
    columns: columns.map(({ id, type }, i) => ({
      name: i < keys.length ? 'key' : 'value',
      operand: planColumn(id, type),
    })),
    relations: [],
  }
  return { relation, keys: equalities }
}

/** `count(args)`, or of nothing `count(*)`. */
export function counting(args: readonly Expr[], { newId }: Environment): Aggregate {
  const text = args.length > 0 ? 'count(…)' : 'count(*)'
  return { id: newId(), name: 'count', args, distinct: false, ignoreNulls: false, filter: null, type: 'bigint', text }
}
