import { regex, split } from '../evaluate/regex.ts'
import { setKey } from '../evaluate/set-key.ts'
import { isList, type SqlType, type Value } from '../types.ts'
import { keyType, listOf, valueOfKey } from './arrays.ts'
import { type Call, type Definition, lazy, partial, partialFor, strict, strictFor } from './definition.ts'

/** Maps and structs. A map that would have NULL as a key, or a key twice, is NULL, where Spark would end the query. */
export const MAPS: readonly Definition[] = [
  lazy('map', 'any*', 'map', 'fails', (args, call) => {
    const checked = checkedMap(call.type)
    return values => {
      const entries: Value[][] = []
      for (let i = 0; i < args.length; i += 2) entries.push([args[i]?.(values) ?? null, args[i + 1]?.(values) ?? null])
      return checked(entries)
    }
  }),
  lazy('named_struct', 'any*', 'struct', 'never', args => values => args.map(arg => arg(values))),
  partial('struct-field', 'array, int', 'element', (struct, field) => struct[field] ?? null),
  strict('array-field', 'array, int', 'array', (array, field) =>
    array.map(struct => (isList(struct) ? (struct[field] ?? null) : null)),
  ),
  partialFor('map-item', 'map, element', 'element', valueOfKey),
  strict('map_keys', 'map', 'array', map => map.map(keyIn)),
  strict('map_values', 'map', 'array', map => map.map(valueIn)),
  strict('map_entries', 'map', 'array', map => map),
  strictFor('map_contains_key', 'map, element', 'boolean', call => {
    const key = keyType(call.args[0]?.type)
    const same = setKey(key)
    return (map, wanted) => map.some(entry => [same(keyIn(entry))].includes(same(wanted)))
  }),
  partialFor('map_concat', 'map*', 'map', call => {
    const checked = checkedMap(call.type)
    return (...maps: Value[]) => checked(maps.flatMap(listOf))
  }),
  partialFor('map_from_arrays', 'array, array', 'map', call => {
    const checked = checkedMap(call.type)
    return (keys, values) =>
      keys.length === values.length ? checked(keys.map((key, i) => [key, values[i] ?? null])) : null
  }),
  partialFor('map_from_entries', 'array', 'map', call => {
    const checked = checkedMap(call.type)
    return entries => (entries.includes(null) ? null : checked(entries))
  }),
  partialFor('str_to_map', 'string, pattern?, pattern?', 'map<string,string>', call => {
    const [between, behind] = [pattern(call, 1, ','), pattern(call, 2, ':')]
    const checked = checkedMap(call.type)
    return text =>
      checked(
        split(between, text, -1).map(entry => {
          const [key = '', value = null] = split(behind, entry, 2)
          return [key, value]
        }),
      )
  }),
]

function pattern(call: Call, at: number, otherwise: string): RegExp {
  const arg = call.args[at]
  return regex(arg?.op === 'literal' ? String(arg.value) : otherwise)
}

export function keyIn(entry: Value): Value {
  return isList(entry) ? (entry[0] ?? null) : null
}

export function valueIn(entry: Value): Value {
  return isList(entry) ? (entry[1] ?? null) : null
}

/** Entries as a map of the type; null where a key is NULL or there twice. */
export function checkedMap(type: SqlType): (entries: readonly Value[]) => Value {
  const key = setKey(keyType(type))
  return entries => {
    const keys = new Set(entries.map(entry => key(keyIn(entry))))
    return keys.size < entries.length || keys.has(null) ? null : entries
  }
}
