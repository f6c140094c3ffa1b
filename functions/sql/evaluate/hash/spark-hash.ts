import { decimalOf, isList, isNested, type NestedType, type SqlType, type Value } from '../../types.ts'
import { bigEndian } from '../integer.ts'

/** A hash function with the hash so far as its seed. */
export interface Hasher<H extends number | bigint> {
  readonly int: (value: number, seed: H) => H
  readonly long: (value: bigint, seed: H) => H
  readonly bytes: (bytes: Uint8Array, seed: H) => H
}

/** The seed of HASH and XXHASH64. */
export const SEED = 42

const BUFFER = new DataView(new ArrayBuffer(8))
const UTF8 = new TextEncoder()

/** How a value of a type goes into the hash so far (HashExpression.computeHash). NULL leaves it as it is. */
export function hashOf<H extends number | bigint>(hasher: Hasher<H>, type: SqlType): (value: Value, seed: H) => H {
  if (isNested(type)) return hashOfParts(hasher, type)
  const decimal = decimalOf(type)
  if (decimal && decimal.precision > 18)
    return (value, seed) => hasher.bytes(twosComplement(BigInt(String(value))), seed)
  if (type === 'bigint' || type === 'timestamp' || decimal)
    return (value, seed) => hasher.long(BigInt(String(value)), seed)
  switch (type) {
    case 'string':
      return (value, seed) => hasher.bytes(UTF8.encode(String(value)), seed)
    case 'binary':
      return (value, seed) => hasher.bytes(value instanceof Uint8Array ? value : UTF8.encode(String(value)), seed)
    case 'float':
      return (value, seed) => {
        BUFFER.setFloat32(0, Number(value) + 0)
        return hasher.int(BUFFER.getInt32(0), seed)
      }
    case 'double':
      return (value, seed) => {
        BUFFER.setFloat64(0, Number(value) + 0)
        return hasher.long(BUFFER.getBigInt64(0), seed)
      }
    default:
      return (value, seed) => hasher.int(Number(value), seed)
  }
}

/** Elements or fields one after the other. */
function hashOfParts<H extends number | bigint>(hasher: Hasher<H>, type: NestedType): (value: Value, seed: H) => H {
  if (type.kind === 'map') throw new RangeError('maps have no hash')
  const parts = type.kind === 'array' ? [type.element] : type.fields.map(field => field.type)
  const hashes = parts.map(part => hashOf(hasher, part))
  return (value, seed) =>
    (isList(value) ? value : []).reduce<H>((hash, part, i) => {
      const of = hashes[type.kind === 'array' ? 0 : i]
      return part === null || !of ? hash : of(part, hash)
    }, seed)
}

/** The shortest two's complement, as java.math.BigInteger.toByteArray gives it. */
function twosComplement(value: bigint): Uint8Array {
  let length = 1
  while (BigInt.asIntN(8 * length, value) !== value) length++
  return bigEndian(value, length)
}
