import type { Value } from '../../types.ts'
import { printJson } from './print-json.ts'
import { isJsonObject, readJson, wellFormed } from './read-json.ts'

/**
 * The row of JSON_TUPLE: the fields of an object by name, as text, of fields of one name the last that is not null. All are
 * NULL where the text is not a JSON object (Spark's JsonTuple).
 */
export function jsonTuple(text: string | null, names: readonly (string | null)[]): Value[] {
  const json = text === null ? undefined : readJson(text, { controls: true, notNumbers: false })
  if (!isJsonObject(json)) return names.map(() => null)
  const texts = new Map<string | null, string>()
  for (const [name, value] of json.fields) {
    if (value === null || !names.includes(name)) continue
    // Jackson can't write half of a surrogate pair as it is
    if (typeof value === 'string' && wellFormed(value) !== value) return names.map(() => null)
    texts.set(name, typeof value === 'string' ? value : printJson(value))
  }
  return names.map(name => texts.get(name) ?? null)
}
