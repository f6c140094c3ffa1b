import type { Join, JoinKey } from '../compiled.ts'
import type { View } from '../expr.ts'
import { fail } from '../typing/context.ts'
import { type Condition, conjunction, isEarly, isTrue, keyOf, viewsOf } from './conditions.ts'
import type { PendingJoins, Source, SourceDimension } from './source.ts'

/**
 * Joins the dimensions of an inner join, and those that still wait, as far as the conditions give each a key, in the
 * order that the keys allow: the others wait.
 */
export function joinInner(stream: Source, { dimensions, on, at }: PendingJoins): Source {
  let todo = [...(stream.pending?.dimensions ?? []), ...dimensions]
  let joined: Source = { ...stream, pending: null }
  let pool = [...(stream.pending?.on ?? []), ...on]
  for (;;) {
    const isJoined = isJoinedTo(joined)
    const next = todo.find(({ name }) => pool.some(condition => keyOf(condition, name, isJoined)))
    if (!next) break
    const made = joinOne(joined, 'inner', next, pool)
    joined = made.joined
    pool = made.rest
    todo = todo.filter(dimension => dimension !== next)
  }
  if (todo.length === 0) return joined
  return { ...joined, pending: { dimensions: todo, on: pool, at: stream.pending?.at ?? at } }
}

/**
 * Joins the dimensions that still wait by the conditions that they share with what is joined, though none is an equality.
 * Those that share none keep waiting.
 */
export function joinPending(stream: Source): Source {
  let joined = stream
  for (;;) {
    const { pending } = joined
    const isJoined = isJoinedTo(joined)
    const next = pending?.dimensions.find(({ name }) => pending.on.some(condition => meets(condition, name, isJoined)))
    if (!pending || !next) return joined
    const made = joinOne({ ...joined, pending: null }, 'inner', next, pending.on)
    const dimensions = pending.dimensions.filter(dimension => dimension !== next)
    joined = joinInner(made.joined, { dimensions, on: made.rest, at: pending.at })
  }
}

/** Joins one dimension; null if no condition is one of both sides. */
export function joinBy(
  stream: Source,
  kind: Join['kind'],
  dimension: SourceDimension,
  conditions: readonly Condition[],
): Source | null {
  const isJoined = isJoinedTo(stream)
  if (!conditions.some(condition => meets(condition, dimension.name, isJoined))) return null
  const { joined, rest } = joinOne(stream, kind, dimension, conditions)
  return rest.length === 0 ? joined : null
}

/** Fails for a join without a condition that compares the dimension with what is joined. */
export function failWithoutKey({ name }: SourceDimension, sql: string, at: number): never {
  return fail(
    { sql },
    `reviews and ${name} can't be joined like this: the join needs a condition that compares the two, ideally an equality such as r.customer_id = c.customer_id`,
    at,
  )
}

/**
 * What the conditions say of reviews alone filters them where the join drops reviews anyway (inner, semi), and decides
 * about pairs elsewhere. Those that read what is not joined yet are given back.
 */
function joinOne(
  stream: Source,
  kind: Join['kind'],
  dimension: SourceDimension,
  conditions: readonly Condition[],
): { readonly joined: Source; readonly rest: Condition[] } {
  const isJoined = isJoinedTo(stream)
  const isKnown = (view: View) => view === dimension.name || isJoined(view)
  const keys: JoinKey[] = []
  const rest: Condition[] = []
  const filters: Condition[] = []
  const on: Condition[] = []
  for (const condition of conditions) {
    const key = keyOf(condition, dimension.name, isJoined)
    if (key) keys.push(key)
    else if (![...viewsOf(condition.expr)].every(isKnown)) rest.push(condition)
    else if (isTrue(condition)) continue
    else if ((kind === 'inner' || kind === 'semi') && isEarly(condition)) filters.push(condition)
    else on.push(condition)
  }
  const join: Join = { dimension: dimension.name, kind, keys, on: conjunction(on)?.expr ?? null }
  return {
    joined: {
      ...stream,
      filters: [...stream.filters, ...filters],
      joins: [...stream.joins, join],
      dimensions: [...stream.dimensions, dimension],
    },
    rest,
  }
}

/** Whether a condition compares a dimension with what is joined, and reads nothing else. */
function meets({ expr }: Condition, dimension: View, isJoined: (view: View) => boolean): boolean {
  const views = viewsOf(expr)
  return views.size > 1 && views.has(dimension) && [...views].every(view => view === dimension || isJoined(view))
}

function isJoinedTo({ dimensions }: Source): (view: View) => boolean {
  const names = new Set(['reviews', ...dimensions.map(({ name }) => name)])
  return view => names.has(view)
}
