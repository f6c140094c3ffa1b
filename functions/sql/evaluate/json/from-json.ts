import type { Column, SqlType, Value } from '../../types.ts'
import { fromStrictBase64 } from '../bytes-text.ts'
import { MICROS_PER_SECOND } from '../civil.ts'
import { parseDate, parseTimestamp } from '../datetime-text.ts'
import { parseDecimal } from '../decimal.ts'
import { INTEGER_BITS, isInteger } from '../integer.ts'
import { isWhole, printJson } from './print-json.ts'
import { isJsonArray, isJsonNumber, isJsonObject, type JsonValue, readJson, wellFormed } from './read-json.ts'

/** A value that does not fit its type: the nearest field of a struct around it becomes NULL. */
const MISFIT = Symbol('misfit')
type Converted = Value | typeof MISFIT
type Convert = (json: JsonValue) => Converted

/**
 * FROM_JSON to an array, map or struct, as Spark's mode PERMISSIVE with partial results (JacksonParser): a field that does not fit
 * is NULL, and text that is not JSON gives a struct of NULLs, or NULL for another type. Text of JSON's white space alone is NULL.
 */
export function fromJson(type: SqlType): (text: string) => Value {
  const convert = converter(type)
  const nothing = typeof type === 'object' && type.kind === 'struct' ? type.fields.map(() => null) : null
  return text => {
    if (/^[ \t\r\n]*$/.test(text)) return null
    const json = readJson(text, { controls: false, notNumbers: true })
    if (json === undefined) return nothing
    const isOne = typeof type === 'object' && type.kind === 'array' && isJsonObject(json) && isStruct(type.element)
    const value = json === null ? MISFIT : convert(isOne ? [json] : json)
    return value === MISFIT ? nothing : value
  }
}

function converter(type: SqlType): Convert {
  const convert = ofPresent(type)
  return json => (json === null ? null : convert(json))
}

function ofPresent(type: SqlType): (json: NonNullable<JsonValue>) => Converted {
  if (isInteger(type)) {
    return json => {
      const whole = isJsonNumber(json) && isWhole(json.number) ? BigInt(json.number) : null
      if (whole === null || BigInt.asIntN(INTEGER_BITS[type], whole) !== whole) return MISFIT
      return type === 'bigint' ? whole : Number(whole)
    }
  }
  switch (type) {
    case 'boolean':
      return json => (typeof json === 'boolean' ? json : MISFIT)
    case 'string':
      return json => (typeof json === 'string' ? wellFormed(json) : printJson(json))
    case 'double':
      return json => float(json)
    case 'float':
      return json => {
        const value = float(json)
        return typeof value === 'number' ? Math.fround(value) : value
      }
    case 'date':
      return json => (typeof json === 'string' ? (parseDate(json) ?? daysOf(json)) : MISFIT)
    case 'timestamp':
      return json => {
        if (typeof json === 'string') return parseTimestamp(json) ?? MISFIT
        const seconds = isJsonNumber(json) && isWhole(json.number) ? BigInt(json.number) : null
        return seconds === null || BigInt.asIntN(64, seconds) !== seconds
          ? MISFIT
          : BigInt.asIntN(64, seconds * MICROS_PER_SECOND)
      }
    case 'binary':
      return json => (typeof json === 'string' ? (fromStrictBase64(json) ?? MISFIT) : MISFIT)
  }
  switch (type.kind) {
    case 'decimal':
      return json => {
        // The commas of an American number are skipped.
        const text = typeof json === 'string' ? json.replaceAll(',', '') : isJsonNumber(json) ? json.number : ''
        return text === '' ? MISFIT : (parseDecimal(text, type.precision, type.scale) ?? MISFIT)
      }
    case 'array': {
      const element = converter(type.element)
      return json => (isJsonArray(json) ? all(json.map(element)) : MISFIT)
    }
    case 'map': {
      const value = converter(type.value)
      return json => {
        if (!isJsonObject(json)) return MISFIT
        const values = all(json.fields.map(([, of]) => value(of)))
        return values === MISFIT ? MISFIT : json.fields.map(([name], i) => [wellFormed(name), values[i] ?? null])
      }
    }
    case 'struct':
      return structOf(type.fields)
  }
}

/** Of several fields of one name the last that fits. */
function structOf(fields: readonly Column[]): Convert {
  const places = new Map(fields.map(({ name, type }, place) => [name, { place, convert: converter(type) }]))
  return json => {
    if (!isJsonObject(json)) return MISFIT
    const values: Value[] = fields.map(() => null)
    for (const [name, of] of json.fields) {
      const field = places.get(name)
      const value = field ? field.convert(of) : MISFIT
      if (field && value !== MISFIT) values[field.place] = value
    }
    return values
  }
}

const NAMED: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity,
  '+INF': Infinity,
  INF: Infinity,
  '-Infinity': -Infinity,
  '-INF': -Infinity,
}

function float(json: NonNullable<JsonValue>): Converted {
  if (isJsonNumber(json)) return NAMED[json.number] ?? Number(json.number)
  return typeof json === 'string' ? (NAMED[json] ?? MISFIT) : MISFIT
}

/** Days since 1970, as Spark 1.5 wrote dates. */
function daysOf(text: string): Converted {
  const days = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  return (days | 0) === days ? days : MISFIT
}

function all(values: readonly Converted[]): readonly Value[] | typeof MISFIT {
  const fitting = values.filter(value => value !== MISFIT)
  return fitting.length < values.length ? MISFIT : fitting
}

function isStruct(type: SqlType): boolean {
  return typeof type === 'object' && type.kind === 'struct'
}
