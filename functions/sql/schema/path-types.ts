import { castTo } from '../evaluate/cast.ts'
import { parseDecimal, parseExact, power } from '../evaluate/decimal.ts'
import { parseDouble } from '../evaluate/double-text.ts'
import { javaTrim } from '../evaluate/trim.ts'
import {
  type DecimalType,
  decimalOf,
  decimalType,
  MAX_PRECISION,
  type SqlType,
  sameType,
  type Value,
} from '../types.ts'

/*
 * What Spark 3.5 makes of the `key=value` segments of paths (PartitioningUtils.scala).
 */

/** The type of a partition column, from the texts of all its segments but NULL (inferPartitionColumnValue). */
export function pathType(texts: readonly string[]): SqlType {
  const types = texts.map(typeOfText)
  return types.length === 0 ? 'string' : types.reduce(widerPathType)
}

/** A segment as a Value of the column's type; undefined if it does not read as one without a loss. */
export function pathValue(segment: string | null, type: SqlType): Value | undefined {
  if (segment === null) return null
  const decimal = decimalOf(type)
  if (decimal) return decimalValue(segment, decimal)
  if (/^(tinyint|smallint|int|bigint)$/.test(String(type)) && !INTEGER.test(segment)) return undefined
  if ((type === 'double' || type === 'float') && !isJavaDouble(segment)) return undefined
  return castTo('string', type)?.(segment) ?? undefined
}

const INTEGER = /^[+-]?\d+$/

function typeOfText(text: string): SqlType {
  if (pathValue(text, 'int') !== undefined) return 'int'
  if (pathValue(text, 'bigint') !== undefined) return 'bigint'
  const decimal = wholeNumber(text)
  if (decimal) return decimal
  if (isJavaDouble(text)) return 'double'
  const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d)?$/.test(text)
  if (isTime && pathValue(text, 'timestamp') !== undefined) return 'timestamp'
  if (/^\d{4}-\d\d-\d\d$/.test(text) && pathValue(text, 'date') !== undefined) return 'date'
  return 'string'
}

/** The decimal of a number that java.math.BigDecimal gives no digit after the point, such as `1e3` or one beyond bigint. */
function wholeNumber(text: string): DecimalType | null {
  const exact = parseExact(text)
  if (!exact || exact.scale > 0) return null
  const precision = String(exact.unscaled).replace('-', '').length - exact.scale
  return precision <= MAX_PRECISION ? decimalType(precision, 0) : null
}

/** What Double.parseDouble takes; CAST takes `inf` and `nan` in any case too. */
function isJavaDouble(text: string): boolean {
  return parseDouble(text) !== null && (/\d/.test(text) || /(NaN|Infinity)$/.test(javaTrim(text)))
}

function decimalValue(text: string, { precision, scale }: DecimalType): bigint | undefined {
  const exact = parseExact(text)
  const value = parseDecimal(text, precision, scale)
  if (!exact || value === null) return undefined
  const lost = exact.scale - scale
  return lost <= 0 || (value === 0n ? exact.unscaled === 0n : value * power(lost) === exact.unscaled)
    ? value
    : undefined
}

/** findWiderTypeForPartitionColumn: a double would round whole numbers beyond an int, so together with one they are text. */
function widerPathType(a: SqlType, b: SqlType): SqlType {
  if (sameType(a, b)) return a
  const [left, right] = [wholeDigits(a), wholeDigits(b)]
  if (left && right) {
    if (decimalOf(a) || decimalOf(b)) return decimalType(Math.max(left, right), 0)
    return 'bigint'
  }
  const has = (type: SqlType) => a === type || b === type
  if (has('double') && has('int')) return 'double'
  return has('date') && has('timestamp') ? 'timestamp' : 'string'
}

function wholeDigits(type: SqlType): number | null {
  return type === 'int' ? 10 : type === 'bigint' ? 20 : (decimalOf(type)?.precision ?? null)
}
