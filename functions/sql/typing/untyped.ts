import type { NestedType, SqlType } from '../types.ts'

/*
 * `array()`, `array(NULL)` and `map()` have elements of no type, and take those of the array or map that they stand beside. Where
 * there is none they are of texts. The two types are distinguished from others by identity.
 */

export const UNTYPED_ARRAY: NestedType = { kind: 'array', element: 'string' }
export const UNTYPED_MAP: NestedType = { kind: 'map', key: 'string', value: 'string' }

/** Whether a type is one of the two, and the other is an array or a map like it. */
export function isUntyped(type: SqlType | 'void', other: SqlType | 'void'): boolean {
  if (type !== UNTYPED_ARRAY && type !== UNTYPED_MAP) return false
  return typeof other === 'object' && other.kind === type.kind
}
