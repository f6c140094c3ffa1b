import { trimSpaces } from './trim.ts'

const MAX = 2n ** 64n - 1n

/** The 64 bits as an unsigned number in another base, in capitals. */
export function bigToBase(value: bigint, base: number): string {
  return BigInt.asUintN(64, value).toString(base).toUpperCase()
}

/**
 * CONV (Spark's NumberConverter): digits up to the first character that is not one, as 64 bits without a sign; a base below 0 writes
 * them with one. Null for a base beyond 2 to 36 and for text without characters.
 */
export function convertBase(text: string, from: number, to: number): string | null {
  const number = trimSpaces(text, true, true)
  if (number === '' || from < 2 || from > 36 || Math.abs(to) < 2 || Math.abs(to) > 36) return null
  const minus = number.startsWith('-')
  let value = parse(minus ? number.slice(1) : number, from)
  if (minus && to > 0) value = value >= 2n ** 63n ? MAX : -value
  if (to > 0) return bigToBase(value, to)
  const signed = BigInt.asIntN(64, value)
  const negative = minus || signed < 0n
  return (negative ? '-' : '') + bigToBase(signed < 0n ? -signed : signed, -to)
}

/** All ones where it does not fit. */
function parse(digits: string, base: number): bigint {
  let value = 0n
  for (const character of digits) {
    const digit = /[0-9a-z]/i.test(character) ? Number.parseInt(character, 36) : base
    if (digit >= base) break
    value = value * BigInt(base) + BigInt(digit)
    if (value > MAX) return MAX
  }
  return value
}
