import { decodeStrictUtf8 } from '../../base/utf8.ts'
import type { ColumnStatistics } from '../../sql/prune.ts'
import type { SqlType, Value } from '../../sql/types.ts'
import type { Physical } from '../metadata/column-type.ts'
import type { Footer } from '../metadata/footer.ts'
import { widthOf } from '../metadata/format.ts'
import type { ColumnChunk } from '../metadata/row-group.ts'
import { THRIFT, ThriftReader } from '../metadata/thrift-reader.ts'
import type { PlainValues } from './plain-values.ts'
import { valueReader } from './values.ts'

/**
 * What a chunk's Statistics say, as Values of `type`. Bounds are left out if the file does not say which order they follow,
 * if the type has none (INT96), or if a text was cut within a character.
 */
export function chunkStatistics(
  chunk: ColumnChunk,
  physical: Physical,
  type: SqlType,
  footer: Footer,
  rows: number,
): ColumnStatistics {
  if (!chunk.statistics) return { rows }
  const reader = new ThriftReader(chunk.statistics)
  let nulls: number | undefined
  const bounds: { min?: Value; max?: Value } = {}
  reader.struct((id, field) => {
    if (id === 3 && field === THRIFT.I64) nulls = reader.i64()
    else if ((id === 5 || id === 6) && field === THRIFT.BINARY) {
      const bytes = reader.binary()
      const value = footer.hasColumnOrders ? boundValue(bytes, physical, type) : undefined
      if (value !== undefined) bounds[id === 5 ? 'max' : 'min'] = value
    } else return false
    return true
  })
  // Counts that are impossible or contradict the bounds say nothing: they must not cost rows.
  const hasBounds = bounds.min !== undefined || bounds.max !== undefined
  if (nulls !== undefined && (nulls < 0 || nulls > rows || (nulls === rows && hasBounds && rows > 0))) return { rows }
  return { rows, ...bounds, ...(nulls === undefined ? {} : { nulls }) }
}

function boundValue(bytes: Uint8Array, physical: Physical, type: SqlType): Value | undefined {
  const { annotation } = physical
  if (physical.type === 'INT96' || annotation === 'uint' || annotation === 'fixed' || annotation === 'half') {
    return undefined
  }
  if (annotation === 'string') return decodeStrictUtf8(bytes) ?? undefined
  const width = physical.type === 'FIXED_LEN_BYTE_ARRAY' ? null : widthOf(physical.type, 0)
  if (width !== null && bytes.length !== width) return undefined
  const values: PlainValues =
    width === null
      ? { width, prefix: 0, count: 1, bytes, starts: Int32Array.of(0, bytes.length) }
      : { width, count: 1, bytes }
  return valueReader(physical, type)(values, 0)
}
