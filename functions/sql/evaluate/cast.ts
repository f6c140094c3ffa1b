import { decodeUtf8 } from '../../base/utf8.ts'
import { type Convert, decimalOf, isNested, type SqlType, sameType, type Value } from '../types.ts'
import { fromDate, fromTimestamp } from './cast-datetime.ts'
import { fromDecimal } from './cast-decimal.ts'
import { fromNested } from './cast-nested.ts'
import { fromBoolean, fromNumber, fromWhole } from './cast-number.ts'
import { fromText } from './cast-text.ts'

/**
 * The cast from one type to another as Spark does it with ANSI off, or null if Spark refuses such a cast. `attempt` is
 * TRY_CAST: Spark does it by the ANSI rules, with NULL for their errors, so nothing is cut off, wrapped or saturated.
 */
export function castTo(from: SqlType, to: SqlType, attempt = false): Convert | null {
  if (sameType(from, to)) return value => value
  switch (from) {
    case 'string':
      return fromText(to, attempt)
    case 'boolean':
      return fromBoolean(to, attempt)
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return fromWhole(from, to, attempt)
    case 'float':
    case 'double':
      return fromNumber(from, to, attempt)
    case 'date':
      return fromDate(to, attempt)
    case 'timestamp':
      return fromTimestamp(to, attempt)
    case 'binary':
      return to === 'string' ? textOf : null
    default: {
      if (isNested(from)) return fromNested(from, to, attempt, castTo)
      const decimal = decimalOf(from)
      return decimal ? fromDecimal(decimal, to, attempt) : null
    }
  }
}

function textOf(value: Value): Value {
  if (!(value instanceof Uint8Array)) throw new TypeError('binary values are Uint8Arrays')
  return decodeUtf8(value)
}
