import { inRange } from '../../base/at.ts'
import { codeValues } from '../../parquet/pages/coded-column.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import { columnsUsed, evaluator } from '../../sql/evaluate.ts'
import type { Expr } from '../../sql/expr.ts'
import { type SqlType, sameType, type Value } from '../../sql/types.ts'
import { isOwnKey, isSingle, keyOfParts } from './key-bytes.ts'
import { indexOfColumn, indexOfKeys, type KeyIndex } from './key-index.ts'
import type { OpenColumn } from './write-snapshot.ts'

/** Indexes the rows of the columns by key. */
export function keyIndex(columns: readonly OpenColumn[], keys: readonly JoinKey[], rows: number): KeyIndex {
  const byName = (name: string) => columns.findIndex(column => column.name.toLowerCase() === name.toLowerCase())
  const [first] = keys
  const own = first && isSingle(keys) && first.right.op === 'column' ? byName(first.right.name) : -1
  const ownColumn = columns[own]
  if (first && ownColumn && sameType(ownColumn.type, first.type) && isOwnKey(first.type)) {
    return indexOfColumn(own, ownColumn.table, ownColumn.codes)
  }
  const parts = keys.map(({ right, type }) => {
    const read = columnsUsed(right)
    const cells = read.map(({ name }): ((row: number) => Value) => {
      const column = columns[byName(name)]
      if (!column) return () => null
      const value = codeValues(column.table.values(), column.physical, column.type)
      return row => value(inRange(column.codes[row]))
    })
    const evaluate = evaluator(castExpr(right, type), read)
    return (row: number) => evaluate(cells.map(cell => cell(row)))
  })
  const bytesOf = keyOfParts(keys)
  function* all(): Generator<Uint8Array | null> {
    for (let row = 0; row < rows; row++) yield bytesOf(parts.map(part => part(row)))
  }
  return indexOfKeys(all(), rows)
}

/** An expression cast to the type in which a join compares both sides. */
export function castExpr(expr: Expr, type: SqlType): Expr {
  return sameType(expr.type, type) ? expr : { op: 'call', name: 'cast', args: [expr], type }
}
