import type { SqlType, Value } from '../../sql/types.ts'

/**
 * Turns keys into bytes, such that two keys of one type are equal to Spark exactly if their bytes are: NaN equals NaN
 * and -0.0 equals 0.0 (Spark's NormalizeFloatingNumbers). The result is good until the next call.
 */
export function keyBytes(type: SqlType): (key: NonNullable<Value>) => Uint8Array {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  if (type === 'string') {
    const encoder = new TextEncoder()
    return key => encoder.encode(String(key))
  }
  if (type === 'binary') return key => (key instanceof Uint8Array ? key : new Uint8Array(0))
  if (type === 'float' || type === 'double') {
    return key => {
      view.setFloat64(0, Number(key) === 0 ? 0 : Number(key), true)
      return bytes.subarray(0, 8)
    }
  }
  return key => {
    const integer = typeof key === 'boolean' ? (key ? 1n : 0n) : BigInt(key as number | bigint) // all other types
    view.setBigInt64(0, BigInt.asIntN(64, integer), true)
    view.setBigInt64(8, BigInt.asIntN(64, integer >> 64n), true)
    return bytes
  }
}

/** Whether the bytes of keys of this type are the UTF-8 or the bytes of the values themselves. */
export function isOwnKey(type: SqlType): boolean {
  return type === 'string' || type === 'binary'
}
