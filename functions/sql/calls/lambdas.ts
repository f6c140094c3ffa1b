import { setKey } from '../evaluate/set-key.ts'
import { isList, type Value } from '../types.ts'
import { keyType } from './arrays.ts'
import { type Bind, type Call, type Definition, type Evaluate, lazy } from './definition.ts'
import { checkedMap, keyIn, valueIn } from './maps.ts'

type List = readonly Value[]
type Call1 = ReturnType<Bind>

/** Functions that call lambdas. */
export const LAMBDAS: readonly Definition[] = [
  ofList('transform', 'array, lambda', 'array', (array, of) => array.map((element, i) => of(element, i))),
  ofList('filter', 'array, lambda', 'array', (array, of) => array.filter((element, i) => of(element, i) === true)),
  ofList('exists', 'array, lambda', 'boolean', (array, of) => decided(array, of, true)),
  ofList('forall', 'array, lambda', 'boolean', (array, of) => decided(array, of, false)),
  lazy(
    'aggregate reduce',
    'array, any, lambda, lambda?',
    'element',
    'own',
    ([of, start], _, [merge, finish]) =>
      values => {
        const array = of?.(values) ?? null
        if (!isList(array)) return null
        const step = merge?.(values)
        const whole = array.reduce<Value>((sum, element) => step?.(sum, element) ?? null, start?.(values) ?? null)
        return finish ? finish(values)(whole) : whole
      },
  ),
  ofList('array-sort-by', 'array, lambda', 'array', sortedBy),
  lazy('zip_with', 'array, array, lambda', 'array', 'any', ([left, right], _, [bind]) => values => {
    const [a, b] = [left?.(values) ?? null, right?.(values) ?? null]
    if (!isList(a) || !isList(b)) return null
    const of = bind?.(values)
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => of?.(a[i] ?? null, b[i] ?? null) ?? null)
  }),
  ofList('map_filter', 'map, lambda', 'map', (map, of) =>
    map.filter(entry => of(keyIn(entry), valueIn(entry)) === true),
  ),
  ofList('transform_keys', 'map, lambda', 'map', (map, of, call) =>
    checkedMap(call.type)(map.map(entry => [of(keyIn(entry), valueIn(entry)), valueIn(entry)])),
  ),
  ofList('transform_values', 'map, lambda', 'map', (map, of) =>
    map.map(entry => [keyIn(entry), of(keyIn(entry), valueIn(entry))]),
  ),
  lazy('map_zip_with', 'map, map, lambda', 'map', 'any', zipMaps),
]

/** A function of a list and one lambda; NULL for NULL. */
function ofList(
  name: string,
  parameters: 'array, lambda' | 'map, lambda',
  result: 'array' | 'map' | 'boolean',
  run: (list: List, of: Call1, call: Call) => Value,
) {
  return lazy(name, parameters, result, 'fails', ([of], call, [bind]) => values => {
    const list = of?.(values) ?? null
    return isList(list) && bind ? run(list, bind(values), call) : null
  })
}

/** EXISTS (decided by true) and FORALL (decided by false): NULL if nothing decides and something is NULL. */
function decided(array: List, of: Call1, by: boolean): Value {
  let result: boolean | null = !by
  for (const element of array) {
    const value = of(element)
    if (value === by) return by
    if (value === null) result = null
  }
  return result
}

/** ARRAY_SORT by a lambda; NULL where that gives NULL and Spark would end the query. */
function sortedBy(array: List, of: Call1): Value {
  let unsure = false
  const sorted = [...array].sort((a, b) => {
    const order = of(a, b)
    if (order === null) unsure = true
    return Number(order)
  })
  return unsure ? null : sorted
}

/** The keys of both maps, those of the first before. */
function zipMaps([left, right]: readonly Evaluate[], call: Call, [bind]: readonly Bind[]): Evaluate {
  const key = setKey(keyType(call.args[0]?.type))
  return values => {
    const maps = [left?.(values) ?? null, right?.(values) ?? null]
    const [a, b] = maps
    if (!isList(a ?? null) || !isList(b ?? null)) return null
    const of = bind?.(values)
    const entries = new Map<Value, Value[]>()
    for (const [side, map] of maps.entries()) {
      for (const entry of isList(map) ? map : []) {
        const own = keyIn(entry)
        const known = entries.get(key(own)) ?? [own, null, null]
        known[side + 1] = valueIn(entry)
        entries.set(key(own), known)
      }
    }
    return [...entries.values()].map(([own = null, x = null, y = null]) => [own, of?.(own, x, y) ?? null])
  }
}
