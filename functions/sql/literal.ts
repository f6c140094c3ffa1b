import { fromHex, toLowerHex } from './evaluate/bytes-text.ts'
import type { Literal } from './expr.ts'
import { decimalOf, isList, isNested, type SqlType, type Value } from './types.ts'
import { valueCodec } from './value-bytes.ts'

/**
 * A Value as a literal of the compiled JSON: bigints (bigint, timestamp, decimal) as their digits, binary as
 * hexadecimal, nested values as that of their bytes (valueCodec), NaN, the infinities and -0 by name, everything else as it
 * is.
 */
export function encodeLiteral(value: Value, type: SqlType): Literal {
  return { op: 'literal', value: encode(value, type), type }
}

function encode(value: Value, type: SqlType): Literal['value'] {
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : name(value)
  if (value instanceof Uint8Array) return toLowerHex(value)
  if (isList(value)) return toLowerHex(valueCodec(type).encode(value))
  return value
}

function name(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** The Value of a literal that encodeLiteral made. */
export function decodeLiteral({ value, type }: Literal): Value {
  if (typeof value !== 'string' || type === 'string') return value
  if (type === 'bigint' || type === 'timestamp' || decimalOf(type)) return BigInt(value)
  if (type === 'binary') return fromHex(value)
  if (isNested(type)) return valueCodec(type).decode(fromHex(value) ?? new Uint8Array())
  return Number(value)
}
