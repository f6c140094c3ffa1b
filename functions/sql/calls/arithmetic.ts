import { absolute, divideHalfUp, power, rescale, within } from '../evaluate/decimal.ts'
import { bigintOf, isInteger, wrap, wrapNumber } from '../evaluate/integer.ts'
import { type DecimalType, decimalOf, type Value } from '../types.ts'
import { type Call, type Definition, partialFor, strictFor } from './definition.ts'

type Two = (a: Value, b: Value) => Value
type One = (a: Value) => Value

interface Rules {
  /** On bigints, and on the unscaled values of decimals, which are of one scale for + and -. */
  readonly exact: (a: bigint, b: bigint) => bigint
  /** For types of up to 32 bits: the low 32 bits are right. */
  readonly small: (a: number, b: number) => number
  readonly float: (a: number, b: number) => number
}

const RULES = {
  '+': { exact: (a, b) => a + b, small: (a, b) => a + b, float: (a, b) => a + b },
  '-': { exact: (a, b) => a - b, small: (a, b) => a - b, float: (a, b) => a - b },
  '*': { exact: (a, b) => a * b, small: Math.imul, float: (a, b) => a * b },
} as const satisfies Readonly<Record<string, Rules>>
type Symbol = keyof typeof RULES

/** Operators on numbers. Whole numbers wrap, decimals that overflow are NULL, a division by 0 is NULL. */
export const ARITHMETIC: readonly Definition[] = [
  operator('+'),
  operator('-'),
  operator('*'),
  partialFor('/', 'number, number', 'division', divide),
  partialFor('div', 'number, number', 'bigint', wholeDivide),
  partialFor('% mod', 'number, number', 'remainder', remainder),
  partialFor('pmod', 'number, number', 'remainder', positiveRemainder),
  attempt('try_add', '+'),
  attempt('try_subtract', '-'),
  attempt('try_multiply', '*'),
  strictFor('negative', 'number', 'same', call =>
    unary(
      call,
      value => -value,
      value => -value,
    ),
  ),
  strictFor('abs', 'number', 'same', call => unary(call, absolute, Math.abs)),
]

function operator(name: Symbol): Definition {
  return partialFor(name, 'number, number', resultOf(name), call => arithmetic(call, name))
}

function resultOf(symbol: Symbol) {
  return symbol === '*' ? 'product' : 'sum'
}

/** As the operator, but whole numbers that overflow are NULL. */
function attempt(name: string, symbol: Symbol): Definition {
  const { exact } = RULES[symbol]
  const prepare = (call: Call): Two => {
    const { type } = call
    if (!isInteger(type)) return arithmetic(call, symbol)
    return (a, b) => {
      const result = exact(BigInt(String(a)), BigInt(String(b)))
      const wrapped = wrap(result, type)
      return BigInt(wrapped) === result ? wrapped : null
    }
  }
  return partialFor(name, 'number, number', resultOf(symbol), prepare)
}

function arithmetic(call: Call, name: Symbol): Two {
  const rules: Rules = RULES[name]
  const { type } = call
  if (type === 'bigint') return (a, b) => BigInt.asIntN(64, rules.exact(bigintOf(a), bigintOf(b)))
  if (isInteger(type)) return (a, b) => wrapNumber(rules.small(Number(a), Number(b)), type)
  if (type === 'float') return (a, b) => Math.fround(rules.float(Number(a), Number(b)))
  const decimal = decimalOf(type)
  if (!decimal) return (a, b) => rules.float(Number(a), Number(b))
  const [left, right] = scales(call)
  if (name === '*') {
    return (a, b) =>
      within(rescale(rules.exact(bigintOf(a), bigintOf(b)), left + right, decimal.scale), decimal.precision)
  }
  const common = Math.max(left, right)
  return (a, b) => {
    const exact = rules.exact(rescale(bigintOf(a), left, common), rescale(bigintOf(b), right, common))
    return within(rescale(exact, common, decimal.scale), decimal.precision)
  }
}

function divide(call: Call): Two {
  const decimal = decimalOf(call.type)
  if (!decimal) return (a, b) => (Number(b) === 0 ? null : Number(a) / Number(b))
  const [left, right] = scales(call)
  // Spark divides to the scale it needs and one digit more, and rounds the rest.
  return (a, b) => {
    const divisor = bigintOf(b)
    if (divisor === 0n) return null
    const shift = decimal.scale + right - left
    const quotient =
      shift >= 0
        ? divideHalfUp(bigintOf(a) * power(shift), divisor)
        : divideHalfUp(bigintOf(a), divisor * power(-shift))
    return within(quotient, decimal.precision)
  }
}

function wholeDivide(call: Call): Two {
  const [left, right] = scales(call)
  const common = Math.max(left, right)
  return (a, b) => {
    const divisor = rescale(bigintOf(b), right, common)
    if (divisor === 0n) return null
    const quotient = within(rescale(bigintOf(a), left, common) / divisor, 38)
    return quotient === null ? null : BigInt.asIntN(64, quotient)
  }
}

function remainder(call: Call): Two {
  const { type } = call
  if (type === 'bigint') return (a, b) => (bigintOf(b) === 0n ? null : bigintOf(a) % bigintOf(b))
  const decimal = decimalOf(type)
  if (decimal) return decimalRemainder(call, decimal, rest => rest)
  // `+ 0` because a whole number has no -0.
  return (a, b) => (Number(b) === 0 ? null : isInteger(type) ? (Number(a) % Number(b)) + 0 : Number(a) % Number(b))
}

/** PMOD: the remainder with the divisor added where it is below 0. */
function positiveRemainder(call: Call): Two {
  const { type } = call
  const decimal = decimalOf(type)
  if (decimal) return decimalRemainder(call, decimal, (rest, by) => (rest < 0n ? (rest + by) % by : rest))
  if (type === 'bigint') {
    return (a, b) => {
      const divisor = bigintOf(b)
      if (divisor === 0n) return null
      const rest = bigintOf(a) % divisor
      return rest < 0n ? BigInt.asIntN(64, rest + divisor) % divisor : rest
    }
  }
  return (a, b) => {
    const divisor = Number(b)
    if (divisor === 0) return null
    const rest = Number(a) % divisor
    if (!(rest < 0)) return isInteger(type) ? rest + 0 : rest
    const sum = rest + divisor
    if (type === 'float') return Math.fround(sum) % divisor
    // Java adds as int, which wraps; `+ 0` because a whole number has no -0.
    return isInteger(type) ? ((sum | 0) % divisor) + 0 : sum % divisor
  }
}

function decimalRemainder(
  call: Call,
  { precision, scale }: DecimalType,
  change: (rest: bigint, divisor: bigint) => bigint,
): Two {
  const [left, right] = scales(call)
  const common = Math.max(left, right)
  return (a, b) => {
    const divisor = rescale(bigintOf(b), right, common)
    if (divisor === 0n) return null
    const rest = rescale(bigintOf(a), left, common) % divisor
    return within(rescale(change(rest, divisor), common, scale), precision)
  }
}

function unary({ type }: Call, exact: (value: bigint) => bigint, float: (value: number) => number): One {
  if (type === 'bigint') return value => wrap(exact(bigintOf(value)), type)
  if (isInteger(type)) return value => wrapNumber(float(Number(value)) + 0, type)
  return decimalOf(type) ? value => exact(bigintOf(value)) : value => float(Number(value))
}

function scales(call: Call): [number, number] {
  const [left, right] = call.args
  return [decimalOf(left?.type)?.scale ?? 0, decimalOf(right?.type)?.scale ?? 0]
}
