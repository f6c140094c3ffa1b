import type { SqlType, Value } from '../types.ts'
import { valueCodec } from '../value-bytes.ts'
import { latin1 } from './bytes-text.ts'

/** What stands for a value in a Set or Map, where values that Spark takes for equal are one. NULL is itself. */
export function setKey(type: SqlType): (value: Value) => Value {
  const isPlain = typeof type === 'string' && type !== 'binary'
  // A Map takes NaN for NaN and -0 for 0.
  if (isPlain || (typeof type === 'object' && type.kind === 'decimal')) return value => value
  const { key } = valueCodec(type)
  return value => (value === null ? null : latin1(key(value)))
}
