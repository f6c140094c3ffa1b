import { inRange } from '../../base/at.ts'
import { columnsUsed, evaluator } from '../../sql/evaluate.ts'
import type { Expr } from '../../sql/expr.ts'
import type { Value } from '../../sql/types.ts'
import { formOf, type Vector, VectorBuilder, type Vectors, valuesByRow } from './vector.ts'

/** The column of a relation with this id. Throws RangeError if it was not asked for. */
export function columnOf(relation: Vectors, id: string): Vector {
  const vector = relation.columns.get(id)
  if (!vector) throw new RangeError(`a static plan has no column ${id} here`)
  return vector
}

/** An expression over all rows of a relation: a column as it is; anything else is evaluated once per value or per row. */
export function evaluateColumn(expr: Expr, relation: Vectors): Vector {
  if (expr.op === 'column') return columnOf(relation, expr.name)
  const builder = new VectorBuilder(expr.type)
  const read = columnsUsed(expr)
  const [only] = read
  const codes = new Int32Array(relation.rows)
  if (read.length < 2) {
    const evaluate = evaluator(expr, read)
    if (!only) return builder.vector(codes.fill(builder.code(evaluate([]))))
    const codeOf = perValue(columnOf(relation, only.name), value => builder.code(evaluate([value])))
    for (let row = 0; row < codes.length; row++) codes[row] = codeOf(row)
    return builder.vector(codes)
  }
  const cellOf = evaluateByRow(expr, relation)
  for (let row = 0; row < codes.length; row++) codes[row] = builder.code(cellOf(row))
  return builder.vector(codes)
}

/** The value of an expression in each row of a relation. */
export function evaluateByRow(expr: Expr, relation: Vectors): (row: number) => Value {
  const read = columnsUsed(expr)
  const evaluate = evaluator(expr, read)
  const cells = read.map(({ name }) => valuesByRow(columnOf(relation, name)))
  const values: Value[] = cells.map(() => null)
  return row => {
    for (let i = 0; i < cells.length; i++) values[i] = cells[i]?.(row) ?? null
    return evaluate(values)
  }
}

const UNKNOWN = -2

/** A whole number for each row, computed once per value. */
function perValue({ type, codes, values }: Vector, compute: (value: Value) => number): (row: number) => number {
  const { read } = formOf(type)
  const known = new Int32Array(values.count + 1).fill(UNKNOWN)
  return row => {
    const code = inRange(codes[row])
    const before = inRange(known[code + 1])
    if (before !== UNKNOWN) return before
    const number = compute(code < 0 ? null : read(values, code))
    known[code + 1] = number
    return number
  }
}

/** The rows for which a condition is TRUE. */
export function rowsWhere(condition: Expr, relation: Vectors): Int32Array {
  const holds = trueIn(evaluateColumn(condition, relation))
  const rows = new Int32Array(relation.rows)
  let count = 0
  for (let row = 0; row < rows.length; row++) if (holds(row)) rows[count++] = row
  return rows.slice(0, count)
}

/** Whether a boolean column is TRUE in a row. */
export function trueIn({ codes, values }: Vector): (row: number) => boolean {
  return row => {
    const code = inRange(codes[row])
    return code >= 0 && values.bytes[code] === 1
  }
}
