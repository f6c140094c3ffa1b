import type { Query, Syntax } from '../parse/syntax.ts'
import { fail } from '../typing/context.ts'
import { type Condition, conjuncts, isEarly, isSubquery, isTrue, keyOf, typeCondition, viewsOf } from './conditions.ts'
import type { Environment } from './environment.ts'
import { resolveFrom, settled } from './from.ts'
import { addToStream, generateSelected } from './generate.ts'
import { joinInner } from './join.ts'
import { refuseOnStream } from './refuse-on-stream.ts'
import { ScalarJoins } from './scalar-joins.ts'
import { renamed } from './scope.ts'
import { aliasHint, namesOf, type SelectedColumn, selectColumns } from './select-list.ts'
import type { Source } from './source.ts'
import { derivedSource } from './static/derive.ts'
import { isPlain, isStaticQuery } from './static/is-static.ts'
import { resolveStatic } from './static/query.ts'
import { joinSubquery } from './subquery.ts'
import { resolveUnion, unionBranches } from './union.ts'

/** Resolves a SELECT to the rows it gives. Throws InvalidQuery. */
export function resolveQuery(
  query: Query,
  environment: Environment,
): Source & { readonly selected: readonly SelectedColumn[] } {
  if (query.from && isStaticQuery(query, environment) && !isPlain(query)) {
    const derived = derivedSource(resolveStatic(query, environment))
    return { ...derived, selected: derived.columns.map(column => ({ ...column, at: query.at })) }
  }
  const inner = withCommon(query, environment)
  if (!query.from) {
    const [view] = environment.views
    return fail(environment, `the query needs a FROM, such as FROM ${view?.name}`, query.at)
  }
  const branches = unionBranches(query)
  if (branches) {
    const sources = branches.map(branch => resolveQuery(branch, inner))
    return resolveUnion(query, branches, sources, inner)
  }
  const from = resolveFrom(query.from, inner)
  refuseOnStream(query, environment.sql)
  const joined = applyWhere(from, query, inner)
  const scalars = new ScalarJoins(inner, joined)
  const context = scalars.within(namesOf(joined, inner))
  const { source, made } = generateSelected(query, joined, context, addToStream(inner))
  const selected = selectColumns(query.select, joined, inner, context, made)
  return { ...scalars.joinedTo(source), columns: selected, relations: [], selected }
}

/** The environment inside a query: with its own WITH queries. */
export function withCommon(query: Query, environment: Environment): Environment {
  let inner = environment
  for (const { name, columns, query: common } of query.with) {
    const source = renamed(resolveQuery(common, inner), { alias: name, columns }, inner)
    const lower = name.text.toLowerCase()
    const statics = new Map(inner.statics)
    statics.delete(lower)
    if (source.kind === 'static') statics.set(lower, { query: common, columns, environment: inner })
    inner = { ...inner, statics, common: new Map(inner.common).set(lower, source) }
  }
  return inner
}

function applyWhere(source: Source, query: Query, environment: Environment): Source {
  const parts = conjuncts(query.where)
  const scalars = new ScalarJoins(environment, source)
  const context = scalars.within(namesOf(source, environment, aliasHint(query)))
  const typed = (some: readonly Syntax[]) => some.map(part => typeCondition(part, context))
  const { source: complete, rest } = completed(source, typed(parts.filter(part => !isSubquery(part))), environment.sql)
  let joined = addConditions(
    scalars.joinedTo(complete),
    rest.filter(condition => !isTrue(condition)),
  )
  const values: Syntax[] = []
  for (const part of parts.filter(isSubquery)) {
    const met = joinSubquery(joined, part, environment)
    if (met) joined = met
    else values.push(part)
  }
  const tested = typed(values)
  return addConditions(scalars.joinedTo(joined), tested)
}

/** Inner joins without an own equality take it from WHERE; the conditions that they do not need are given back. */
function completed(
  source: Source,
  conditions: readonly Condition[],
  sql: string,
): { readonly source: Source; readonly rest: readonly Condition[] } {
  if (!source.pending) return { source, rest: conditions }
  const names = new Set(source.pending.dimensions.map(({ name }) => name))
  const reads = ({ expr }: Condition) => viewsOf(expr).size > 1 && [...viewsOf(expr)].some(view => names.has(view))
  const isKey = (condition: Condition) =>
    [...names].some(name => reads(condition) && keyOf(condition, name, () => true))
  const { at } = source.pending
  const joined = joinInner(source, { dimensions: [], on: conditions.filter(isKey), at })
  if (!joined.pending) return { source: joined, rest: conditions.filter(condition => !isKey(condition)) }
  const pairs = conditions.filter(condition => !isKey(condition) && reads(condition))
  return {
    source: settled(joinInner(joined, { dimensions: [], on: pairs, at }), sql),
    rest: conditions.filter(condition => !isKey(condition) && !reads(condition)),
  }
}

/** Puts each condition as early as it can be tested. */
function addConditions(source: Source, conditions: readonly Condition[]): Source {
  if (source.kind === 'static') return { ...source, where: [...source.where, ...conditions] }
  return {
    ...source,
    filters: [...source.filters, ...conditions.filter(isEarly)],
    where: [...source.where, ...conditions.filter(condition => !isEarly(condition))],
  }
}
