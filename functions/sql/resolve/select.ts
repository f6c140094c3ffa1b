import type { Query, SelectItem, Syntax } from '../parse/syntax.ts'
import { type Context, fail } from '../typing/context.ts'
import type { Operand } from '../typing/operand.ts'
import { typeExpression } from '../typing/typer.ts'
import { type Condition, conjuncts, isTrue, sideOf, typeCondition } from './conditions.ts'
import type { Environment } from './environment.ts'
import { renamed, resolveFrom } from './from.ts'
import { failWithoutKey, joinOn } from './join.ts'
import { nameOf } from './name-of.ts'
import { refuseOnStream } from './refuse-on-stream.ts'
import {
  relationNamed,
  resolveName,
  type Scope,
  type ScopeColumn,
  sameName,
  unknownName,
  unknownQualifier,
} from './scope.ts'
import type { Source } from './source.ts'
import { isSubquery, joinSubquery } from './subquery.ts'

/** A column of the select list with the place of its item in the text. */
export interface SelectedColumn extends ScopeColumn {
  readonly at: number
}

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

function namesOf(scope: Scope, { sql, now }: Environment, hint: (name: string) => string = () => ''): Context {
  return {
    sql,
    now,
    resolve: parts => resolveName(scope, parts, sql),
    unknown: parts => unknownName(scope, parts, sql, parts.length === 1 ? hint(parts[0]?.text ?? '') : ''),
  }
}

/** A name of the select list does not exist yet where WHERE is tested. */
function aliasHint(query: Query): (name: string) => string {
  return name => {
    const item = query.select.find(item => item.kind === 'expression' && item.alias && sameName(item.alias.text, name))
    return item ? '; it is a name of the select list, which WHERE comes before: repeat its expression' : ''
  }
}

function selectColumns(items: readonly SelectItem[], source: Source, environment: Environment): SelectedColumn[] {
  const selected: SelectedColumn[] = []
  const named: ScopeColumn[] = []
  const plain = namesOf(source, environment)
  // A name of the list itself can be used behind it, where no column has that name.
  const context: Context = {
    ...plain,
    resolve: parts =>
      plain.resolve(parts) ??
      resolveName({ columns: parts.length === 1 ? named : [], relations: [] }, parts, environment.sql),
  }
  for (const item of items) {
    if (item.kind === 'star') {
      selected.push(...expandStar(item, source, environment).map(column => ({ ...column, at: item.at })))
    } else {
      const typed = new Map<Syntax, Operand>()
      const note = (syntax: Syntax, operand: Operand) => typed.set(syntax, operand)
      const operand = typeExpression(item.value, item.alias ? context : { ...context, note })
      const name = item.alias?.text ?? nameOf(item.value, environment.sql, typed)
      const column = { name, operand, at: item.at }
      selected.push(column)
      if (item.alias) named.push(column)
    }
  }
  return selected
}

function expandStar(
  { qualifier }: Extract<SelectItem, { kind: 'star' }>,
  source: Source,
  environment: Environment,
): readonly ScopeColumn[] {
  if (!qualifier) return source.columns
  const relation = relationNamed(source, qualifier, environment.sql)
  if (relation) return relation.columns
  return unknownQualifier(source, qualifier, environment.sql)
}
