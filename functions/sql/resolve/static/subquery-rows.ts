import type { InQuery, Query, SelectItem } from '../../parse/syntax.ts'
import { someSyntax } from '../../parse/walk.ts'
import { accepted, type Context, fail } from '../../typing/context.ts'
import { isGathering } from '../../typing/gathering.ts'
import { NULL, type Operand } from '../../typing/operand.ts'
import { typeMembership } from '../../typing/operators.ts'
import { typeExpression } from '../../typing/typer.ts'
import type { Condition } from '../conditions.ts'
import type { Environment } from '../environment.ts'
import type { Scope } from '../scope.ts'
import { resolveStaticFrom } from './from.ts'
import { ungathered } from './gatherer.ts'
import { resolveStatic, withStatics } from './query.ts'
import type { StaticRelation } from './relation.ts'
import { whereStatic } from './where.ts'

/** The rows of a subquery in EXISTS or IN. */
export interface SubqueryRows {
  readonly relation: StaticRelation
  /** What compares them with the rows around. */
  readonly conditions: readonly Condition[]
  /** What the subquery selects. */
  readonly selected: () => readonly Operand[]
}

/** Resolves a subquery; one that only filters can name columns of the query around it. Throws InvalidQuery. */
export function subqueryRows(query: Query, around: Scope, environment: Environment): SubqueryRows {
  const { from, group, having, qualify, windows, sets, distinct, limit, offset } = query
  const gathers = group ?? having ?? qualify ?? windows[0] ?? sets[0] ?? distinct ?? limit ?? offset
  if (!from || gathers || query.select.some(isGathered)) {
    const relation = resolveStatic(query, environment)
    return { relation, conditions: [], selected: () => relation.columns.map(({ operand }) => operand) }
  }
  const inner = withStatics(query, environment)
  const { relation, correlated, context } = whereStatic(resolveStaticFrom(from, inner), query, inner, around)
  return {
    relation,
    conditions: correlated,
    selected: () => select(query.select, relation, ungathered(context, 'WHERE')),
  }
}

function isGathered(item: SelectItem): boolean {
  return item.kind === 'expression' && someSyntax(item.value, part => part.kind === 'call' && isGathering(part))
}

function select(items: readonly SelectItem[], { columns }: StaticRelation, context: Context): Operand[] {
  return items.flatMap(item =>
    item.kind === 'expression' ? [typeExpression(item.value, context)] : columns.map(({ operand }) => operand),
  )
}

/** `values IN (SELECT selected …)`: an equality for each column. */
export function memberships(
  values: readonly Operand[],
  selected: readonly Operand[],
  { value, query }: InQuery,
  { sql }: Environment,
): Condition[] {
  if (selected.length !== values.length) {
    const count = values.length === 1 ? 'one column' : `${values.length} columns`
    fail({ sql }, `the subquery of IN must select ${count}`, query.at)
  }
  const text = `${sql.slice(value.at, value.end)} IN (…)`
  return values.map((operand, i) => {
    return { expr: accepted(typeMembership(operand, selected[i] ?? NULL), { sql }, value.at), text }
  })
}
