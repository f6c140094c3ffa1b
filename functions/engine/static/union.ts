import { inRange } from '../../base/at.ts'
import { internUsed, tableOf, type Vector, type Vectors } from './vector.ts'

/** One column with the rows of all parts, one part after the other. */
export function unionColumn(parts: readonly Vector[]): Vector {
  const [first] = parts
  if (!first) throw new RangeError('a union has inputs')
  const { type } = first
  const table = tableOf(type)
  const codes = new Int32Array(parts.reduce((sum, part) => sum + part.codes.length, 0))
  let at = 0
  for (const part of parts) {
    const moved = internUsed(table, part)
    for (let row = 0; row < part.codes.length; row++) {
      const code = inRange(part.codes[row])
      codes[at++] = code < 0 ? -1 : inRange(moved[code])
    }
  }
  return { type, codes, values: table.values() }
}

/** The rows of all relations, one after the other: column i of each gets id i of the list. */
export function unionRows(
  ids: readonly string[],
  inputs: readonly { readonly relation: Vectors; readonly columns: readonly Vector[] }[],
): Vectors {
  const columns = ids.map((id, i) => {
    const parts = inputs.flatMap(({ columns }) => columns[i] ?? [])
    return [id, unionColumn(parts)] as const
  })
  return { rows: inputs.reduce((sum, { relation }) => sum + relation.rows, 0), columns: new Map(columns) }
}
