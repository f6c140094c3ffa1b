import type { SqlType, Value } from '../types.ts'

export type IntegerType = 'tinyint' | 'smallint' | 'int' | 'bigint'

export const INTEGER_BITS: Readonly<Record<IntegerType, number>> = { tinyint: 8, smallint: 16, int: 32, bigint: 64 }

export function isInteger(type: SqlType | 'void'): type is IntegerType {
  return typeof type === 'string' && Object.hasOwn(INTEGER_BITS, type)
}

/** A value of bigint, timestamp or decimal. Throws TypeError for any other. */
export function bigintOf(value: Value): bigint {
  if (typeof value !== 'bigint') throw new TypeError('bigints, timestamps and decimals are bigints')
  return value
}

/** The low `length` bytes, the highest first. */
export function bigEndian(value: bigint, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => Number((value >> BigInt(8 * (length - 1 - i))) & 0xffn))
}

/** The quotient rounded down, and what is left above it. The divisor is above 0. */
export function floorDivide(value: bigint, by: bigint): [quotient: bigint, rest: bigint] {
  const rest = ((value % by) + by) % by
  return [(value - rest) / by, rest]
}

/** The low bits as a signed number of the type: an overflow wraps, as with ANSI off. */
export function wrap(value: bigint, type: IntegerType): number | bigint {
  const wrapped = BigInt.asIntN(INTEGER_BITS[type], value)
  return type === 'bigint' ? wrapped : Number(wrapped)
}

/** A number already within 53 bits, as wrap does it. */
export function wrapNumber(value: number, type: IntegerType): number | bigint {
  switch (type) {
    case 'tinyint':
      return (value << 24) >> 24
    case 'smallint':
      return (value << 16) >> 16
    case 'int':
      return value | 0
    case 'bigint':
      return BigInt(value)
  }
}

/** The whole part of a double as Java narrows it: NaN is 0, int and bigint saturate, smaller types wrap the int. */
export function narrow(value: number, type: IntegerType): number | bigint {
  if (Number.isNaN(value)) return type === 'bigint' ? 0n : 0
  if (type === 'bigint') {
    if (value >= 2 ** 63) return 2n ** 63n - 1n
    return value <= -(2 ** 63) ? -(2n ** 63n) : BigInt(Math.trunc(value))
  }
  return wrapNumber(Math.trunc(Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1)), type)
}
