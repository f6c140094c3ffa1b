import { columnsUsed, evaluator } from '../evaluate.ts'
import type { LiteralValue } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import type { Syntax } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import type { Column } from '../types.ts'
import { concrete, wider } from '../typing/common-type.ts'
import { type Context, fail } from '../typing/context.ts'
import { castOperand } from '../typing/operand.ts'
import { typeExpression } from '../typing/typer.ts'
import type { Environment } from './environment.ts'

/**
 * The columns of VALUES, `col1` and so on, each of the type that holds all its values, and its rows as literals. Throws
 * InvalidQuery for rows of different lengths and for what is no constant.
 */
export function typeValues(
  rows: readonly (readonly Syntax[])[],
  { sql, now }: Environment,
): { readonly columns: readonly Column[]; readonly values: readonly (readonly LiteralValue[])[] } {
  const context: Context = {
    ...{ sql, now, resolve: () => null },
    unknown: parts => {
      const name = parts.map(({ text }) => text).join('.')
      return fail({ sql }, `VALUES takes constants, and ${name} is none`, parts[0]?.at ?? 0)
    },
  }
  const [first = []] = rows
  const uneven = rows.find(row => row.length !== first.length)
  if (uneven) {
    fail({ sql }, `a row of VALUES has ${uneven.length} values, and the first has ${first.length}`, uneven[0]?.at ?? 0)
  }
  const operands = rows.map(row => row.map(syntax => typeExpression(syntax, context)))
  const columns = first.map(({ at }, i): Column => {
    const types = operands.map(row => row[i]?.type ?? 'void')
    const type = wider(types)
    if (type === null) {
      const known = [...new Set(types.map(each => (each === 'void' ? 'NULL' : printType(each))))].join(' and ')
      return fail({ sql }, `column ${i + 1} of VALUES has values of ${known}, which have no type in common`, at)
    }
    return { name: `col${i + 1}`, type: concrete(type) }
  })
  const values = operands.map(row =>
    row.map((operand, i) => {
      const type = columns[i]?.type ?? 'string'
      const cast = castOperand(operand, type)
      if (!cast || columnsUsed(cast).length > 0) throw new RangeError('a value that is no constant')
      return encodeLiteral(evaluator(cast, [])([]), type).value
    }),
  )
  return { columns, values }
}
