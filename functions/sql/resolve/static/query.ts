import { isInteger } from '../../evaluate/integer.ts'
import type { Expr } from '../../expr.ts'
import type { Clause, Query, SelectItem } from '../../parse/syntax.ts'
import { columnIds, type PlanOrder, type StaticPlan } from '../../static-plan.ts'
import { type Context, fail } from '../../typing/context.ts'
import { castOperand, type Operand } from '../../typing/operand.ts'
import { sourceText, typeExpression } from '../../typing/typer.ts'
import { type Condition, typeCondition } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import { generateSelected } from '../generate.ts'
import { resolveName, type ScopeColumn, sameName } from '../scope.ts'
import { aliased, namesOf, type SelectedColumn, selectColumns } from '../select-list.ts'
import { rewrittenFrame } from './frame.ts'
import { resolveStaticFrom } from './from.ts'
import { type GatheredWindow, Gatherer, keyed, orderBy, ungathered } from './gatherer.ts'
import { groupKeys, regrouped } from './grouping.ts'
import { regroup } from './regroup.ts'
import { addToPlan, compute, distinct, type StaticRelation } from './relation.ts'
import { combineSets } from './sets.ts'
import { attached, readBy, Subqueries } from './subqueries.ts'
import { whereStatic } from './where.ts'

/** Resolves a query over static tables alone to a plan. Throws InvalidQuery. */
export function resolveStatic(query: Query, outer: Environment): StaticRelation {
  const environment = withStatics(query, outer)
  return query.sets.length > 0 ? resolveSets(query, environment) : resolveBlock(query, environment)
}

/** The environment inside a query: with its own WITH queries, which are resolved where they are used. */
export function withStatics(query: Query, environment: Environment): Environment {
  let inner = environment
  for (const { name, columns, query: common } of query.with) {
    const at = inner
    const entry = { query: common, columns, environment: at }
    inner = { ...inner, statics: new Map(inner.statics).set(name.text.toLowerCase(), entry) }
  }
  return inner
}

/** What UNION, INTERSECT and EXCEPT combine, in order and limited. */
function resolveSets(query: Query, environment: Environment): StaticRelation {
  const { order, limit, offset, sets, ...first } = query
  const block: Query = { ...first, with: [], sets: [], order: [], limit: null, offset: null }
  const combined = sets.reduce(
    (left, operation) => combineSets(left, operation, resolveStatic(operation.query, environment), environment),
    resolveBlock(block, environment),
  )
  return ordered(combined, query, environment)
}

/** ORDER BY and LIMIT by the columns of the result alone. */
function ordered(relation: StaticRelation, query: Query, environment: Environment): StaticRelation {
  const context = namesOf(relation, environment)
  const by = orderBy(query.order, context, relation.columns)
  const sorted: StaticPlan =
    by.length > 0 ? { op: 'sort', input: relation.plan, order: by, text: orderText(query, environment) } : relation.plan
  return { ...relation, plan: limited(sorted, query, environment) }
}

/** One SELECT. Its clauses take effect in the order in which SQL says, which is not that of the text. */
function resolveBlock(query: Query, environment: Environment): StaticRelation {
  const { relation } = whereStatic(resolveStaticFrom(query.from, environment), query, environment)
  return resolveOver(query, relation, environment)
}

/** One SELECT over the rows for which its WHERE holds. */
export function resolveOver(query: Query, from: StaticRelation, environment: Environment): StaticRelation {
  // What makes rows makes them before all else is computed.
  const names = ungathered(namesOf(from, environment), 'a function that makes rows')
  const { source: rows, made } = generateSelected(query, from, names, addToPlan(environment))
  const block = readBlock(query, rows, environment, made)
  const [generator] = made.keys()
  if (generator && (isGrouped(query, block.gatherer) || block.gatherer.windows.length > 0))
    fail(
      environment,
      "a function that makes rows can't stand beside aggregates and window functions; make the rows, or aggregate them, in a subquery",
      generator.at,
    )
  const { over, input } = grouped(query, rows, block, environment)
  const rewrite = (expr: Expr, at: number) => keyed(over(expr, at))

  let plan = input
  const filter = (condition: Condition | null, at: number) => {
    if (condition) plan = { op: 'filter', input: plan, condition: rewrite(condition.expr, at) }
  }
  filter(block.having, query.having?.value.at ?? query.at)
  for (const window of block.gatherer.windows) plan = windowPlan(window, plan, expr => rewrite(expr, query.at))
  filter(block.qualify, query.qualify?.value.at ?? query.at)
  const order = block.order.map(item => ({ ...item, expr: rewrite(item.expr, query.order[0]?.at ?? query.at) }))
  if (order.length > 0) plan = { op: 'sort', input: plan, order, text: orderText(query, environment) }
  const columns = block.selected.map(({ name, operand, at }) => ({ name, operand: over(operand, at) }))
  const computed = compute({ plan, columns, relations: [] }, environment)
  if (query.distinct) return ordered(distinct(computed, environment), query, environment)
  return { ...computed, plan: limited(computed.plan, query, environment) }
}

/** The expressions of a SELECT, typed over its FROM, with columns for what was taken out of them. */
interface Block {
  readonly gatherer: Gatherer
  readonly subqueries: Subqueries
  readonly selected: readonly SelectedColumn[]
  readonly having: Condition | null
  readonly qualify: Condition | null
  readonly order: readonly PlanOrder[]
}

function readBlock(
  query: Query,
  from: StaticRelation,
  environment: Environment,
  made: ReadonlyMap<SelectItem, readonly ScopeColumn[]>,
): Block {
  const gatherer = new Gatherer(query.windows, environment.newId)
  const subqueries = new Subqueries(environment, from)
  const names = gatherer.within(subqueries.within(namesOf(from, environment)))
  const selected = selectColumns(query.select, from, environment, names, made)
  const { having, qualify, distinct } = query
  const withAliases = aliased(names, selected)
  const filters = {
    having: having && typeCondition(having.value, withAliases),
    qualify: qualify && typeCondition(qualify.value, withAliases),
  }
  const order = distinct ? [] : orderBy(query.order, aliasesFirst(names, selected, environment), selected)
  if (qualify && gatherer.windows.length === 0)
    fail(environment, 'QUALIFY needs a window function; use WHERE', qualify.at)
  if (having && !isGrouped(query, gatherer))
    fail(environment, 'HAVING needs GROUP BY or an aggregate; use WHERE', having.at)
  return { gatherer, subqueries, selected, ...filters, order }
}

function isGrouped({ group }: Query, { aggregates, groupings }: Gatherer): boolean {
  return group !== null || aggregates.length > 0 || groupings.length > 0
}

/** The rows that windows and the select list are over, and what expressions are there. */
function grouped(
  query: Query,
  from: StaticRelation,
  { gatherer, subqueries, selected }: Block,
  environment: Environment,
) {
  const { attachments } = subqueries
  if (!isGrouped(query, gatherer))
    return { input: attached(from.plan, attachments), over: (operand: Operand) => operand }
  const functions = gatherer.windows.flatMap(window => window.functions)
  const made = [...gatherer.aggregates, ...gatherer.groupings, ...functions].map(({ id }) => id)
  const keys = groupKeys(query, selected, new Set(made), subqueries.within(namesOf(from, environment)))
  const gathered = gatherer.aggregates.flatMap(({ args, filter }) => [...args, ...(filter ? [filter] : [])])
  const before = readBy([...keys.keys, ...gathered].map(keyed), attachments)
  const known = new Set(made)
  const { plan, rewrite, keyColumns } = regrouped(attached(from.plan, before), keys, gatherer, known, environment)
  const behind = attachments.flatMap(attachment => {
    const meets = attachment.keys.map(key => regroup(key.left, keyColumns, known))
    if (!meets.every(left => left !== null)) return []
    for (const id of columnIds(attachment.plan)) known.add(id)
    return [{ ...attachment, keys: attachment.keys.map((key, i) => ({ ...key, left: meets[i] ?? key.left })) }]
  })
  return { input: attached(plan, behind), over: rewrite }
}

function windowPlan(window: GatheredWindow, input: StaticPlan, rewrite: (expr: Expr) => Expr): StaticPlan {
  return {
    op: 'window',
    input,
    partition: window.partition.map(rewrite),
    order: window.order.map(item => ({ ...item, expr: rewrite(item.expr) })),
    functions: window.functions.map(item => ({
      ...item,
      args: item.args.map(rewrite),
      frame: rewrittenFrame(item.frame, rewrite),
    })),
  }
}

/** In ORDER BY, a name of the select list goes before a column. */
function aliasesFirst(context: Context, selected: readonly SelectedColumn[], { sql }: Environment): Context {
  const scope = { columns: selected, relations: [] }
  const isOutput = (name: string) => selected.filter(column => sameName(column.name, name)).length === 1
  return {
    ...context,
    resolve: ([first, ...more]) =>
      (first && more.length === 0 && isOutput(first.text) ? resolveName(scope, [first], sql) : null) ??
      context.resolve(first ? [first, ...more] : more),
  }
}

function orderText({ order, at }: Query, { sql }: Environment): string {
  return sourceText({ at: order[0]?.at ?? at, end: order.at(-1)?.end ?? at }, sql)
}

function limited(plan: StaticPlan, { limit, offset }: Query, environment: Environment): StaticPlan {
  if (!limit && !offset) return plan
  return {
    op: 'limit',
    input: plan,
    count: limit && rowCount(limit, environment),
    offset: offset ? rowCount(offset, environment) : 0,
  }
}

function rowCount({ value }: Clause, environment: Environment): number {
  const operand = typeExpression(value, namesOf({ columns: [], relations: [] }, environment))
  const count = operand.op === 'null' || !isInteger(operand.type) ? null : castOperand(operand, 'int')
  if (count?.op === 'literal' && typeof count.value === 'number' && count.value >= 0) return count.value
  return fail(environment, 'LIMIT and OFFSET take a whole number', value.at)
}
