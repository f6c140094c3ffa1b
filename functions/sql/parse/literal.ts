import { fromHex } from '../evaluate/bytes-text.ts'
import { parseDate, parseTimestamp } from '../evaluate/datetime-text.ts'
import { decimalType, MAX_PRECISION, type PrimitiveType, type SqlType, type Value } from '../types.ts'
import type { Cursor } from './cursor.ts'
import type { Syntax } from './syntax.ts'

const FLOATS: Readonly<Record<string, PrimitiveType>> = { F: 'float', D: 'double' }
const INTEGERS: Readonly<Record<string, readonly [PrimitiveType, bigint]>> = {
  Y: ['tinyint', 127n],
  S: ['smallint', 32_767n],
  L: ['bigint', 9_223_372_036_854_775_807n],
}

/**
 * A numeric literal, with the minus before it: `1` is the first of int, bigint, decimal that holds it, `1.5` a decimal
 * of just its digits, `1e3` a double; the suffixes L, S, Y, F, D and BD choose.
 */
export function parseNumber(cursor: Cursor): Syntax {
  const { at } = cursor.peek()
  const minus = cursor.take('-')
  const token = cursor.next()
  const text = token.text.toUpperCase()
  const literal = (value: Value, type: SqlType): Syntax => ({ kind: 'literal', value, type, at, end: token.end })
  const suffix = /(?:BD|[LSYFD])$/.exec(text)?.[0] ?? ''
  const digits = (minus ? '-' : '') + text.slice(0, text.length - suffix.length)
  const float = FLOATS[suffix]
  if (float || (suffix === '' && digits.includes('E'))) {
    const value = Number(digits)
    const stored = float === 'float' ? Math.fround(value) : value
    if (!Number.isFinite(stored)) cursor.fail(`${digits} is out of the range of ${float ?? 'double'}`, at)
    return literal(stored, float ?? 'double')
  }
  const integer = INTEGERS[suffix]
  if (integer) {
    const [type, max] = integer
    if (!/^-?\d+$/.test(digits)) cursor.fail(`${digits} is not a whole number, as the suffix ${suffix} requires`, at)
    const value = BigInt(digits)
    if (value > max || value < -max - 1n) cursor.fail(`${digits} is out of the range of ${type}`, at)
    return literal(type === 'bigint' ? value : Number(value), type)
  }
  if (suffix === '' && /^-?\d+$/.test(digits)) {
    const value = BigInt(digits)
    if (BigInt.asIntN(32, value) === value) return literal(Number(value), 'int')
    if (BigInt.asIntN(64, value) === value) return literal(value, 'bigint')
  }
  return decimal(cursor, digits, at, literal)
}

function decimal(cursor: Cursor, digits: string, at: number, literal: (value: Value, type: SqlType) => Syntax): Syntax {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d*)\.?(\d*)(?:E([+-]?\d+))?$/.exec(digits) ?? []
  if (Math.abs(Number(exponent)) > 100) cursor.fail(`${digits} is out of the range of decimal`, at)
  let scale = fraction.length - Number(exponent)
  let unscaled = BigInt(sign + whole + fraction)
  if (scale < 0) {
    unscaled *= 10n ** BigInt(-scale)
    scale = 0
  }
  const length = unscaled === 0n ? 1 : String(unscaled).replace('-', '').length
  const precision = Math.max(length, scale)
  if (precision > MAX_PRECISION) cursor.fail(`${digits} has more than ${MAX_PRECISION} digits`, at)
  return literal(unscaled, decimalType(precision, scale))
}

/** Whether a keyword literal comes next: TRUE, FALSE, NULL, or DATE and TIMESTAMP before a string. */
export function isTypedLiteral(cursor: Cursor): boolean {
  const token = cursor.peek()
  if (token.kind !== 'word') return false
  const following = cursor.peek(1)
  if (/^(TRUE|FALSE|NULL)$/i.test(token.text)) return following.text !== '.'
  return /^(DATE|TIMESTAMP)$/i.test(token.text) && following.kind === 'string'
}

/** A string (neighbours are one: `'a' 'b'`), binary, TRUE, FALSE, NULL, `DATE '…'` or `TIMESTAMP '…'` (in UTC). */
export function parseTypedLiteral(cursor: Cursor): Syntax {
  const token = cursor.next()
  const literal = (value: Value, type: SqlType | 'void'): Syntax => ({
    kind: 'literal',
    value,
    type,
    at: token.at,
    end: cursor.end,
  })
  if (token.kind === 'string') {
    let text = token.text
    while (cursor.peek().kind === 'string') text += cursor.next().text
    return literal(text, 'string')
  }
  if (token.kind === 'binary') return literal(fromHex(token.text), 'binary')
  const word = token.text.toUpperCase()
  if (word === 'NULL') return literal(null, 'void')
  if (word === 'TRUE' || word === 'FALSE') return literal(word === 'TRUE', 'boolean')
  const { text } = cursor.next()
  const value = word === 'DATE' ? parseDate(text) : parseTimestamp(text)
  if (value === null) cursor.fail(`'${text}' is not a ${word.toLowerCase()}`, token.at)
  return literal(value, word === 'DATE' ? 'date' : 'timestamp')
}
