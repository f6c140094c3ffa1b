import { concat } from '../../base/bytes.ts'
import type { SqlType } from '../../sql/types.ts'
import { type Physical, samePhysical } from '../metadata/column-type.ts'
import { widthOf } from '../metadata/format.ts'
import { int96Micros } from './int96.ts'
import { byteArrays, type PlainValues } from './plain-values.ts'
import { valueReader, valueWriter } from './values.ts'

/**
 * Converts PLAIN values from one form to another, such as INT96 to INT64 microseconds or an int to a bigint. Returns the
 * values themselves if the forms are the same. `type` is the SqlType of the target.
 */
export function converted(values: PlainValues, from: Physical, to: Physical, type: SqlType): PlainValues {
  if (samePhysical(from, to)) return values
  const { count } = values
  if (from.type === 'INT96' && to.annotation === 'micros') return microsOfInt96(values)
  const read = valueReader(from, type)
  const write = valueWriter(to)
  const width = widthOf(to.type, to.typeLength)
  if (width !== null) {
    const bytes = new Uint8Array(count * width)
    for (let i = 0; i < count; i++) bytes.set(write(read(values, i) ?? 0), i * width)
    return { width, count, bytes }
  }
  const parts = Array.from({ length: count }, (_, i) => write(read(values, i) ?? '').slice())
  return byteArrays(
    Int32Array.from(parts, part => part.length),
    concat(parts),
  )
}

function microsOfInt96({ bytes, count }: PlainValues): PlainValues {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = new BigInt64Array(count)
  for (let i = 0; i < count; i++) out[i] = int96Micros(view, i * 12)
  return { width: 8, count, bytes: new Uint8Array(out.buffer) }
}
