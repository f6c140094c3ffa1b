import type { Query } from '../parse/syntax.ts'
import { fail } from '../typing/context.ts'
import { type Condition, conjuncts, isSubquery, isTrue, sideOf, typeCondition } from './conditions.ts'
import type { Environment } from './environment.ts'
import { renamed, resolveFrom } from './from.ts'
import { failWithoutKey, joinOn } from './join.ts'
import { refuseOnStream } from './refuse-on-stream.ts'
import { aliasHint, namesOf, type SelectedColumn, selectColumns } from './select-list.ts'
import type { Source } from './source.ts'
import { joinSubquery } from './subquery.ts'

/** Resolves a SELECT to the rows it gives. Throws InvalidQuery. */
export function resolveQuery(
  query: Query,
  environment: Environment,
): Source & { readonly selected: readonly SelectedColumn[] } {
  const inner = withCommon(query, environment)
  if (!query.from) {
    const [view] = environment.views
    return fail(environment, `the query needs a FROM, such as FROM ${view?.name}`, query.at)
  }
  const from = resolveFrom(query.from, inner)
  refuseOnStream(query, environment.sql)
  const source = applyWhere(from, query, inner)
  if (source.pending) failWithoutKey(source.pending.on, environment.sql, source.pending.at)
  const selected = selectColumns(query.select, source, inner)
  return { ...source, columns: selected, relations: [], selected }
}

/** The environment inside a query: with its own WITH queries. */
export function withCommon(query: Query, environment: Environment): Environment {
  let inner = environment
  for (const { name, columns, query: common } of query.with) {
    const source = renamed(resolveQuery(common, inner), name.text, columns, inner, name.at)
    inner = { ...inner, common: new Map(inner.common).set(name.text.toLowerCase(), source) }
  }
  return inner
}

function applyWhere(source: Source, query: Query, environment: Environment): Source {
  const parts = conjuncts(query.where)
  const context = namesOf(source, environment, aliasHint(query))
  const conditions = parts.filter(part => !isSubquery(part)).map(part => typeCondition(part, context))
  const filtered = addConditions(
    completed(source, conditions),
    conditions.filter(condition => !isTrue(condition)),
  )
  return parts.filter(isSubquery).reduce((joined, part) => joinSubquery(joined, part, environment), filtered)
}

/** An inner join without its own equality takes it from WHERE. */
function completed(source: Source, conditions: readonly Condition[]): Source {
  const key = source.pending && conditions.find(condition => joinOn('inner', [condition]))
  const joined = key && source.pending && joinOn('inner', [...source.pending.on, key])
  return joined
    ? { ...source, join: joined.join, filters: [...source.filters, ...joined.filters], pending: null }
    : source
}

/** Puts each condition as early as it can be tested. */
function addConditions(source: Source, conditions: readonly Condition[]): Source {
  const { join } = source
  const isKey = ({ expr }: Condition) =>
    join !== null &&
    expr.op === 'call' &&
    expr.name === '=' &&
    [join.leftKey, join.rightKey].every(key => expr.args.includes(key))
  const rest = conditions.filter(condition => !isKey(condition))
  if (source.kind === 'customers') return { ...source, customersFilters: [...source.customersFilters, ...rest] }
  const isEarly = ({ expr }: Condition) => sideOf(expr) === 'reviews' || sideOf(expr) === 'none'
  return {
    ...source,
    filters: [...source.filters, ...rest.filter(isEarly)],
    where: [...source.where, ...rest.filter(condition => !isEarly(condition))],
  }
}
