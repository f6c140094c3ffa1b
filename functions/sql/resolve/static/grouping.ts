import { columnsUsed } from '../../evaluate.ts'
import type { Query, Syntax } from '../../parse/syntax.ts'
import type { ComputedColumn, GroupingSets, StaticPlan } from '../../static-plan.ts'
import { type Context, fail } from '../../typing/context.ts'
import { isGathering } from '../../typing/gathering.ts'
import type { Operand } from '../../typing/operand.ts'
import { typeExpression } from '../../typing/typer.ts'
import type { Environment } from '../environment.ts'
import { aliased, type SelectedColumn } from '../select-list.ts'
import { type Gatherer, keyed, ordinal } from './gatherer.ts'
import { groupingColumns } from './grouping-calls.ts'
import { regroupOperand } from './regroup.ts'

/** The rows after GROUP BY, and what an expression over the rows before it is there. */
interface Regrouped {
  readonly plan: StaticPlan
  /** Throws InvalidQuery where a column is neither a key nor within an aggregate. */
  readonly rewrite: (operand: Operand, at: number) => Operand
  readonly keyColumns: readonly ComputedColumn[]
}

/** What GROUP BY groups by. */
interface GroupKeys {
  /** Each once. */
  readonly keys: readonly Operand[]
  /** The places of each grouping's keys; null for one grouping by all keys. */
  readonly groupings: GroupingSets['groupings'] | null
}

/** The keys of GROUP BY: expressions, ordinals and names of the select list, which come after those of columns. */
export function groupKeys(
  query: Query,
  selected: readonly SelectedColumn[],
  gathered: ReadonlySet<string>,
  context: Context,
): GroupKeys {
  const refuse = (at: number) => fail(context, 'a key of GROUP BY can hold no aggregate and no window function', at)
  const names: Context = {
    ...aliased(context, selected),
    gather: call => (isGathering(call) ? refuse(call.at) : null),
  }
  const isGathered = (operand: Operand) =>
    operand.op !== 'null' && columnsUsed(operand).some(({ name }) => gathered.has(name))
  const { items, sets } = query.group ?? { items: [], sets: null }
  const [only] = items
  if (only && !sets && items.length === 1 && isAll(only) && !context.resolve(only.parts))
    return { keys: selected.map(({ operand }) => operand).filter(operand => !isGathered(operand)), groupings: null }
  const keyOf = (item: Syntax) => {
    const key = ordinal(item, selected, context) ?? typeExpression(item, names)
    return isGathered(key) ? refuse(item.at) : key
  }
  const keys = new Map<string, Operand>()
  for (const item of items) {
    const key = keyOf(item)
    if (!keys.has(textOf(key))) keys.set(textOf(key), key)
  }
  if (sets && keys.size > MAX_KEYS) fail(context, `there are more than ${MAX_KEYS} keys`, query.group?.at ?? query.at)
  const places = [...keys.keys()]
  const placeOf = (item: Syntax) => {
    const place = places.indexOf(textOf(keyOf(item)))
    return place >= 0 ? place : fail(context, 'GROUPING SETS takes keys of the GROUP BY before it', item.at)
  }
  return { keys: [...keys.values()], groupings: sets?.map(set => [...new Set(set.map(placeOf))]) ?? null }
}

/** A bigint has a bit for each key, and stays positive. */
const MAX_KEYS = 63

/** `GROUP BY ALL`: everything in the select list that is not an aggregate. */
function isAll(syntax: Syntax): syntax is Extract<Syntax, { kind: 'name' }> {
  return syntax.kind === 'name' && syntax.parts.length === 1 && syntax.parts[0]?.text.toUpperCase() === 'ALL'
}

/** Equal for expressions that are one key. */
function textOf(operand: Operand): string {
  return JSON.stringify(keyed(operand))
}

/** Groups rows by keys. `known` are the columns that can be read after it: aggregates, windows, scalar subqueries. */
export function regrouped(
  input: StaticPlan,
  { keys: operands, groupings }: GroupKeys,
  { aggregates, groupings: calls }: Pick<Gatherer, 'aggregates' | 'groupings'>,
  known: ReadonlySet<string>,
  environment: Environment,
): Regrouped {
  const keys = operands.map((operand): ComputedColumn => ({ id: environment.newId(), expr: keyed(operand) }))
  const sets = groupings && { groupings, id: environment.newId() }
  const plan: StaticPlan = { op: 'aggregate', input, keys, aggregates, ...(sets && { sets }) }
  const columns = groupingColumns(calls, keys, sets?.id ?? null, environment)
  return {
    plan: columns.length > 0 ? { op: 'extend', input: plan, columns } : plan,
    keyColumns: keys,
    rewrite: (operand, at) =>
      regroupOperand(operand, keys, known) ??
      fail(
        environment,
        'this reads a column that is neither in GROUP BY nor within an aggregate; add it there, or take first(…) of it',
        at,
      ),
  }
}
