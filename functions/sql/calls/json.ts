import { fromJson } from '../evaluate/json/from-json.ts'
import { getJsonObject, parseJsonPath } from '../evaluate/json/json-path.ts'
import { isJsonArray, isJsonObject, readJson, wellFormed } from '../evaluate/json/read-json.ts'
import { jsonOf } from '../evaluate/json/to-json.ts'
import { type Definition, partial, partialFor, strictFor } from './definition.ts'

const STRICT = { controls: true, notNumbers: false } as const

/** Functions of JSON as text, read and written as Jackson does it for Spark. */
export const JSON_FUNCTIONS: readonly Definition[] = [
  partialFor('get_json_object', 'string, string', 'string', call => {
    const constant = call.args[1]
    const known = constant?.op === 'literal' ? parseJsonPath(String(constant.value)) : undefined
    return (text, path) => {
      const steps = known === undefined ? parseJsonPath(path) : known
      return steps && getJsonObject(text, steps)
    }
  }),
  partial('json_array_length', 'string', 'int', text => {
    const json = readJson(text, STRICT)
    return isJsonArray(json) ? json.length : null
  }),
  partial('json_object_keys', 'string', 'array<string>', text => {
    const json = readJson(text, STRICT)
    return isJsonObject(json) ? json.fields.map(([name]) => wellFormed(name)) : null
  }),
  strictFor('to_json', 'any, any?', 'string', call => {
    const print = jsonOf(call.args[0]?.type ?? 'string')
    return value => (value === null ? null : print(value))
  }),
  partialFor('from_json', 'string, string, any?', 'element', call => fromJson(call.type)),
]
