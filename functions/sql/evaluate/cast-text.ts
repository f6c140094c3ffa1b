import { type Convert, decimalOf, type SqlType } from '../types.ts'
import { parseDate, parseTimestamp } from './datetime-text.ts'
import { parseDecimal } from './decimal.ts'
import { parseDouble } from './double-text.ts'
import { INTEGER_BITS, type IntegerType } from './integer.ts'
import { javaTrim, trimAll } from './trim.ts'

const TRUE = new Set(['t', 'true', 'y', 'yes', '1'])
const FALSE = new Set(['f', 'false', 'n', 'no', '0'])

/** CAST(string AS …): text that does not read as the type is NULL. */
export function fromText(to: SqlType, attempt: boolean): Convert | null {
  switch (to) {
    case 'boolean':
      return value => parseBoolean(String(value))
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return value => parseInteger(String(value), to, attempt)
    case 'float':
      return value => {
        const number = parseDouble(String(value))
        return number === null ? null : Math.fround(number)
      }
    case 'double':
      return value => parseDouble(String(value))
    case 'date':
      return value => parseDate(String(value))
    case 'timestamp':
      return value => parseTimestamp(String(value))
    case 'binary':
      return value => new TextEncoder().encode(String(value))
    default: {
      const decimal = decimalOf(to)
      return decimal && (value => parseDecimal(javaTrim(String(value)), decimal.precision, decimal.scale))
    }
  }
}

function parseBoolean(text: string): boolean | null {
  const word = trimAll(text).toLowerCase()
  if (TRUE.has(word)) return true
  return FALSE.has(word) ? false : null
}

/**
 * Digits, with a fraction that is checked and cut off (`1.9` → 1); TRY_CAST takes no fraction. Out of range is NULL.
 */
function parseInteger(text: string, to: IntegerType, attempt: boolean): number | bigint | null {
  const trimmed = trimAll(text)
  const match = (attempt ? /^([+-]?)(\d+)$/ : /^([+-]?)(\d*)(?:\.\d*)?$/).exec(trimmed)
  if (!match || trimmed === '' || trimmed === '+' || trimmed === '-') return null
  const digits = (match[2] ?? '').replace(/^0+/, '')
  if (digits.length > 19) return null
  const value = BigInt(`${match[1] === '-' ? '-' : ''}${digits || '0'}`)
  if (BigInt.asIntN(INTEGER_BITS[to], value) !== value) return null
  return to === 'bigint' ? value : Number(value)
}
