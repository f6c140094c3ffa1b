import type { Expr } from '../../expr.ts'
import { encodeLiteral } from '../../literal.ts'
import type { CallSyntax, NamedWindow, OrderItem, Syntax, Window } from '../../parse/syntax.ts'
import { type Aggregate, type PlanOrder, STATIC_VIEW, type WindowFunction } from '../../static-plan.ts'
import { printType } from '../../type-text.ts'
import { isNested } from '../../types.ts'
import { gatheredOperands, typeAggregate, typeRanking } from '../../typing/aggregates.ts'
import { type Context, fail } from '../../typing/context.ts'
import { gatheringName, isGathering, isRanking } from '../../typing/gathering.ts'
import { makeCall } from '../../typing/make-call.ts'
import { castOperand, type Operand } from '../../typing/operand.ts'
import { sourceText, typeExpression } from '../../typing/typer.ts'
import { typeCondition } from '../conditions.ts'
import { type ScopeColumn, sameName } from '../scope.ts'
import { windowFrame } from './frame.ts'
import type { GroupingCall } from './grouping-calls.ts'

/** The windows of one PARTITION BY and ORDER BY. */
export interface GatheredWindow {
  readonly partition: readonly Expr[]
  readonly order: readonly PlanOrder[]
  readonly functions: WindowFunction[]
}

/** Takes the aggregates and window functions out of the expressions of one SELECT; a column stands for each of them. */
export class Gatherer {
  readonly aggregates: Aggregate[] = []
  readonly windows: GatheredWindow[] = []
  readonly groupings: GroupingCall[] = []
  readonly #known = new Map<string, Operand>()
  readonly #named: readonly NamedWindow[]
  readonly #newId: () => string

  constructor(named: readonly NamedWindow[], newId: () => string) {
    this.#named = named
    this.#newId = newId
  }

  /** The context in which aggregates and windows are taken out. */
  within(plain: Context): Context {
    const context: Context = {
      ...plain,
      gather: (call, note) =>
        note ? this.#gather(call, { ...plain, note }, { ...context, note }) : this.#gather(call, plain, context),
    }
    return context
  }

  #gather(call: CallSyntax, plain: Context, context: Context): Operand | null {
    if (!isGathering(call)) return null
    const grouping = /^grouping(_id)?$/i.test(call.name.text)
    if (grouping) return this.#grouping(call, plain)
    const name = gatheringName(call.name.text)
    const word = call.name.text.toUpperCase()
    if (!name) return fail(plain, `${word} ${whyMissing(word)}`, call.at)
    if (call.form?.over) return this.#window(call, call.form.over, context)
    if (isRanking(name)) return fail(plain, `${word} needs OVER (PARTITION BY … ORDER BY …)`, call.at)
    const inner: Context = { ...plain, gather: nested => failNested(nested, plain) }
    const { args, ignoreNulls, type } = this.#typed(call, inner)
    const { filter = null, distinct = false } = call.form ?? {}
    if (distinct && args.length === 0) fail(plain, `${word}(DISTINCT) needs an argument`, call.at)
    const condition = filter && typeCondition(filter, inner).expr
    const text = sourceText(call, plain.sql)
    const made = { name, args, distinct, ignoreNulls, filter: condition, type, text }
    const column = this.#once('aggregate', made, id => this.aggregates.push({ id, ...made }))
    return upwards(call, column, plain)
  }

  /** GROUPING and GROUPING_ID, which are known where the keys of GROUP BY are. */
  #grouping(call: CallSyntax, plain: Context): Operand {
    const name = call.name.text.length > 'grouping'.length ? 'grouping_id' : 'grouping'
    if (call.form) fail(plain, `${name.toUpperCase()} takes none of the clauses of an aggregate`, call.form.at)
    if (name === 'grouping' && call.args.length !== 1) fail(plain, 'GROUPING takes one key of GROUP BY', call.at)
    const args = call.args.map(arg => keyed(typeExpression(arg, plain)))
    const made = { name, args, type: name === 'grouping' ? 'tinyint' : 'bigint' } as const
    return this.#once('grouping', made, id => this.groupings.push({ id, name, args, at: call.at }))
  }

  #typed(call: CallSyntax, inner: Context) {
    const { form } = call
    const name = gatheringName(call.name.text) ?? 'count'
    if (form?.star && (name !== 'count' || form.distinct))
      fail(inner, `only COUNT takes a *; list the columns`, form.at)
    const written = form?.star ? [] : call.args.map(arg => typeExpression(arg, inner))
    const ordered = form?.within ? typeExpression(form.within.value, inner) : null
    const operands = gatheredOperands(
      call.name.text,
      written,
      ordered && (form?.within?.descending ? negative(ordered) : ordered),
    )
    if ('wrong' in operands) return fail(inner, `${call.name.text.toUpperCase()} ${operands.wrong}`, call.at)
    if (!form?.star && name === 'count' && operands.length === 0) fail(inner, 'COUNT needs an argument, or *', call.at)
    const typed = isRanking(name)
      ? typeRanking(name, operands, form?.ignoreNulls ?? false)
      : typeAggregate(name, operands, form?.ignoreNulls ?? false)
    if ('wrong' in typed) return fail(inner, `${call.name.text.toUpperCase()} ${typed.wrong}`, call.at)
    if (form?.ignoreNulls && !/^(first|last|lag|lead|nth_value)$/.test(name))
      fail(inner, `IGNORE NULLS does not go with ${call.name.text.toUpperCase()}`, form.at)
    return typed
  }

  #window(call: CallSyntax, over: Window, context: Context): Operand {
    const inner: Context = {
      ...context,
      gather: nested => (nested.form?.over ? failNested(nested, context) : (context.gather?.(nested) ?? null)),
    }
    const name = gatheringName(call.name.text) ?? 'count'
    const word = call.name.text.toUpperCase()
    if (call.form?.distinct)
      fail(inner, `${word}(DISTINCT …) OVER is not in Spark; use size(collect_set(…) OVER …)`, call.at)
    if (call.form?.filter) fail(inner, 'FILTER does not go with OVER; use CASE inside the aggregate', call.at)
    const { partition, order, frame } = this.#meant(over, context)
    const { args, type, ignoreNulls } = this.#typed(call, inner)
    const keys = partition.map(syntax => keyed(typeExpression(syntax, inner)))
    const sorted = orderBy(order, inner)
    const made = {
      name,
      args,
      ignoreNulls,
      frame: windowFrame(word, name, sorted, frame, inner, over.at),
      type,
      text: sourceText(call, context.sql),
    }
    const within = JSON.stringify([keys, sorted])
    const place = this.windows.find(({ partition, order }) => JSON.stringify([partition, order]) === within)
    const window = place ?? { partition: keys, order: sorted, functions: [] }
    if (!place) this.windows.push(window)
    const column = this.#once(within, made, id => window.functions.push({ id, ...made }))
    return upwards(call, column, context)
  }

  /** The window itself, or that of the WINDOW clause that it names. */
  #meant(window: Window, context: Context): Window {
    const { base } = window
    if (!base) return window
    const found = this.#named.find(({ name }) => sameName(name.text, base.text))
    if (!found) return fail(context, `there is no window ${base.text}`, base.at)
    return found.window.base
      ? fail(context, 'a window of the WINDOW clause must be written out', found.window.at)
      : found.window
  }

  /** The column of a call; equal calls have one. */
  #once(where: string, made: { readonly type: Aggregate['type'] }, add: (id: string) => void): Operand {
    const text = `${where} ${JSON.stringify(made)}`
    const known = this.#known.get(text)
    if (known) return known
    const id = this.#newId()
    add(id)
    const column: Operand = { op: 'column', view: STATIC_VIEW, name: id, type: made.type }
    this.#known.set(text, column)
    return column
  }
}

/** A double the other way round, so that the greatest comes first. */
function negative(operand: Operand): Operand {
  const double = castOperand(operand, 'double')
  return double ? makeCall('-', [ZERO, double], 'double') : operand
}

const ZERO = encodeLiteral(0, 'double')

/** Undoes the negation of what was gathered in descending order. */
function upwards({ form }: CallSyntax, column: Operand, context: Context): Operand {
  if (!form?.within?.descending) return column
  if (column.op === 'null' || column.type !== 'double')
    return fail(context, 'several percentages need ascending order; write ORDER BY without DESC', form.within.value.at)
  return negative(column)
}

function whyMissing(word: string): string {
  if (/PERCENTILE/.test(word))
    return 'is an estimate that depends on how Spark splits the rows; use PERCENTILE, or PERCENTILE_DISC for a value that is there'
  if (word === 'APPROX_COUNT_DISTINCT') return 'is an estimate; use count(DISTINCT …)'
  if (/SKETCH|HLL|BITMAP|HISTOGRAM/.test(word))
    return 'makes a sketch, which only Spark can read or which depends on how it splits the rows'
  return 'is not supported; docs/sql.md lists the aggregates and window functions'
}

function failNested(call: CallSyntax, context: Context): null {
  if (!isGathering(call)) return null
  const over = call.form?.over ? 'a window function' : 'an aggregate'
  return fail(context, `${over} can't stand within another; compute the inner one in a subquery`, call.at)
}

/** A bare NULL is a key like any other. */
export function keyed(operand: Operand): Expr {
  return operand.op === 'null'
    ? (castOperand(operand, 'string') ?? { op: 'literal', value: null, type: 'string' })
    : operand
}

/** The items of ORDER BY. A whole number is one of `columns`, if there are any. */
export function orderBy(
  items: readonly OrderItem[],
  context: Context,
  columns: readonly ScopeColumn[] = [],
): PlanOrder[] {
  return items.map(({ value, descending, nullsFirst }) => {
    const column = columns.length > 0 ? ordinal(value, columns, context) : null
    const expr = keyed(column ?? typeExpression(value, context))
    if (isNested(expr.type)) fail(context, `can't order by ${printType(expr.type)}; order by a part of it`, value.at)
    return { expr, descending, nullsFirst }
  })
}

/** `GROUP BY 1` and `ORDER BY 2`: the operand of that column of the select list; null if it is not a whole number. */
export function ordinal(syntax: Syntax, columns: readonly ScopeColumn[], context: Context): Operand | null {
  if (syntax.kind !== 'literal' || syntax.type !== 'int') return null
  const column = columns[Number(syntax.value) - 1]
  if (!column)
    return fail(context, `there is no column ${syntax.value} in the select list of ${columns.length}`, syntax.at)
  return column.operand
}

/** The context of a clause that is tested before rows are gathered. */
export function ungathered(context: Context, clause: string): Context {
  const refuse = (at: number) =>
    fail(
      context,
      `${clause} is tested before aggregates and windows are computed; use HAVING, QUALIFY or a subquery`,
      at,
    )
  return { ...context, gather: call => (isGathering(call) ? refuse(call.at) : null) }
}
