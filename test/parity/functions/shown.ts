import type { Expr } from '../../../functions/sql/expr.ts'
import type { ArgumentColumn } from './arguments.ts'
import { columnNames } from './calls.ts'

/** The arguments of one row that an expression reads, as `s = "a", i = 1`. */
export function shownRow(columns: readonly ArgumentColumn[], expr: Expr, row: number): string {
  const used = columnNames(expr)
  return columns
    .flatMap(({ name, cells }) => (used.has(name) ? [`${name} = ${JSON.stringify(cells[row])}`] : []))
    .join(', ')
}
