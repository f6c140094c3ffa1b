import { suggestion } from '../../base/suggest.ts'
import type { Join } from '../compiled.ts'
import type { FromItem, JoinType, Name } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import { NULL } from '../typing/operand.ts'
import { type Condition, conjuncts, typeCondition } from './conditions.ts'
import type { Environment } from './environment.ts'
import { failWithoutKey, joinOn, nullWhereUnmatched } from './join.ts'
import { type Relation, resolveName, type Scope, type ScopeColumn, sameName, unknownName } from './scope.ts'
import { resolveQuery } from './select.ts'
import { equality, joinedScope, sharedNames } from './shared-columns.ts'
import type { Source } from './source.ts'

type JoinItem = Extract<FromItem, { kind: 'join' }>

/** Resolves a FROM clause. Throws InvalidQuery for what can't be joined on a stream. */
export function resolveFrom(item: FromItem, environment: Environment): Source {
  switch (item.kind) {
    case 'view':
      return resolveView(item.name, item.alias, environment)
    case 'query':
      return renamed(
        resolveQuery(item.query, environment),
        item.alias?.text ?? null,
        item.columns,
        environment,
        item.at,
      )
    case 'values':
      return fail(environment, 'VALUES is not supported here: the query reads the views', item.at)
    case 'join':
      return resolveJoin(item, environment)
  }
}

function resolveView(name: Name, alias: Name | null, environment: Environment): Source {
  const common = environment.common.get(name.text.toLowerCase())
  if (common) return renamed(common, (alias ?? name).text, [], environment, name.at)
  const view = environment.views.find(view => sameName(view.name, name.text))
  if (!view) {
    const names = [...environment.views.map(view => view.name), ...environment.common.keys()]
    return fail(
      environment,
      `unknown view ${name.text}${suggestView(name.text, names) || `; there are ${names.join(' and ')}`}`,
      name.at,
    )
  }
  const columns = view.columns.map(({ name, type }): ScopeColumn => {
    const column = { view: view.kind, name }
    return { name, operand: type === null ? { ...NULL, column } : { op: 'column', ...column, type } }
  })
  const relation: Relation = {
    qualifier: (alias ?? name).text,
    view: view.name,
    columns,
    metadata: view.kind === 'reviews',
  }
  return {
    kind: view.kind,
    columns,
    relations: [relation],
    filters: [],
    customersFilters: [],
    join: null,
    where: [],
    pending: null,
  }
}

/** The view that was meant: a near name, or the one that the name is a part of, as `reviews` is of `bronze_reviews`. */
function suggestView(word: string, names: readonly string[]): string {
  const near = suggestion(word, names)
  const longer = names.filter(name => word.length > 2 && name.toLowerCase().includes(word.toLowerCase()))
  return near === '' && longer.length === 1 ? `; did you mean ${longer[0]}?` : near
}

/** A query under another name: only its columns can be named from outside. */
export function renamed(
  source: Source,
  qualifier: string | null,
  names: readonly Name[],
  { sql }: Environment,
  at: number,
): Source {
  if (names.length > 0 && names.length !== source.columns.length) {
    fail({ sql }, `${names.length} names are given for ${source.columns.length} columns`, names[0]?.at ?? at)
  }
  const columns = source.columns.map((column, i) => ({ ...column, name: names[i]?.text ?? column.name }))
  return { ...source, columns, relations: [{ qualifier, columns, metadata: false }] }
}

function resolveJoin(item: JoinItem, environment: Environment): Source {
  const left = resolveFrom(item.left, environment)
  const right = resolveFrom(item.right, environment)
  const { at } = item.words
  const { sql } = environment
  refuseSides(left, right, sql, at)
  const reviewsLeft = left.kind === 'reviews'
  const kind = joinKind(item.type, reviewsLeft, sql, at)
  const both: Scope = {
    columns: [...left.columns, ...right.columns],
    relations: [...left.relations, ...right.relations],
  }
  if (item.natural && (kind === 'semi' || kind === 'anti')) {
    fail({ sql }, `NATURAL does not go with ${kind.toUpperCase()}; write USING`, at)
  }
  if (item.type === 'cross' && item.on) fail({ sql }, 'a CROSS JOIN has no ON; write JOIN … ON', at)
  const shared = sharedNames(item, left, right, sql)
  const written = [...shared.map(name => equality(name, left, right, sql)), ...onConditions(item, both, environment)]
  const conditions = [...written, ...left.customersFilters, ...right.customersFilters]
  const joined = joinOn(kind, conditions)
  if (!joined && !(kind === 'inner' && shared.length === 0)) failWithoutKey(written, sql, item.on?.at ?? at)

  const customers = reviewsLeft ? right : left
  const seen = joined?.join.kind === 'left' ? nullWhereUnmatched(customers, joined.join, sql, at) : customers
  const [first, second] = reviewsLeft ? [left, seen] : [seen, right]
  const scope =
    kind === 'semi' || kind === 'anti'
      ? joinedScope(first, NOTHING, shared, false)
      : joinedScope(first, second, shared, item.type === 'right')
  return {
    ...scope,
    kind: 'joined',
    filters: [...left.filters, ...right.filters, ...(joined?.filters ?? [])],
    customersFilters: [],
    join: joined?.join ?? null,
    where: [],
    pending: joined ? null : { on: conditions, at: item.on?.at ?? at },
  }
}

const NOTHING: Scope = { columns: [], relations: [] }

function refuseSides(left: Source, right: Source, sql: string, at: number): void {
  if (left.kind === 'joined' || right.kind === 'joined') {
    fail({ sql }, 'there is a second join; silver joins reviews with customers once', at)
  }
  if (left.kind !== right.kind) return
  const why =
    left.kind === 'reviews'
      ? "reviews can't be joined with reviews: a row could match those of other batches"
      : "customers can't be joined with customers; one side must be the reviews"
  fail({ sql }, why, at)
}

function joinKind(type: JoinType, reviewsLeft: boolean, sql: string, at: number): Join['kind'] {
  const kept = (side: string, other: string) =>
    fail(
      { sql },
      `this join keeps customers without a review, which is not possible on a stream: a review of a later batch could match them; put the reviews on the kept side (${side} … ${other})`,
      at,
    )
  switch (type) {
    case 'inner':
    case 'cross':
      return 'inner'
    case 'left':
      return reviewsLeft ? 'left' : kept('reviews LEFT JOIN customers', 'or customers RIGHT JOIN reviews')
    case 'right':
      return reviewsLeft ? kept('reviews LEFT JOIN customers', 'or customers RIGHT JOIN reviews') : 'left'
    case 'full':
      return kept('reviews LEFT JOIN customers', 'or customers RIGHT JOIN reviews')
    case 'semi':
    case 'anti':
      if (reviewsLeft) return type
      return fail(
        { sql },
        `LEFT ${type.toUpperCase()} JOIN from customers gives customers; silver holds reviews, so write reviews LEFT ${type.toUpperCase()} JOIN customers`,
        at,
      )
  }
}

function onConditions(item: JoinItem, scope: Scope, { sql, now }: Environment): Condition[] {
  const context: Context = {
    sql,
    now,
    resolve: parts => resolveName(scope, parts, sql),
    unknown: parts => unknownName(scope, parts, sql),
  }
  return conjuncts(item.on).map(syntax => typeCondition(syntax, context))
}
