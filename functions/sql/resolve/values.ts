import { columnsUsed, evaluator } from '../evaluate.ts'
import type { Literal } from '../expr.ts'
import { encodeLiteral } from '../literal.ts'
import type { Syntax } from '../parse/syntax.ts'
import { printType } from '../type-text.ts'
import { concrete, wider } from '../typing/common-type.ts'
import { type Context, fail } from '../typing/context.ts'
import { castOperand, type Operand } from '../typing/operand.ts'
import { typeExpression } from '../typing/typer.ts'

interface TypedValues {
  /** `col1` and so on, each of the type that holds all its values. */
  readonly columns: readonly { readonly name: string; readonly type: Operand['type'] }[]
  readonly rows: readonly (readonly Literal[])[]
}

/** The columns and rows of VALUES. Throws InvalidQuery for rows of different lengths and for what is not constant. */
export function typeValues(
  rows: readonly (readonly Syntax[])[],
  around: Pick<Context, 'sql' | 'now' | 'gather'>,
): TypedValues {
  const context: Context = {
    ...around,
    resolve: () => null,
    unknown: parts => {
      const name = parts.map(({ text }) => text).join('.')
      return fail(around, `VALUES takes constants, and ${name} is not one`, parts[0]?.at ?? 0)
    },
  }
  const [first = []] = rows
  const uneven = rows.find(row => row.length !== first.length)
  if (uneven) {
    fail(around, `a row of VALUES has ${uneven.length} values, and the first has ${first.length}`, uneven[0]?.at ?? 0)
  }
  const operands = rows.map(row => row.map(syntax => typeExpression(syntax, context)))
  const columns = first.map(({ at }, i) => {
    const types = operands.map(row => row[i]?.type ?? 'void')
    const type = wider(types)
    if (type === null) {
      const known = [...new Set(types.map(each => (each === 'void' ? 'NULL' : printType(each))))].join(' and ')
      return fail(around, `column ${i + 1} of VALUES has values of ${known}, which have no type in common`, at)
    }
    return { name: `col${i + 1}`, type }
  })
  const literal = (operand: Operand, i: number): Literal => {
    const type = concrete(columns[i]?.type ?? 'void')
    const cast = castOperand(operand, type)
    if (!cast || columnsUsed(cast).length > 0) throw new RangeError('a value that is not a constant')
    return encodeLiteral(evaluator(cast, [])([]), type)
  }
  return { columns, rows: operands.map(row => row.map(literal)) }
}
