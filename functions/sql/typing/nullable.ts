import { definitionOf } from '../calls/table.ts'
import { isInteger } from '../evaluate/integer.ts'
import type { Expr } from '../expr.ts'
import { decimalOf, type SqlType } from '../types.ts'

/**
 * Whether an expression can be NULL, as far as its form tells. Columns always can: Parquet's are optional to Spark too.
 */
export function isNullable(expr: Expr): boolean {
  if (expr.op === 'column') return expr.view !== 'file'
  if (expr.op === 'lambda') return false
  if (expr.op === 'variable') return true
  if (expr.op === 'literal') return expr.value === null
  const any = expr.args.some(isNullable)
  if (expr.name === 'cast' || expr.name === 'try_cast')
    return any || castCanFail(expr.args[0]?.type ?? 'string', expr.type, expr.name)
  switch (definitionOf(expr.name)?.nulls) {
    case 'never':
      return false
    case 'all':
      return expr.args.every(isNullable)
    case 'any':
      return any
    case 'own':
      return ownRule(expr.name, expr.args)
    default:
      return expr.name === '+' || expr.name === '-' || expr.name === '*' ? any || decimalOf(expr.type) !== null : true
  }
}

function ownRule(name: string, args: readonly Expr[]): boolean {
  switch (name) {
    case 'concat_ws':
      return args[0] ? isNullable(args[0]) : true
    case 'locate':
      return args.slice(0, 2).some(isNullable)
    case 'mask':
      return args.slice(0, 1).some(isNullable)
    case 'elt':
      return true
    case 'if':
    case 'case':
      return args.some((arg, i) => (i % 2 === 1 || i === args.length - 1) && isNullable(arg))
    default:
      return args.some(isNullable)
  }
}

function castCanFail(from: SqlType, to: SqlType, name: string): boolean {
  if (to === 'string' || to === 'binary') return false
  if (name === 'try_cast' || from === 'string' || decimalOf(to) !== null) return true
  if (from === 'date') return to !== 'timestamp'
  return to === 'timestamp' && !isInteger(from) && from !== 'boolean'
}
