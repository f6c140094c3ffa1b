import { columnsUsed } from '../../evaluate.ts'
import type { Expr } from '../../expr.ts'
import { decodeLiteral, encodeLiteral } from '../../literal.ts'
import type { FromItem, PivotItem, Syntax } from '../../parse/syntax.ts'
import { valuesOfRow } from '../../parse/walk.ts'
import type { Aggregate } from '../../static-plan.ts'
import { isNested } from '../../types.ts'
import { type Context, fail } from '../../typing/context.ts'
import { makeCall } from '../../typing/make-call.ts'
import { castOperand, type Operand } from '../../typing/operand.ts'
import { typeComparison } from '../../typing/operators.ts'
import { typeExpression } from '../../typing/typer.ts'
import type { Environment } from '../environment.ts'
import { nameOf } from '../name-of.ts'
import type { ScopeColumn } from '../scope.ts'
import { namesOf } from '../select-list.ts'
import { Gatherer, ungathered } from './gatherer.ts'
import { counting } from './lookup.ts'
import { regroupOperand, replaceColumns } from './regroup.ts'
import { exprOf, planColumn, planned, type StaticRelation } from './relation.ts'

type Pivot = Extract<FromItem, { kind: 'pivot' }>

/** One of the aggregates that PIVOT lists: an expression over `gathered`. */
interface Pivoted {
  readonly name: string
  readonly operand: Operand
}

/**
 * PIVOT as a GROUP BY of the columns that it does not name, with each aggregate once for each value, filtered by it. Throws
 * InvalidQuery.
 */
export function resolvePivot(item: Pivot, source: StaticRelation, environment: Environment): StaticRelation {
  const { newId } = environment
  const gatherer = new Gatherer([], newId)
  const names = namesOf(source, environment)
  const pivoted = item.aggregates.map(aggregate => typeItem(aggregate, gatherer.within(names), gatherer, environment))
  const columns = item.columns.map(column => typeExpression(column, ungathered(names, 'FOR')))
  const read = [
    ...columns,
    ...gatherer.aggregates.flatMap(({ args, filter }) => [...args, ...(filter ? [filter] : [])]),
  ]
  const named = new Set(read.flatMap(expr => (expr.op === 'null' ? [] : columnsUsed(expr))).map(({ name }) => name))
  const kept = source.columns.filter(({ operand }) => operand.op === 'column' && !named.has(operand.name))

  const { columns: groups, made: keys } = planned(kept, exprOf, environment)
  // Spark has NULL where no row has a value, unless one of the aggregates is neither a number nor a boolean.
  const isNullForNone = pivoted.every(({ operand }) => isSmall(operand))
  const aggregates: Aggregate[] = []
  const values = item.values.flatMap(value => {
    const condition = isValue(value, columns, names)
    const rows = { ...counting([], environment), filter: condition }
    const own = gatherer.aggregates.map(aggregate => filteredBy(aggregate, condition, isNullForNone, newId()))
    aggregates.push(...own, ...(isNullForNone ? [rows] : []))
    const places = new Map(gatherer.aggregates.map(({ id, type }, i) => [id, planColumn(own[i]?.id ?? id, type)]))
    return pivoted.map(({ name, operand }): ScopeColumn => {
      const column = pivoted.length === 1 ? nameOfValue(value, names) : `${nameOfValue(value, names)}_${name}`
      if (operand.op === 'null') return { name: column, operand }
      const over = replaceColumns(operand, column => places.get(column.name) ?? column)
      return { name: column, operand: isNullForNone ? whereAny(planColumn(rows.id, rows.type), over) : over }
    })
  })
  const { columns: pivotedColumns, made } = planned(values, exprOf, environment)
  const scope = [...groups, ...pivotedColumns]
  return {
    plan: { op: 'extend', input: { op: 'aggregate', input: source.plan, keys, aggregates }, columns: made },
    columns: scope,
    relations: [{ qualifier: null, columns: scope, metadata: false }],
  }
}

function typeItem({ value, alias }: PivotItem, context: Context, gatherer: Gatherer, { sql }: Environment): Pivoted {
  const typed = new Map<Syntax, Operand>()
  const operand = typeExpression(value, { ...context, note: (syntax, of) => typed.set(syntax, of) })
  const known = new Set(gatherer.aggregates.map(({ id }) => id))
  if (gatherer.windows.length > 0 || gatherer.groupings.length > 0 || !regroupOperand(operand, [], known))
    fail({ sql }, 'PIVOT takes aggregates of its columns', value.at)
  return { name: alias?.text ?? nameOf(value, sql, typed), operand }
}

function isSmall({ type }: Operand): boolean {
  return type !== 'void' && !isNested(type) && !/^(string|binary|date|timestamp)$/.test(String(type))
}

/** An aggregate of the rows for which a condition holds. FIRST and LAST skip NULLs where Spark makes NULLs of the other rows. */
function filteredBy(aggregate: Aggregate, condition: Expr, byRows: boolean, id: string): Aggregate {
  const { filter, name, ignoreNulls } = aggregate
  const both = filter ? makeCall('and', [condition, filter], 'boolean') : condition
  return { ...aggregate, id, filter: both, ignoreNulls: ignoreNulls || (!byRows && /^(first|last)$/.test(name)) }
}

function whereAny(rows: Expr, expr: Expr): Expr {
  const isAny = makeCall('>', [rows, encodeLiteral(0n, 'bigint')], 'boolean')
  return makeCall('if', [isAny, expr, encodeLiteral(null, expr.type)], expr.type)
}

/** Whether the columns have the value, which is cast to their types. */
function isValue({ value }: PivotItem, columns: readonly Operand[], context: Context): Expr {
  const parts = valuesOfRow(value)
  if (parts.length !== columns.length)
    fail(context, `a value of PIVOT has ${columns.length} parts here, not ${parts.length}`, value.at)
  const conditions = parts.map((part, i) => {
    const column = columns[i]
    const constant = typeExpression(part, context)
    if (constant.op !== 'literal' && constant.op !== 'null') fail(context, 'the values of PIVOT are constant', part.at)
    const cast = column && column.op !== 'null' ? castOperand(constant, column.type) : constant
    const typed = column && cast && typeComparison('<=>', column, cast)
    return typed && 'expr' in typed ? typed.expr : fail(context, "the column can't have this value; cast it", part.at)
  })
  const [only] = conditions
  return only && conditions.length === 1 ? only : makeCall('and', conditions, 'boolean')
}

/** The alias of a value, or its text: of several in braces. */
function nameOfValue({ value, alias }: PivotItem, context: Context): string {
  if (alias) return alias.text
  const parts = valuesOfRow(value)
  const texts = parts.map(part => {
    const text = castOperand(typeExpression(part, context), 'string')
    return text?.op === 'literal' ? String(decodeLiteral(text)) : 'null'
  })
  return parts.length === 1 ? (texts[0] ?? '') : `{${texts.join(', ')}}`
}
