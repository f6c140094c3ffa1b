import { isList, type SqlType, type Value } from '../../types.ts'
import { toBase64 } from '../bytes-text.ts'
import { formatDate, formatTimestamp, splitMicros } from '../civil.ts'
import { formatDecimal } from '../decimal.ts'
import { formatFloat } from '../double-text.ts'
import { doubleJson, quoteJson } from './print-json.ts'

type Print = (value: NonNullable<Value>) => string

/** TO_JSON of a type's values: fields that are NULL are left out, elements and values of maps are null. */
export function jsonOf(type: SqlType): Print {
  switch (type) {
    case 'string':
      return value => quoteJson(String(value))
    case 'binary':
      return value => (value instanceof Uint8Array ? quoteJson(toBase64(value).replaceAll('\r\n', '')) : '')
    case 'double':
      return value => doubleJson(Number(value))
    case 'float':
      return value => doubleJson(Number(value), formatFloat)
    case 'date':
      return value => quoteJson(formatDate(Number(value)))
    case 'timestamp':
      return value => quoteJson(formatInstant(BigInt(String(value))))
  }
  if (typeof type === 'string') return String
  switch (type.kind) {
    case 'decimal':
      return value => formatDecimal(BigInt(String(value)), type.scale)
    case 'array': {
      const element = orNull(jsonOf(type.element))
      return value => `[${parts(value).map(element).join(',')}]`
    }
    case 'map': {
      const of = orNull(jsonOf(type.value))
      const entry = (pair: Value) => `${quoteJson(String(parts(pair)[0]))}:${of(parts(pair)[1] ?? null)}`
      return value => `{${parts(value).map(entry).join(',')}}`
    }
    case 'struct': {
      const fields = type.fields.map(field => ({ name: quoteJson(field.name), print: jsonOf(field.type) }))
      return value => {
        const values = parts(value)
        const printed = fields.flatMap(({ name, print }, i) => {
          const part = values[i] ?? null
          return part === null ? [] : [`${name}:${print(part)}`]
        })
        return `{${printed.join(',')}}`
      }
    }
  }
}

function orNull(print: Print): (value: Value) => string {
  return value => (value === null ? 'null' : print(value))
}

function parts(value: Value): readonly Value[] {
  return isList(value) ? value : []
}

/** `2014-01-05T07:15:00.123Z`. */
function formatInstant(micros: bigint): string {
  const { days, ofDay } = splitMicros(micros)
  const [, time = ''] = formatTimestamp(ofDay).split(' ')
  const [seconds = '', fraction = ''] = time.split('.')
  return `${formatDate(days)}T${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}Z`
}
