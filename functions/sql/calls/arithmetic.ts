import { absolute, divideHalfUp, power, rescale, within } from '../evaluate/decimal.ts'
import { type IntegerType, isInteger, wrap, wrapNumber } from '../evaluate/integer.ts'
import { decimalOf, type Value } from '../types.ts'
import { type Call, type Definition, strictFor } from './definition.ts'

type Two = (a: Value, b: Value) => Value
type One = (a: Value) => Value

/** Operators on numbers. Whole numbers wrap, decimals that overflow are NULL, a division by 0 is NULL. */
export const ARITHMETIC: readonly Definition[] = [
  operator('+', { whole: (a, b) => a + b, small: (a, b) => a + b, float: (a, b) => a + b, decimal: (a, b) => a + b }),
  operator('-', { whole: (a, b) => a - b, small: (a, b) => a - b, float: (a, b) => a - b, decimal: (a, b) => a - b }),
  operator('*', { whole: (a, b) => a * b, small: Math.imul, float: (a, b) => a * b, decimal: (a, b) => a * b }),
  strictFor('/', 'number, number', 'division', divide, 'fails'),
  strictFor('div', 'number, number', 'bigint', wholeDivide, 'fails'),
  strictFor('% mod', 'number, number', 'remainder', remainder, 'fails'),
  strictFor('negative', 'number', 'same', call => unary(call, value => -value)),
  strictFor('abs', 'number', 'same', call => unary(call, Math.abs)),
]

interface Rules {
  readonly whole: (a: bigint, b: bigint) => bigint
  /** For types of up to 32 bits: the low 32 bits are right. */
  readonly small: (a: number, b: number) => number
  readonly float: (a: number, b: number) => number
  /** On unscaled values; of one scale for + and -. */
  readonly decimal: (a: bigint, b: bigint) => bigint
}

function operator(name: '+' | '-' | '*', rules: Rules): Definition {
  return strictFor(
    name,
    'number, number',
    name === '*' ? 'product' : 'sum',
    call => arithmetic(call, name, rules),
    'fails',
  )
}

function arithmetic(call: Call, name: string, rules: Rules): Two {
  const { type } = call
  if (type === 'bigint') return (a, b) => BigInt.asIntN(64, rules.whole(big(a), big(b)))
  if (isInteger(type)) return (a, b) => wrapNumber(rules.small(Number(a), Number(b)), type)
  if (type === 'float') return (a, b) => Math.fround(rules.float(Number(a), Number(b)))
  const decimal = decimalOf(type)
  if (!decimal) return (a, b) => rules.float(Number(a), Number(b))
  const [left, right] = scales(call)
  if (name === '*') {
    return (a, b) => within(rescale(rules.decimal(big(a), big(b)), left + right, decimal.scale), decimal.precision)
  }
  const common = Math.max(left, right)
  return (a, b) => {
    const exact = rules.decimal(rescale(big(a), left, common), rescale(big(b), right, common))
    return within(rescale(exact, common, decimal.scale), decimal.precision)
  }
}

function divide(call: Call): Two {
  const decimal = decimalOf(call.type)
  if (!decimal) return (a, b) => (Number(b) === 0 ? null : Number(a) / Number(b))
  const [left, right] = scales(call)
  // Spark divides to the scale it needs and one digit more, and rounds the rest.
  return (a, b) => {
    const divisor = big(b)
    if (divisor === 0n) return null
    const shift = decimal.scale + right - left
    const quotient =
      shift >= 0 ? divideHalfUp(big(a) * power(shift), divisor) : divideHalfUp(big(a), divisor * power(-shift))
    return within(quotient, decimal.precision)
  }
}

function wholeDivide(call: Call): Two {
  const [left, right] = scales(call)
  const common = Math.max(left, right)
  return (a, b) => {
    const divisor = rescale(big(b), right, common)
    if (divisor === 0n) return null
    const quotient = within(rescale(big(a), left, common) / divisor, 38)
    return quotient === null ? null : BigInt.asIntN(64, quotient)
  }
}

function remainder(call: Call): Two {
  const { type } = call
  if (type === 'bigint') return (a, b) => (big(b) === 0n ? null : big(a) % big(b))
  const decimal = decimalOf(type)
  // `+ 0` because a whole number has no -0.
  if (!decimal)
    return (a, b) => (Number(b) === 0 ? null : isInteger(type) ? (Number(a) % Number(b)) + 0 : Number(a) % Number(b))
  const [left, right] = scales(call)
  const common = Math.max(left, right)
  return (a, b) => {
    const divisor = rescale(big(b), right, common)
    if (divisor === 0n) return null
    return within(rescale(rescale(big(a), left, common) % divisor, common, decimal.scale), decimal.precision)
  }
}

function unary(call: Call, change: (value: number) => number): One {
  const { type } = call
  if (isInteger(type)) return value => wrapUnary(value, type, change)
  if (decimalOf(type))
    return value => (change(big(value) < 0n ? -1 : 1) < 0 ? -absolute(big(value)) : absolute(big(value)))
  return value => change(Number(value))
}

function wrapUnary(value: Value, type: IntegerType, change: (value: number) => number): Value {
  if (typeof value !== 'bigint') return wrapNumber(change(Number(value)) + 0, type)
  return wrap(change(value < 0n ? -1 : 1) < 0 ? -absolute(value) : absolute(value), type)
}

function scales(call: Call): [number, number] {
  const [left, right] = call.args
  return [decimalOf(left?.type)?.scale ?? 0, decimalOf(right?.type)?.scale ?? 0]
}

function big(value: Value): bigint {
  if (typeof value !== 'bigint') throw new TypeError('bigint and decimal values are bigints')
  return value
}
