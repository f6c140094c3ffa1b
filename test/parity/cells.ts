import type { SqlType, Value } from '../../functions/sql/types.ts'

/** A cell of fixtures/expected.json (expect.py says how values are written). */
export type Cell = string | number | boolean | null

export function encodeCell(value: Value, type: SqlType): Cell {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'number' || (type !== 'float' && type !== 'double')) return value
  if (Object.is(value, -0)) return '-0.0'
  return Number.isFinite(value) ? value : String(value)
}
