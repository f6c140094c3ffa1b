import { absolute, power } from './decimal.ts'

const BUFFER = new DataView(new ArrayBuffer(8))

/** A finite double with all the digits it really has: unscaled × 10^-scale. */
export function exactDouble(value: number): { readonly unscaled: bigint; readonly scale: number } {
  BUFFER.setFloat64(0, value)
  const bits = BUFFER.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  const mantissa = biased === 0 ? fraction : fraction | (1n << 52n)
  const exponent = Math.max(biased, 1) - 1075
  const signed = value < 0 ? -mantissa : mantissa
  if (exponent >= 0) return { unscaled: signed << BigInt(exponent), scale: 0 }
  return { unscaled: signed * 5n ** BigInt(-exponent), scale: -exponent }
}

/** Unscaled value of a smaller or larger scale, rounded half to even. */
export function rescaleHalfEven(unscaled: bigint, from: number, to: number): bigint {
  if (to >= from) return unscaled * power(to - from)
  const divisor = power(from - to)
  const quotient = unscaled / divisor
  const twice = absolute(unscaled % divisor) * 2n
  const up = twice > divisor || (twice === divisor && quotient % 2n !== 0n)
  if (!up) return quotient
  return unscaled < 0n ? quotient - 1n : quotient + 1n
}
