import { INTEGER_BITS, isInteger, wrap } from '../evaluate/integer.ts'
import type { Value } from '../types.ts'
import { type Call, type Definition, partialFor, strictFor } from './definition.ts'

/** Functions and operators on the bits of whole numbers. A shift takes its distance modulo the type's bits, as Java does. */
export const BITS: readonly Definition[] = [
  bitwise('&', (a, b) => a & b),
  bitwise('|', (a, b) => a | b),
  bitwise('^', (a, b) => a ^ b),
  strictFor('~', 'whole', 'same', call => value => wrapped(call, ~BigInt(value))),
  shift('shiftleft', (value, by) => value << by),
  shift('shiftright', (value, by) => value >> by),
  shift('shiftrightunsigned', (value, by, bits) => BigInt.asUintN(bits, value) >> by),
  strictFor('bit_count', 'bits', 'int', () => value => {
    const ones = BigInt.asUintN(64, BigInt(value)).toString(2).replaceAll('0', '')
    return ones.length
  }),
  partialFor(
    'bit_get getbit',
    'whole, int',
    'tinyint',
    call => (value, at) => (at < 0 || at >= bitsOf(call) ? null : Number((BigInt(value) >> BigInt(at)) & 1n)),
  ),
]

function bitwise(name: string, combine: (a: bigint, b: bigint) => bigint): Definition {
  return strictFor(name, 'whole, whole', 'bits', call => (a, b) => wrapped(call, combine(BigInt(a), BigInt(b))))
}

function shift(name: string, move: (value: bigint, by: bigint, bits: number) => bigint): Definition {
  return strictFor(name, 'int or bigint, int', 'same', call => {
    const bits = bitsOf(call)
    return (value, by) => wrapped(call, move(BigInt(value), BigInt(by & (bits - 1)), bits))
  })
}

function bitsOf(call: Call): number {
  const type = call.args[0]?.type ?? 'int'
  return isInteger(type) ? INTEGER_BITS[type] : 32
}

function wrapped({ type }: Call, value: bigint): Value {
  return isInteger(type) ? wrap(value, type) : value
}
