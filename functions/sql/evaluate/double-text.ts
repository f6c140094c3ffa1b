import { javaTrim } from './trim.ts'

/**
 * As Java prints a double: `1.0`, `0.001`, `1.0E7`, `NaN`; the fewest digits that read back the same, but at least two
 * (Java 19 and later), so that the smallest is `4.9E-324`.
 */
export function formatDouble(value: number): string {
  const text = value.toExponential()
  return format(value, text.includes('.') ? text : value.toExponential(1))
}

/** As Java prints a float; `value` is one already. */
export function formatFloat(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toExponential(digits)
    if (Math.fround(Number(text)) === value) return format(value, text)
  }
  return format(value, value.toExponential())
}

function format(value: number, exponential: string): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const [, sign = '', first = '', rest = '', power = '0'] = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(exponential) ?? []
  const exponent = Number(power)
  if (exponent < -3 || exponent >= 7) return `${sign}${first}.${rest || '0'}E${exponent}`
  const digits = rest === '0' ? first : first + rest
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  return `${sign}${digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')}.${digits.slice(exponent + 1) || '0'}`
}

const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?p([+-]?\d+)$/

/**
 * A double from text, as Spark's cast reads it: what Java's parseDouble takes (blanks around, a suffix f or d,
 * hexadecimal with p), and `inf`, `infinity` and `nan` in any case. Null for all else. A float is rounded once, from
 * the text's nearest double.
 */
export function parseDouble(text: string): number | null {
  const trimmed = javaTrim(text)
  if (/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?[fd]?$/i.test(trimmed)) return Number(trimmed.replace(/[fFdD]$/, ''))
  const lower = trimmed.toLowerCase()
  if (/^[+-]?inf(inity)?$/.test(lower)) return lower.startsWith('-') ? -Infinity : Infinity
  if (lower === 'nan' || /^[+-]NaN$/.test(trimmed)) return Number.NaN
  const hex = HEXADECIMAL.exec(lower.replace(/[fd]$/, ''))
  if (!hex || !(hex[2] || hex[3])) return null
  const [, sign, whole = '', fraction = '', exponent] = hex
  const mantissa = Number(`0x${whole}${fraction}`) * 2 ** (Number(exponent) - 4 * fraction.length)
  return sign === '-' ? -mantissa : mantissa
}
