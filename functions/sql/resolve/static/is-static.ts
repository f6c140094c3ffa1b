import type { FromItem, Query } from '../../parse/syntax.ts'
import { someSyntax } from '../../parse/walk.ts'
import { isGathering } from '../../typing/gathering.ts'
import { generatorCall } from '../../typing/generators.ts'
import { conjuncts } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import { sameName } from '../scope.ts'

/** Whether a query reads static tables alone. */
export function isStaticQuery(query: Query, environment: Environment): boolean {
  const names = new Map<string, boolean>()
  for (const { name, query: common } of query.with)
    names.set(name.text.toLowerCase(), isStaticQuery(common, withNames(environment, names)))
  const inner = withNames(environment, names)
  const { from, sets } = query
  return (!from || isStaticFrom(from, inner)) && sets.every(set => isStaticQuery(set.query, inner))
}

/** Whether a FROM clause is static. */
export function isStaticFrom(item: FromItem, environment: Environment): boolean {
  switch (item.kind) {
    case 'view':
      return isStaticName(item.name.text, environment)
    case 'query':
      return isStaticQuery(item.query, environment)
    case 'values':
      return true
    case 'join':
      return isStaticFrom(item.left, environment) && isStaticFrom(item.right, environment)
    case 'pivot':
    case 'lateral view':
      return isStaticFrom(item.source, environment)
  }
}

function isStaticName(name: string, { common, statics, views }: Environment): boolean {
  const lower = name.toLowerCase()
  if (statics.has(lower)) return true
  if (common.has(lower)) return common.get(lower)?.kind === 'static'
  return views.some(view => sameName(view.name, name) && view.view !== 'reviews')
}

/** The environment with the names of WITH queries, of which only is known whether they are static. */
function withNames(environment: Environment, names: ReadonlyMap<string, boolean>): Environment {
  if (names.size === 0) return environment
  const views = [...names].map(([name, isStatic]) => ({ view: isStatic ? name : 'reviews', name, columns: [] }))
  const isHidden = (name: string) => names.has(name.toLowerCase())
  const visible = <T>(map: ReadonlyMap<string, T>) => new Map([...map].filter(([name]) => !isHidden(name)))
  return {
    ...environment,
    common: visible(environment.common),
    statics: visible(environment.statics),
    views: [...environment.views.filter(({ name }) => !isHidden(name)), ...views],
  }
}

/** Whether a static query only projects and filters rows that are looked up as they are. */
export function isPlain(query: Query): boolean {
  const { from, order, limit, offset } = query
  const plain = from && from.kind !== 'join' && query.with.length === 0 && order.length === 0 && !limit && !offset
  return (
    plain === true &&
    isPlainFrom(from) &&
    isFiltering(query) &&
    !conjuncts(query.where).some(part => someSyntax(part, ({ kind }) => kind === 'exists' || kind === 'in query'))
  )
}

/** Whether a query in EXISTS or IN only filters what it reads, so that it can name columns of the query around it. */
export function isFiltering(query: Query): boolean {
  const { group, having, qualify, distinct, limit, offset, from, select } = query
  if (group || having || qualify || distinct || limit || offset || !from) return false
  if (query.windows.length > 0 || query.sets.length > 0) return false
  const computes = select.some(item => item.kind === 'expression' && someSyntax(item.value, isComputed))
  return !computes && !conjuncts(query.where).some(part => someSyntax(part, isComputed))
}

function isComputed(syntax: Parameters<typeof someSyntax>[0]): boolean {
  if (syntax.kind === 'scalar query' || generatorCall(syntax)) return true
  return syntax.kind === 'call' && isGathering(syntax)
}

/** Whether a FROM clause has only tables that are looked up as they are. */
export function isPlainFrom(item: FromItem): boolean {
  switch (item.kind) {
    case 'view':
    case 'values':
      return true
    case 'query':
      return isPlain(item.query)
    case 'join':
      return (item.type === 'inner' || item.type === 'cross') && isPlainFrom(item.left) && isPlainFrom(item.right)
    default:
      return false
  }
}
