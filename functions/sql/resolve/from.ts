import { suggestion } from '../../base/suggest.ts'
import { isOfReview, type Join } from '../compiled.ts'
import type { FromItem, JoinItem, JoinType, Name } from '../parse/syntax.ts'
import { concrete } from '../typing/common-type.ts'
import { fail } from '../typing/context.ts'
import { APPENDED } from '../typing/gathering.ts'
import { NULL } from '../typing/operand.ts'
import type { Condition } from './conditions.ts'
import { distinctFrom } from './distinct-names.ts'
import type { Environment } from './environment.ts'
import { addToStream, resolveLateral } from './generate.ts'
import { failWithoutKey, joinBy, joinInner, joinPending } from './join.ts'
import { nullWhereUnmatched } from './kept-side.ts'
import { bothScopes, type Relation, renamed, type Scope, type ScopeColumn, sameName } from './scope.ts'
import { resolveQuery } from './select.ts'
import { namesOf } from './select-list.ts'
import { joinConditions, joinedScope } from './shared-columns.ts'
import { EMPTY_SOURCE, type Source } from './source.ts'
import { derivedSource } from './static/derive.ts'
import { resolveStaticFrom } from './static/from.ts'
import { isPlainFrom, isStaticFrom } from './static/is-static.ts'
import { typeValues } from './values.ts'

/** Resolves a FROM clause. Throws InvalidQuery for what can't be joined on a stream. */
export function resolveFrom(item: FromItem, environment: Environment): Source {
  if (item.kind !== 'query' && isStaticFrom(item, environment) && !isPlainFrom(item))
    return derivedSource(resolveStaticFrom(item, environment))
  switch (item.kind) {
    case 'view':
      return resolveView(item.name, item.alias, environment)
    case 'query':
      return renamed(resolveQuery(item.query, environment), item, environment)
    case 'values':
      return resolveInline(item, environment)
    case 'join':
      return resolveJoin(item, environment)
    case 'pivot':
      return fail(
        environment,
        `PIVOT is not possible: it aggregates, and ${APPENDED}; pivot silver.reviews in Athena`,
        item.aggregates[0]?.at ?? item.at,
      )
    case 'lateral view': {
      const source = resolveFrom(item.source, environment)
      return resolveLateral(item, source, namesOf(source, environment), addToStream(environment))
    }
  }
}

function resolveView(name: Name, alias: Name | null, environment: Environment): Source {
  const common = environment.common.get(name.text.toLowerCase())
  if (common) return renamed(common, { alias: alias ?? name }, environment)
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
    const column = { view: view.view, name }
    return { name, operand: type === null ? { ...NULL, column } : { op: 'column', ...column, type } }
  })
  const isStream = view.view === 'reviews'
  const relation: Relation = { qualifier: (alias ?? name).text, view: view.name, columns, metadata: isStream }
  const dimensions = isStream ? [] : [{ name: view.view, columns: view.columns }]
  return { ...EMPTY_SOURCE, kind: isStream ? 'stream' : 'static', columns, relations: [relation], dimensions }
}

/** VALUES: a dimension whose rows are in the query. */
function resolveInline(item: Extract<FromItem, { kind: 'values' }>, environment: Environment): Source {
  const qualifier = item.alias?.text ?? null
  const typed = typeValues(item.rows, environment)
  const columns = typed.columns.map(({ name, type }) => ({ name, type: concrete(type) }))
  const values = typed.rows.map(row => row.map(({ value }) => value))
  const name = (qualifier ?? 'values').toLowerCase()
  const view = isOfReview(name) || environment.views.some(each => each.view === name) ? `${name}_values` : name
  const scope = columns.map(({ name, type }): ScopeColumn => ({ name, operand: { op: 'column', view, name, type } }))
  const dimensions = [{ name: view, columns, values }]
  const source: Source = { ...EMPTY_SOURCE, kind: 'static', columns: scope, relations: [], dimensions }
  return renamed(source, item, environment)
}

/** The view that was meant: a near name, or the one that the name is a part of, as `reviews` is of `bronze_reviews`. */
function suggestView(word: string, names: readonly string[]): string {
  const near = suggestion(word, names)
  const longer = names.filter(name => word.length > 2 && name.toLowerCase().includes(word.toLowerCase()))
  return near === '' && longer.length === 1 ? `; did you mean ${longer[0]}?` : near
}

function resolveJoin(item: JoinItem, environment: Environment): Source {
  const left = resolveFrom(item.left, environment)
  const right = distinctFrom(resolveFrom(item.right, environment), left)
  const { at } = item.words
  const { sql } = environment
  if (left.kind === 'stream' && right.kind === 'stream') {
    fail({ sql }, "reviews can't be joined with reviews: a row could match those of other batches", at)
  }
  const streamLeft = left.kind === 'stream'
  const isStatic = !streamLeft && right.kind === 'static'
  if (isStatic && item.type !== 'inner' && item.type !== 'cross') {
    fail({ sql }, 'only inner joins are possible among dimensions; join each of them with the reviews', at)
  }
  const kind = isStatic ? 'inner' : joinKind(item.type, streamLeft, sql, at)
  const names = namesOf(bothScopes(left, right), environment)
  const { shared, conditions } = joinConditions(item, left, right, names)
  if (isStatic) {
    const where = [...left.where, ...right.where, ...conditions]
    const scope = joinedScope(left, right, shared, false)
    return { ...EMPTY_SOURCE, ...scope, kind: 'static', dimensions: [...left.dimensions, ...right.dimensions], where }
  }
  const [stream, added] = streamLeft ? [left, right] : [right, left]
  const place = item.on?.at ?? at
  const joined = joinAdded(stream, kind, added, [...conditions, ...added.where], { sql, at: place })
  const last = joined.joins.at(-1)
  const seen = kind === 'left' && last ? nullWhereUnmatched(added, last, sql, at) : added
  const [first, second] = streamLeft ? [left, seen] : [seen, right]
  const scope =
    kind === 'semi' || kind === 'anti'
      ? joinedScope(first, NOTHING, shared, false)
      : joinedScope(first, second, shared, item.type === 'right')
  return { ...joined, ...scope }
}

/** Joins what a static source reads. Throws InvalidQuery where it can't be. */
export function joinAdded(
  stream: Source,
  kind: Join['kind'],
  { dimensions }: Source,
  on: readonly Condition[],
  { sql, at }: { readonly sql: string; readonly at: number },
): Source {
  if (kind === 'inner') return joinInner(stream, { dimensions, on, at })
  const [dimension, other] = dimensions
  if (!dimension) throw new RangeError('a static source reads a dimension')
  if (other) {
    fail(
      { sql },
      `${dimension.name} and ${other.name} can't be joined with the reviews as one here; join each of them with the reviews`,
      at,
    )
  }
  return (
    joinBy(stream, kind, dimension, on) ??
    joinBy(settled(stream, sql), kind, dimension, on) ??
    failWithoutKey(dimension, sql, at)
  )
}

/** A stream whose joins all have their keys. Throws InvalidQuery where one has none. */
export function settled(stream: Source, sql: string): Source {
  const joined = joinPending(stream)
  const [dimension] = joined.pending?.dimensions ?? []
  return dimension ? failWithoutKey(dimension, sql, joined.pending?.at ?? 0) : joined
}

const NOTHING: Scope = { columns: [], relations: [] }

function joinKind(type: JoinType, streamLeft: boolean, sql: string, at: number): Join['kind'] {
  const kept = () =>
    fail(
      { sql },
      'this join keeps rows of a dimension without a review, which is not possible on a stream: a review of a later batch could match them; put the reviews on the kept side (reviews LEFT JOIN customers … or customers RIGHT JOIN reviews)',
      at,
    )
  switch (type) {
    case 'inner':
    case 'cross':
      return 'inner'
    case 'left':
      return streamLeft ? 'left' : kept()
    case 'right':
      return streamLeft ? kept() : 'left'
    case 'full':
      return kept()
    case 'semi':
    case 'anti':
      if (streamLeft) return type
      return fail(
        { sql },
        `LEFT ${type.toUpperCase()} JOIN from customers gives customers; silver holds reviews, so write reviews LEFT ${type.toUpperCase()} JOIN customers`,
        at,
      )
  }
}
