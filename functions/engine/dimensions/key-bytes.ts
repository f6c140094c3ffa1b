import { grown } from '../../base/bytes.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import { isNested, type SqlType, type Value } from '../../sql/types.ts'
import { valueCodec } from '../../sql/value-bytes.ts'

/**
 * Turns keys into bytes, such that two keys of a type are equal in Spark exactly if their bytes are: NaN equals NaN and
 * -0.0 equals 0.0 (Spark's NormalizeFloatingNumbers). The result is good until the next call.
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
  if (isNested(type)) return valueCodec(type).key
  return key => {
    const integer = typeof key === 'boolean' ? (key ? 1n : 0n) : BigInt(key as number | bigint) // all other types
    view.setBigInt64(0, BigInt.asIntN(64, integer), true)
    view.setBigInt64(8, BigInt.asIntN(64, integer >> 64n), true)
    return bytes
  }
}

/** Whether the bytes of a key of this type are those of the value itself, as UTF-8 or binary. */
export function isOwnKey(type: SqlType): boolean {
  return type === 'string' || type === 'binary'
}

/**
 * Turns the values of a key's parts into bytes; null if one that is not nullSafe is NULL. The bytes of one part are its own,
 * of several each follows its length, and without parts there are none, so that all keys are equal. The result is good
 * until the next call.
 */
export function keyOfParts(
  keys: readonly Pick<JoinKey, 'type' | 'nullSafe'>[],
): (values: readonly Value[]) => Uint8Array | null {
  const writers = keys.map(({ type }) => keyBytes(type))
  const [only] = writers
  if (only && isSingle(keys)) return ([value = null]) => (value === null ? null : only(value))
  let key = new Uint8Array(64)
  return values => {
    let length = 0
    for (let i = 0; i < writers.length; i++) {
      const value = values[i] ?? null
      if (value === null && !keys[i]?.nullSafe) return null
      const part = value === null ? null : (writers[i]?.(value) ?? null)
      const next = length + PART + (part?.length ?? 0)
      if (next > key.length) key = grown(key, next)
      new DataView(key.buffer).setInt32(length, part?.length ?? -1)
      if (part) key.set(part, length + PART)
      length = next
    }
    return key.subarray(0, length)
  }
}

/** Bytes of a part's length. */
const PART = 4

/** Whether a key is one value that NULL never matches. */
export function isSingle(keys: readonly Pick<JoinKey, 'nullSafe'>[]): boolean {
  return keys.length === 1 && keys[0]?.nullSafe === false
}
