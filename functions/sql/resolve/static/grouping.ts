import { columnsUsed } from '../../evaluate.ts'
import type { Query, Syntax } from '../../parse/syntax.ts'
import type { Aggregate, ComputedColumn, StaticPlan } from '../../static-plan.ts'
import { type Context, fail } from '../../typing/context.ts'
import type { Operand } from '../../typing/operand.ts'
import { typeExpression } from '../../typing/typer.ts'
import type { Environment } from '../environment.ts'
import { resolveName } from '../scope.ts'
import type { SelectedColumn } from '../select-list.ts'
import { keyed } from './gatherer.ts'
import { ordinal } from './ordinal.ts'
import { regroupOperand } from './regroup.ts'

/** The rows behind GROUP BY, and what an expression over the rows before it is there. */
export interface Regrouped {
  readonly plan: StaticPlan
  /** Throws InvalidQuery where a column is neither a key nor within an aggregate. */
  readonly rewrite: (operand: Operand, at: number) => Operand
}

/** The keys of GROUP BY: expressions, ordinals and names of the select list, which come behind those of columns. */
export function groupKeys(
  query: Query,
  selected: readonly SelectedColumn[],
  gathered: ReadonlySet<string>,
  context: Context,
): Operand[] {
  const aliases = { columns: selected, relations: [] }
  const names: Context = {
    ...context,
    resolve: parts => context.resolve(parts) ?? (parts.length === 1 ? resolveName(aliases, parts, context.sql) : null),
  }
  const isGathered = (operand: Operand) =>
    operand.op !== 'null' && columnsUsed(operand).some(({ name }) => gathered.has(name))
  const { items = [] } = query.group ?? {}
  const [only] = items
  if (only && items.length === 1 && isAll(only) && !context.resolve(only.parts))
    return selected.map(({ operand }) => operand).filter(operand => !isGathered(operand))
  return items.map(item => {
    refuseSets(item, context)
    const key = ordinal(item, selected, context) ?? typeExpression(item, names)
    if (isGathered(key)) fail(context, 'a key of GROUP BY can hold no aggregate and no window function', item.at)
    return key
  })
}

/** `GROUP BY ALL`: everything in the select list that is no aggregate. */
function isAll(syntax: Syntax): syntax is Extract<Syntax, { kind: 'name' }> {
  return syntax.kind === 'name' && syntax.parts.length === 1 && syntax.parts[0]?.text.toUpperCase() === 'ALL'
}

function refuseSets(item: Syntax, context: Context): void {
  if (item.kind === 'call' && /^(rollup|cube)$/i.test(item.name.text))
    fail(context, `${item.name.text.toUpperCase()} is not supported; write a UNION ALL of the groupings`, item.at)
}

/** Groups rows by keys. `known` are the columns that can be read behind it: aggregates, windows, scalar subqueries. */
export function regrouped(
  input: StaticPlan,
  operands: readonly Operand[],
  aggregates: readonly Aggregate[],
  known: ReadonlySet<string>,
  environment: Environment,
): Regrouped {
  const keys = operands.map((operand): ComputedColumn => ({ id: environment.newId(), expr: keyed(operand) }))
  return {
    plan: { op: 'aggregate', input, keys, aggregates },
    rewrite: (operand, at) =>
      regroupOperand(operand, keys, known) ??
      fail(
        environment,
        'this reads a column that is neither in GROUP BY nor within an aggregate; add it there, or take first(…) of it',
        at,
      ),
  }
}
