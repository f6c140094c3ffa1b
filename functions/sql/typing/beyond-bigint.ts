import { power } from '../evaluate/decimal.ts'
import { isInteger } from '../evaluate/integer.ts'
import { decodeLiteral } from '../literal.ts'
import { decimalOf } from '../types.ts'
import { isFolded } from './make-call.ts'
import type { Operand } from './operand.ts'

/**
 * What `<`, `<=`, `>` or `>=` of a whole number with a decimal literal beyond all bigints comes to, which Spark decides
 * without looking at the number, even for NULL (DecimalPrecision.integralAndDecimalLiteral); null for all others.
 */
export function beyondBigint(operator: string, a: Operand, b: Operand): boolean | null {
  if (!/^[<>]=?$/.test(operator)) return null
  const right = isInteger(a.type) ? sideOfBigints(b) : 0
  const left = isInteger(b.type) ? sideOfBigints(a) : 0
  const side = right - left
  return side === 0 ? null : operator.startsWith('<') === side > 0
}

/** 1 above all bigints, -1 below all of them, else 0. */
function sideOfBigints(operand: Operand): number {
  const decimal = decimalOf(operand.type)
  if (!decimal || operand.op !== 'literal' || isFolded(operand)) return 0
  const value = decodeLiteral(operand)
  if (typeof value !== 'bigint') return 0
  const one = power(decimal.scale)
  if (value > (2n ** 63n - 1n) * one) return 1
  return value < -(2n ** 63n) * one ? -1 : 0
}
