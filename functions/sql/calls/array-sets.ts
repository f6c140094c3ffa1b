import { setKey } from '../evaluate/set-key.ts'
import type { Value } from '../types.ts'
import { elementType } from './arrays.ts'
import { type Call, type Definition, partialFor, strictFor } from './definition.ts'

type Key = (value: Value) => Value

/** Functions that take arrays as sets. Elements keep the order in which they are first met. */
export const ARRAY_SETS: readonly Definition[] = [
  strictFor('array_distinct', 'array', 'array', call => {
    const key = elementKey(call)
    return array => distinct(array, key)
  }),
  strictFor('array_union', 'array, array', 'array', call => {
    const key = elementKey(call)
    return (a, b) => distinct([...a, ...b], key)
  }),
  compared('array_intersect', true),
  compared('array_except', false),
  partialFor('arrays_overlap', 'array, array', 'boolean', call => {
    const key = elementKey(call)
    return (a, b) => {
      const others = new Set(b.map(key))
      if (a.some(value => value !== null && others.has(key(value)))) return true
      const unsure = (a.includes(null) && b.length > 0) || (b.includes(null) && a.length > 0)
      return unsure ? null : false
    }
  }),
]

/** The elements of one array that are in another, or are not. */
function compared(name: string, isWanted: boolean): Definition {
  return strictFor(name, 'array, array', 'array', call => {
    const key = elementKey(call)
    return (a, b) => {
      const others = new Set(b.map(key))
      return distinct(a, key).filter(value => others.has(key(value)) === isWanted)
    }
  })
}

/** To its sets Spark takes -0.0 and 0.0 for two. */
function elementKey(call: Call): Key {
  const type = elementType(call)
  if (type !== 'double' && type !== 'float') return setKey(type)
  return value => (Object.is(value, -0) ? '-0' : value)
}

function distinct(array: readonly Value[], key: Key): Value[] {
  const seen = new Set<Value>()
  return array.filter(value => {
    const own = key(value)
    if (seen.has(own)) return false
    seen.add(own)
    return true
  })
}
