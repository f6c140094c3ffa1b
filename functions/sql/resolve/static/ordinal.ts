import type { Syntax } from '../../parse/syntax.ts'
import { type Context, fail } from '../../typing/context.ts'
import type { Operand } from '../../typing/operand.ts'
import type { ScopeColumn } from '../scope.ts'

/** `GROUP BY 1` and `ORDER BY 2`: the operand of that column of the select list; null for what is no whole number. */
export function ordinal(syntax: Syntax, columns: readonly ScopeColumn[], context: Context): Operand | null {
  if (syntax.kind !== 'literal' || syntax.type !== 'int') return null
  const column = columns[Number(syntax.value) - 1]
  if (!column)
    return fail(context, `there is no column ${syntax.value} in the select list of ${columns.length}`, syntax.at)
  return column.operand
}
