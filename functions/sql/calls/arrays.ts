import { comparison } from '../evaluate/compare.ts'
import { MOST } from '../evaluate/most.ts'
import { sequence } from '../evaluate/sequence.ts'
import { isList, type SqlType, type Value } from '../types.ts'
import { type Call, type Definition, lazy, partial, partialFor, strict, strictFor, withNulls } from './definition.ts'

/** Functions of arrays. Where Spark would end the query (an index of 0, a negative length), they are NULL. */
export const ARRAYS: readonly Definition[] = [
  lazy('array', 'any*', 'array', 'never', args => values => args.map(arg => arg(values))),
  withNulls('size cardinality', 'array', 'int', 'never', list => list?.length ?? -1),
  strict('array_size', 'array', 'int', array => array.length),
  partial('get', 'array, int', 'element', (array, at) => array[at] ?? null),
  partial('array-item', 'array, bigint', 'element', (array, at) => array[Number(at)] ?? null),
  partialFor('element_at try_element_at', 'array, element', 'element', call =>
    isMap(call) ? valueOfKey(call) : (array, at) => elementAt(array, Number(at)),
  ),
  partialFor('array_contains', 'array, element', 'boolean', call => {
    const order = comparison(elementType(call))
    return (array, value) => {
      if (array.some(element => element !== null && order(element, value) === 0)) return true
      return array.includes(null) ? null : false
    }
  }),
  strictFor('array_position', 'array, element', 'bigint', call => {
    const order = comparison(elementType(call))
    return (array, value) => BigInt(array.findIndex(element => element !== null && order(element, value) === 0) + 1)
  }),
  strictFor('array_remove', 'array, element', 'array', call => {
    const order = comparison(elementType(call))
    return (array, value) => array.filter(element => element === null || order(element, value) !== 0)
  }),
  withNulls('array_append', 'array, element', 'array', 'own', (array, value) => array && [...array, value]),
  withNulls('array_prepend', 'array, element', 'array', 'own', (array, value) => array && [value, ...array]),
  withNulls('array_insert', 'array, int, element', 'array', 'fails', (array, at, value) =>
    array === null || at === null ? null : inserted(array, at, value),
  ),
  strict('array_compact', 'array', 'array', array => array.filter(element => element !== null)),
  partial('array_join', 'array, string, string?', 'string', (array, separator, placeholder?: string) => {
    const texts = array.map(text => text ?? placeholder).filter(text => text !== undefined)
    return texts.join(separator)
  }),
  extreme('array_min', order => order < 0),
  extreme('array_max', order => order > 0),
  withNulls('array_repeat', 'any, int', 'array', 'fails', (value, times) => {
    if (times === null || times > MOST) return null
    return new Array<Value>(Math.max(0, times)).fill(value)
  }),
  partial('slice', 'array, int, int', 'array', slice),
  strictFor('sort_array', 'array, boolean?', 'array', call => {
    const order = comparison(elementType(call))
    return (array, ascending = true) => sorted(array, (a, b) => (ascending ? order(a, b) : order(b, a)), ascending)
  }),
  strictFor('array_sort', 'array, lambda?', 'array', call => {
    const order = comparison(elementType(call))
    return array => sorted(array, order, false)
  }),
  partial('flatten', 'array', 'element', arrays => (arrays.includes(null) ? null : arrays.flatMap(listOf))),
  strict('array-concat', 'array*', 'array', (...arrays: Value[]) => arrays.flatMap(listOf)),
  strict('array-reverse', 'array', 'array', array => [...array].reverse()),
  strict('arrays_zip', 'array*', 'array', (...lists: Value[]) => {
    const arrays = lists.map(listOf)
    const length = Math.max(0, ...arrays.map(array => array.length))
    return Array.from({ length }, (_, i) => arrays.map(array => array[i] ?? null))
  }),
  partialFor(
    'sequence',
    'any, any, any?',
    'array',
    call =>
      (start: Value, stop: Value, ...step: Value[]) =>
        sequence(elementOf(call.type), start, stop, step, MOST),
  ),
]

/** The elements of an array, or the entries of a map. */
export function listOf(value: Value): readonly Value[] {
  return isList(value) ? value : []
}

/** The type of the elements of a call's first argument. */
export function elementType(call: Call): SqlType {
  return elementOf(call.args[0]?.type)
}

function elementOf(type: SqlType | undefined): SqlType {
  if (typeof type !== 'object' || type.kind !== 'array') throw new RangeError('the call has no array')
  return type.element
}

function isMap(call: Call): boolean {
  const type = call.args[0]?.type
  return typeof type === 'object' && type.kind === 'map'
}

/** The type of a map's keys. */
export function keyType(type: SqlType | undefined): SqlType {
  if (typeof type !== 'object' || type.kind !== 'map') throw new RangeError('the call has no map')
  return type.key
}

/** The value of a key in a map's entries; null where there is none. */
export function valueOfKey(call: Call): (entries: readonly Value[], key: Value) => Value {
  const order = comparison(keyType(call.args[0]?.type))
  return (entries, key) => {
    for (const entry of entries) {
      if (!isList(entry)) continue
      const [own = null, value = null] = entry
      if (own !== null && order(own, key) === 0) return value
    }
    return null
  }
}

/** From 1 on, or from the end where it is negative. */
function elementAt(array: readonly Value[], at: number): Value {
  return (at > 0 ? array[at - 1] : at < 0 ? array[array.length + at] : null) ?? null
}

/** Places beyond the ends are filled with NULL. -1 is after the last. */
function inserted(array: readonly Value[], at: number, value: Value): Value {
  if (at === 0 || Math.abs(at) > MOST) return null
  if (at > 0) {
    const fill = new Array<Value>(Math.max(0, at - 1 - array.length)).fill(null)
    return [...array.slice(0, at - 1), ...fill, value, ...array.slice(at - 1)]
  }
  const from = array.length + at + 1
  if (from >= 0) return [...array.slice(0, from), value, ...array.slice(from)]
  return [value, ...new Array<Value>(-from).fill(null), ...array]
}

/** `length` elements from place `start` on, which counts from 1, or from the end where it is negative. */
function slice(array: readonly Value[], start: number, length: number): Value {
  if (start === 0 || length < 0) return null
  const from = start > 0 ? start - 1 : array.length + start
  return from < 0 ? [] : array.slice(from, from + length)
}

/** Sorted by an order of values that are not NULL, with the NULLs at one end. */
function sorted(array: readonly Value[], order: (a: Value, b: Value) => number, nullsFirst: boolean): Value {
  const values = array.filter(value => value !== null).sort(order)
  const nulls = new Array<Value>(array.length - values.length).fill(null)
  return nullsFirst ? [...nulls, ...values] : [...values, ...nulls]
}

/** ARRAY_MIN and ARRAY_MAX skip NULLs. */
function extreme(name: string, better: (order: number) => boolean): Definition {
  return partialFor(name, 'array', 'element', call => {
    const order = comparison(elementType(call))
    return array =>
      array.reduce<Value>(
        (best, value) => (value !== null && (best === null || better(order(value, best))) ? value : best),
        null,
      )
  })
}
