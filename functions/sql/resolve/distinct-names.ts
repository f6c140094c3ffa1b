import type { Expr, View } from '../expr.ts'
import type { Operand } from '../typing/operand.ts'
import type { Condition } from './conditions.ts'
import type { ScopeColumn } from './scope.ts'
import type { Source } from './source.ts'
import { replaceColumns } from './static/regroup.ts'

/** A source whose dimensions have other names than those of another: a table that is joined twice is two dimensions. */
export function distinctFrom(source: Source, other: Source): Source {
  const taken = new Set([...other.dimensions, ...(other.pending?.dimensions ?? [])].map(({ name }) => name))
  return source.dimensions.reduce((named, { name }) => {
    if (!taken.has(name)) return named
    const own = new Set(named.dimensions.map(dimension => dimension.name))
    let number = 2
    while (taken.has(`${name}_${number}`) || own.has(`${name}_${number}`)) number++
    return withName(named, name, `${name}_${number}`)
  }, source)
}

function withName(source: Source, from: View, to: View): Source {
  const column = ({ name, operand }: ScopeColumn): ScopeColumn => ({ name, operand: renamedOperand(operand, from, to) })
  const condition = ({ expr, text }: Condition): Condition => ({ expr: renamedView(expr, from, to), text })
  return {
    ...source,
    columns: source.columns.map(column),
    relations: source.relations.map(relation => ({ ...relation, columns: relation.columns.map(column) })),
    where: source.where.map(condition),
    dimensions: source.dimensions.map(dimension =>
      dimension.name === from ? { table: from, ...dimension, name: to } : dimension,
    ),
  }
}

function renamedOperand(operand: Operand, from: View, to: View): Operand {
  if (operand.op !== 'null') return renamedView(operand, from, to)
  return operand.column?.view === from ? { ...operand, column: { ...operand.column, view: to } } : operand
}

function renamedView(expr: Expr, from: View, to: View): Expr {
  return replaceColumns(expr, column => (column.view === from ? { ...column, view: to } : column))
}
