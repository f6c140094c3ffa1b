import type { Expr } from '../../expr.ts'
import { encodeLiteral } from '../../literal.ts'
import type { Query } from '../../parse/syntax.ts'
import type { Aggregate } from '../../static-plan.ts'
import { fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import type { Operand } from '../../typing/operand.ts'
import { typeExpression } from '../../typing/typer.ts'
import { typeCondition } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import { namesOf } from '../select-list.ts'
import { Gatherer, keyed } from './gatherer.ts'
import { type Attach, type Correlation, counting, grouped } from './lookup.ts'
import { regroupOperand, replaceColumns } from './regroup.ts'
import type { StaticRelation } from './relation.ts'

/**
 * A scalar subquery of aggregates over the rows that meet a row around it: they are gathered once for each key and looked
 * up; what its SELECT and HAVING make of them is computed beside the row, so that COUNT of no rows is 0.
 */
export function aggregatedValue(
  query: Query,
  relation: StaticRelation,
  equalities: readonly Correlation[],
  environment: Environment,
  attach: Attach,
): Operand {
  const { distinct, qualify, windows, order, limit, offset, group, having } = query
  const [item, more] = query.select
  const other = distinct ?? qualify ?? windows[0] ?? order[0] ?? limit ?? offset
  if (other)
    fail(environment, "a subquery that compares its rows with those around it can't have this clause", other.at)
  if (item?.kind !== 'expression' || more)
    return fail(environment, 'a subquery that stands for one value selects one column', query.at)
  const gatherer = new Gatherer([], environment.newId)
  const names = gatherer.within(namesOf(relation, environment))
  const written = typeExpression(item.value, names)
  const condition = having && typeCondition(having.value, names).expr
  const keys = (group?.items ?? []).map(key => ({ at: key.at, expr: keyed(typeExpression(key, names)) }))
  for (const { at, expr } of keys)
    if (!equalities.some(({ inner }) => JSON.stringify(inner) === JSON.stringify(expr)))
      fail(environment, 'a key of GROUP BY here must be compared with the rows around the subquery', at)
  const { aggregates } = gatherer
  if (aggregates.length + keys.length === 0 || gatherer.windows.length > 0 || group?.sets)
    fail(
      environment,
      'a subquery that compares its rows with those around it stands for one value where it is an aggregate',
      query.at,
    )

  const count = counting([], environment)
  const lookup = grouped(relation.plan, equalities, [...aggregates, count], environment)
  const places = attach(lookup)
  const [rows] = places.slice(-1)
  const gathered = new Map<string, Expr>()
  for (const [i, { operand }] of lookup.relation.columns.entries()) {
    const place = places[i]
    const aggregate = aggregates[i - equalities.length]
    if (operand.op === 'column' && place && place.op !== 'null')
      gathered.set(operand.name, aggregate ? orOfNone(place, aggregate) : place)
  }
  const known = new Set(aggregates.map(({ id }) => id))
  const grouping = group ? (lookup.relation.plan.op === 'aggregate' ? lookup.relation.plan.keys : []) : []
  const placed = (operand: Operand, at: number): Operand => {
    const over = regroupOperand(operand, grouping, known)
    if (!over) return fail(environment, 'this reads a column that is not within an aggregate; take first(…) of it', at)
    return over.op === 'null' ? over : replaceColumns(over, column => gathered.get(column.name) ?? column)
  }
  const value = placed(written, item.value.at)
  const isGiven = [
    ...(condition && having ? [placed(condition, having.value.at)] : []),
    ...(group && rows && rows.op !== 'null' ? [makeCall('isnotnull', [rows], 'boolean')] : []),
  ].flatMap(expr => (expr.op === 'null' ? [] : [expr]))
  return isGiven.reduce<Operand>(
    (given, test) =>
      given.op === 'null' ? given : makeCall('if', [test, given, encodeLiteral(null, given.type)], given.type),
    value,
  )
}

/** An aggregate, with its value for no rows. */
function orOfNone(place: Expr, { name, type }: Aggregate): Expr {
  if (name === 'count' || name === 'count_if') return makeCall('coalesce', [place, encodeLiteral(0n, type)], type)
  if (name !== 'collect_list' && name !== 'collect_set') return place
  return makeCall('coalesce', [place, makeCall('array', [], type)], type)
}
