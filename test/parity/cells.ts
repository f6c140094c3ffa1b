import { decodeLiteral } from '../../functions/sql/literal.ts'
import { isList, type SqlType, type Value } from '../../functions/sql/types.ts'

/** A cell of fixtures/expected.json (expect.py says how values are written). */
export type Cell = string | number | boolean | null | readonly Cell[]

export function encodeCell(value: Value, type: SqlType): Cell {
  if (isList(value)) return value.map((part, i) => encodeCell(part, partOf(type, i)))
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number' || (type !== 'float' && type !== 'double')) return value
  if (Object.is(value, -0)) return '-0.0'
  return Number.isFinite(value) ? value : String(value)
}

/** The value that encodeCell, or spark.py, wrote. */
export function decodeCell(cell: Cell, type: SqlType): Value {
  if (typeof cell === 'object' && cell !== null) return cell.map((part, i) => decodeCell(part, partOf(type, i)))
  return decodeLiteral({ op: 'literal', value: cell, type })
}

/** The type of a value's part: an element, an entry of a map as a struct of key and value, or a field. */
function partOf(type: SqlType, index: number): SqlType {
  if (typeof type === 'string' || type.kind === 'decimal') throw new TypeError('a list has the type of a scalar')
  if (type.kind === 'array') return type.element
  if (type.kind === 'struct') return type.fields[index]?.type ?? 'string'
  return {
    kind: 'struct',
    fields: [
      { name: 'key', type: type.key },
      { name: 'value', type: type.value },
    ],
  }
}
