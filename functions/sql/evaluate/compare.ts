import { isList, isNested, type NestedType, type SqlType, type Value } from '../types.ts'

/** Orders two values of one type, neither of them NULL: below, at or above 0. */
export type Compare = (a: Value, b: Value) => number

/**
 * Spark's order of a type's values: text by its UTF-8 bytes, binary by unsigned bytes, NaN equal to NaN and above all
 * other numbers, -0.0 equal to 0.0, false before true; arrays and structs part by part, NULL first in them and equal to
 * NULL. Throws RangeError for a type with a map, which has no order.
 */
export function comparison(type: SqlType): Compare {
  if (type === 'string') return (a, b) => compareText(String(a), String(b))
  if (type === 'float' || type === 'double') return (a, b) => compareFloats(Number(a), Number(b))
  if (type === 'binary') return compareBytes
  if (isNested(type)) return compareNested(type)
  return compareNatural
}

function compareNested(type: NestedType): Compare {
  if (type.kind === 'map') throw new RangeError('maps have no order')
  const orders = type.kind === 'struct' ? type.fields.map(field => comparison(field.type)) : []
  const order = type.kind === 'array' ? comparison(type.element) : null
  return (a, b) => {
    if (!isList(a) || !isList(b)) throw new TypeError('nested values are lists')
    const length = Math.min(a.length, b.length)
    for (let i = 0; i < length; i++) {
      const [x = null, y = null] = [a[i], b[i]]
      const compared = x === null || y === null ? Number(y === null) - Number(x === null) : (order ?? orders[i])?.(x, y)
      if (compared) return compared
    }
    return a.length - b.length
  }
}

function compareNatural(a: Value, b: Value): number {
  if (a === null || b === null || a === b) return 0
  return a < b ? -1 : 1
}

function compareFloats(a: number, b: number): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
}

/** By code points, which is the order of the UTF-8 bytes; UTF-16 alone would put U+FFFF after an emoji. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all other UTF-16 units. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

function compareBytes(a: Value, b: Value): number {
  if (!(a instanceof Uint8Array) || !(b instanceof Uint8Array)) throw new TypeError('binary values are Uint8Arrays')
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
