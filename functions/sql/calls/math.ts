import { elementAt } from '../../base/at.ts'
import { bigToBase, convertBase } from '../evaluate/convert-base.ts'
import { narrow } from '../evaluate/integer.ts'
import { type Definition, partial, strict } from './definition.ts'

/** Functions of doubles. Outside of their domain they are NaN, and logarithms NULL, as in Spark. */
export const MATH: readonly Definition[] = [
  strict('sqrt', 'double', 'double', Math.sqrt),
  strict('cbrt', 'double', 'double', Math.cbrt),
  // As fdlibm has it, which Spark computes with; for 1 alone V8 returns the nearest double instead.
  strict('exp', 'double', 'double', x => (x === 1 ? Math.E + 2 ** -51 : Math.exp(x))),
  strict('expm1', 'double', 'double', Math.expm1),
  partial('ln', 'double', 'double', x => (x <= 0 ? null : Math.log(x))),
  partial('log', 'double, double?', 'double', logarithm),
  partial('log2', 'double', 'double', x => (x <= 0 ? null : Math.log(x) / Math.LN2)),
  partial('log10', 'double', 'double', x => (x <= 0 ? null : Math.log10(x))),
  partial('log1p', 'double', 'double', x => (x <= -1 ? null : Math.log1p(x))),
  strict('power pow', 'double, double', 'double', (x, y) => x ** y),
  strict('hypot', 'double, double', 'double', Math.hypot),
  strict('sin', 'double', 'double', Math.sin),
  strict('cos', 'double', 'double', Math.cos),
  strict('tan', 'double', 'double', Math.tan),
  strict('cot', 'double', 'double', x => 1 / Math.tan(x)),
  strict('sec', 'double', 'double', x => 1 / Math.cos(x)),
  strict('csc', 'double', 'double', x => 1 / Math.sin(x)),
  strict('asin', 'double', 'double', Math.asin),
  strict('acos', 'double', 'double', Math.acos),
  strict('atan', 'double', 'double', Math.atan),
  // `+ 0` because Spark knows no -0 here.
  strict('atan2', 'double, double', 'double', (y, x) => Math.atan2(y + 0, x + 0)),
  strict('sinh', 'double', 'double', Math.sinh),
  strict('cosh', 'double', 'double', Math.cosh),
  strict('tanh', 'double', 'double', hyperbolicTangent),
  // By Spark's own formulas, which overflow and cancel where better ones would not.
  strict('asinh', 'double', 'double', x => (x === -Infinity ? x : Math.log(x + Math.sqrt(x * x + 1)))),
  strict('acosh', 'double', 'double', x => Math.log(x + Math.sqrt(x * x - 1))),
  strict('atanh', 'double', 'double', x => 0.5 * (Math.log1p(x) - Math.log1p(-x))),
  strict('degrees', 'double', 'double', x => x * 57.29577951308232),
  strict('radians', 'double', 'double', x => x * 0.017453292519943295),
  strict('pi', '', 'double', () => Math.PI),
  strict('e', '', 'double', () => Math.E),
  strict('sign signum', 'double', 'double', Math.sign),
  strict('rint', 'double', 'double', halfEven),
  partial('factorial', 'int', 'bigint', n => FACTORIALS[n] ?? null),
  partial('width_bucket', 'double, double, double, bigint', 'bigint', bucket),
  strict('bin', 'bigint', 'string', value => bigToBase(value, 2)),
  partial('conv', 'string, int, int', 'string', convertBase),
]

function logarithm(base: number, x?: number): number | null {
  if (x === undefined) return base <= 0 ? null : Math.log(base)
  return base <= 0 || x <= 0 ? null : Math.log(x) / Math.log(base)
}

/** As fdlibm computes it; V8 returns x itself below 2⁻²⁸. */
function hyperbolicTangent(x: number): number {
  const size = Math.abs(x)
  if (size >= 2 ** -28 || size < 2 ** -55 || Number.isNaN(x)) return Math.tanh(x)
  const part = Math.expm1(-2 * size)
  return (Math.sign(x) * -part) / (part + 2)
}

/** The nearest whole number, of two the even one. */
function halfEven(x: number): number {
  if (Math.abs(x) >= 2 ** 52 || !Number.isFinite(x)) return x
  const floor = Math.floor(x)
  const rest = x - floor
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0)
  const whole = up ? floor + 1 : floor
  return whole === 0 && (x < 0 || Object.is(x, -0)) ? -0 : whole
}

const FACTORIALS: bigint[] = [1n]
for (let n = 1; n <= 20; n++) FACTORIALS.push(elementAt(FACTORIALS, n - 1) * BigInt(n))

/** The number of the histogram's bucket, 0 below and `count + 1` above it. */
function bucket(value: number, min: number, max: number, count: bigint): bigint | null {
  if (count <= 0n || count === 2n ** 63n - 1n || Number.isNaN(value)) return null
  if (min === max || !Number.isFinite(min) || !Number.isFinite(max)) return null
  const [low, high] = [Math.min(min, max), Math.max(min, max)]
  const upward = min < max
  if (value < low) return upward ? 0n : count + 1n
  if (upward ? value >= high : value > high) return upward ? count + 1n : 0n
  if (!upward && value === low) return count + 1n
  const part = Number(count) * (upward ? value - low : high - value)
  return BigInt.asIntN(64, BigInt(narrow(part / (high - low), 'bigint')) + 1n)
}
