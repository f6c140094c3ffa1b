import { type Convert, isList, type NestedType, type SqlType, type Value } from '../types.ts'

type CastTo = (from: SqlType, to: SqlType, attempt: boolean) => Convert | null

/**
 * CAST of an array, map or struct: part by part, or to text as Spark prints it. A map is NULL where a key can't be cast. Null if
 * Spark refuses such a cast. `castTo` casts the parts.
 */
export function fromNested(from: NestedType, to: SqlType, attempt: boolean, castTo: CastTo): Convert | null {
  const parts = partsOf(from)
  if (to === 'string') return text(from, parts, castTo)
  if (typeof to === 'string' || to.kind !== from.kind) return null
  const targets = partsOf(to)
  const casts = parts.map((part, i) => {
    const target = targets[i]
    return target === undefined ? null : castTo(part, target, attempt)
  })
  if (targets.length !== parts.length || !casts.every(cast => cast !== null)) return null
  let failed = false
  const cast = (value: Value, i: number): Value => {
    const convert = casts[i]
    const result = value === null || !convert ? null : convert(value)
    if (result === null && from.kind === 'map' && i === 0) failed = true
    return result
  }
  return value => {
    failed = false
    const result = mapParts(from, value, cast)
    return failed ? null : result
  }
}

/** The types of the parts: the element, key and value, or the fields. */
function partsOf(type: NestedType): SqlType[] {
  if (type.kind === 'array') return [type.element]
  return type.kind === 'map' ? [type.key, type.value] : type.fields.map(field => field.type)
}

function mapParts(type: NestedType, value: Value, change: (value: Value, part: number) => Value): Value {
  if (!isList(value)) throw new TypeError('nested values are lists')
  if (type.kind === 'struct') return value.map(change)
  if (type.kind === 'array') return value.map(element => change(element, 0))
  return value.map(pair => (isList(pair) ? pair.map(change) : null))
}

/** `[1, null]`, `{a -> 1}` and `{1, x}`. */
function text(type: NestedType, parts: readonly SqlType[], castTo: CastTo): Convert | null {
  const casts = parts.map(part => castTo(part, 'string', false))
  if (!casts.every(cast => cast !== null)) return null
  const print = (value: Value, i: number): Value => (value === null ? 'null' : (casts[i]?.(value) ?? 'null'))
  return value => {
    const printed = mapParts(type, value, print)
    const items = isList(printed) ? printed.map(item => (isList(item) ? item.join(' -> ') : String(item))) : []
    const joined = items.join(', ')
    return type.kind === 'array' ? `[${joined}]` : `{${joined}}`
  }
}
