import { isWhole } from '../evaluate/json/print-json.ts'
import { type JsonValue, readJson } from '../evaluate/json/read-json.ts'
import { InvalidQuery } from '../invalid.ts'
import { decodeLiteral, encodeLiteral } from '../literal.ts'
import { Cursor } from '../parse/cursor.ts'
import { readFields, readType } from '../parse/types.ts'
import { isNested, type PrimitiveType, type SqlType } from '../types.ts'
import { makeCall } from './make-call.ts'
import type { NestedRule } from './nested-operands.ts'
import { castOperand, NULL, type Operand } from './operand.ts'
import type { Typed } from './operators.ts'

const NO_OPTIONS = { wrong: 'options are not supported; JSON is read and written as Spark does it without any' }

/** TO_JSON of an array, map or struct, whose maps have keys that are texts or whole numbers. */
export const toJsonRule: NestedRule = ([value = NULL, options], name) => {
  if (options) return NO_OPTIONS
  if (value.op === 'null' || !isNested(value.type)) return { wrong: 'it takes an array, a map or a struct' }
  return hasKeys(value.type, /^(string|tinyint|smallint|int|bigint)$/)
    ? { expr: makeCall(name, [value], 'string') }
    : { wrong: 'the keys of a map must be texts or whole numbers; use TRANSFORM_KEYS' }
}

/** Whether the keys of all maps in a type are of some types. */
function hasKeys(type: SqlType, keys: RegExp): boolean {
  if (!isNested(type)) return true
  if (type.kind === 'array') return hasKeys(type.element, keys)
  if (type.kind === 'struct') return type.fields.every(field => hasKeys(field.type, keys))
  return keys.test(String(type.key)) && hasKeys(type.value, keys)
}

/** FROM_JSON of text to the type that a constant says: `a int, b array<string>`, or `array<…>`, `map<string,…>`. */
export const fromJsonRule: NestedRule = ([text = NULL, schema = NULL, options], name) => {
  if (options) return NO_OPTIONS
  const json = text.type === 'string' || text.op === 'null' ? castOperand(text, 'string') : null
  if (!json) return { wrong: 'it reads text; cast it' }
  if (schema.op !== 'literal' || schema.type !== 'string') return { wrong: 'the schema is a constant text' }
  const type = schemaType(String(schema.value))
  if (typeof type === 'object' && 'wrong' in type) return type
  if (!isNested(type)) return { wrong: 'the schema is that of an array, a map or a struct' }
  if (!hasKeys(type, /^string$/)) return { wrong: 'the keys of a map are texts' }
  return { expr: makeCall(name, [json, schema], type) }
}

function schemaType(text: string): SqlType | { readonly wrong: string } {
  const read = (parse: (cursor: Cursor) => SqlType): SqlType => {
    const cursor = new Cursor(text)
    const type = parse(cursor)
    if (cursor.peek().kind !== 'end') cursor.fail('there is text after the schema')
    return type
  }
  const readStruct = (cursor: Cursor): SqlType => ({ kind: 'struct', fields: readFields(cursor) })
  for (const parse of [readType, readStruct]) {
    try {
      return read(parse)
    } catch (error) {
      if (!(error instanceof InvalidQuery)) throw error
    }
  }
  return { wrong: `'${text}' is not a schema such as 'id int, tags array<string>'` }
}

/** SCHEMA_OF_JSON of a constant: its type as text. */
export function schemaOfJson(args: readonly Operand[]): Typed {
  const [text = NULL] = args
  if (args.length !== 1 || text.op !== 'literal' || text.type !== 'string' || text.value === null)
    return { wrong: 'it takes one constant text' }
  const json = readJson(String(decodeLiteral(text)), { controls: false, notNumbers: true })
  if (json === undefined) return { wrong: 'the text is not JSON' }
  const type = inferred(json)
  return { expr: encodeLiteral(schemaText(type) ?? emptyText(type), 'string') }
}

/** A type as Spark infers it; null where there are NULLs alone. */
type Inferred =
  | null
  | PrimitiveType
  | { readonly kind: 'decimal'; readonly precision: number }
  | { readonly kind: 'array'; readonly element: Inferred }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Inferred> }

function inferred(json: JsonValue): Inferred {
  if (json === null) return null
  if (typeof json === 'boolean') return 'boolean'
  if (typeof json === 'string') return json === '' ? null : 'string'
  if ('number' in json) return ofNumber(json.number)
  if ('fields' in json)
    return { kind: 'struct', fields: new Map(json.fields.map(([name, value]) => [name, inferred(value)])) }
  return { kind: 'array', element: json.map(inferred).reduce(together, null) }
}

function ofNumber(number: string): Inferred {
  if (!isWhole(number)) return 'double'
  const digits = number.replace('-', '').length
  if (BigInt.asIntN(64, BigInt(number)) === BigInt(number)) return 'bigint'
  return digits > 38 ? 'double' : { kind: 'decimal', precision: digits }
}

/** The type of values of two types, as Spark's JsonInferSchema has it. */
function together(a: Inferred, b: Inferred): Inferred {
  if (a === null || b === null) return a ?? b
  if (typeof a === 'string' && typeof b === 'string') {
    if (a === b) return a
    return [a, b].every(type => type === 'bigint' || type === 'double') ? 'double' : 'string'
  }
  if (typeof a !== 'object' || typeof b !== 'object') return isShaped(a) || isShaped(b) ? 'string' : 'double'
  if (a.kind === 'array' && b.kind === 'array') return { kind: 'array', element: together(a.element, b.element) }
  if (a.kind !== 'struct' || b.kind !== 'struct') return 'string'
  const names = [...new Set([...a.fields.keys(), ...b.fields.keys()])]
  const fields = names.map(name => [name, together(a.fields.get(name) ?? null, b.fields.get(name) ?? null)] as const)
  return { kind: 'struct', fields: new Map(fields) }
}

function isShaped(type: Inferred): boolean {
  return type !== null && typeof type === 'object' && type.kind !== 'decimal'
}

/** `STRUCT<a: BIGINT>`; null for a struct without fields, which leaves out what holds it (JsonInferSchema.canonicalizeType). */
function schemaText(type: Inferred): string | null {
  if (type === null) return 'STRING'
  if (typeof type === 'string') return type.toUpperCase()
  if (type.kind === 'decimal') return `DECIMAL(${type.precision},0)`
  if (type.kind === 'array') {
    const element = schemaText(type.element)
    return element === null ? null : `ARRAY<${element}>`
  }
  const fields = [...type.fields]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, of]) => {
      const text = name === '' ? null : schemaText(of)
      return text === null ? [] : [`${quoted(name)}: ${text}`]
    })
  return fields.length === 0 ? null : `STRUCT<${fields.join(', ')}>`
}

/** The type of a whole document without any field. */
function emptyText(type: Inferred): string {
  if (type === null || typeof type !== 'object') return 'STRING'
  if (type.kind === 'struct') return 'STRUCT<>'
  const holdsStruct = type.kind === 'array' && typeof type.element === 'object' && type.element?.kind === 'struct'
  return holdsStruct ? 'ARRAY<STRUCT<>>' : 'STRING'
}

function quoted(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``
}
