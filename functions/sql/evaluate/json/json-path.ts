import { printJson, quoteJson } from './print-json.ts'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, readJson, wellFormed } from './read-json.ts'

/** A step of a path: the field of a name, an element by its index, or all elements. */
type PathStep = { readonly name: string } | { readonly index: number } | 'elements' | 'fields'
export type JsonPath = readonly PathStep[]

const STEP =
  /\s*(?:\.\s*\*|\[\s*'\*'\s*\])()|\s*\[\s*\*\s*\]()|\s*\[\s*(\d+)\s*\]|\s*\.\s*([^.[]+)|\s*\[\s*'\s*([^'?]+)'\s*\]/y

/** The steps of `$.a[0]['b'][*]`; null if it is not a path (Spark's JsonPathParser). */
export function parseJsonPath(text: string): JsonPath | null {
  const root = /^\s*\$/.exec(text)
  if (!root) return null
  const steps: PathStep[] = []
  let at = root[0].length
  while (at < text.length) {
    STEP.lastIndex = at
    const found = STEP.exec(text)
    if (!found) return text.slice(at).trim() === '' ? steps : null
    const [whole, fields, elements, index, plain, quoted] = found
    at += whole.length
    if (fields !== undefined) steps.push('fields')
    else if (elements !== undefined) steps.push('elements')
    else if (index !== undefined) steps.push({ index: Number(index) })
    else steps.push({ name: plain ?? quoted ?? '' })
  }
  return steps
}

/** How strings are written: bare where one value is asked for, in quotes among others, arrays as what they hold. */
type Style = 'raw' | 'quoted' | 'flat'

type Print = (json: JsonValue) => string

/** A value that is gathered among others is first written as text. */
const printText: Print = json => printJson(json, quoteJson)

/** GET_JSON_OBJECT, by the rules of Spark's GetJsonObject.evaluatePath; null if nothing is there, or the text is not JSON. */
export function getJsonObject(text: string, path: JsonPath): string | null {
  const json = readJson(text, { controls: true, notNumbers: false })
  const found = json === undefined ? null : follow(json, path, 'raw', printJson)
  return found ? found.join(',') : null
}

/** The values that a path leads to, as they are written; null if there is none. */
function follow(json: JsonValue, path: JsonPath, style: Style, print: Print): string[] | null {
  const [step, ...rest] = path
  if (step === undefined) {
    // Jackson can't write half of a surrogate pair as it is.
    if (typeof json === 'string' && style === 'raw') return wellFormed(json) === json ? [json] : null
    return isJsonArray(json) && style === 'flat' ? gathered(json, [], 'flat', print) : [print(json)]
  }
  if (typeof step === 'object' && 'name' in step)
    return isJsonObject(json) ? ofField(json, step.name, rest, style, print) : null
  if (!isJsonArray(json) || step === 'fields') return null
  if (step === 'elements') return ofElements(json, rest, style, print)
  const element = json[step.index]
  return element === undefined ? null : follow(element, rest, rest[0] === 'elements' ? 'quoted' : style, print)
}

/** The first field of the name in which something is found. */
function ofField({ fields }: JsonObject, name: string, path: JsonPath, style: Style, print: Print): string[] | null {
  for (const [own, value] of fields) {
    const found = own === name && value !== null ? follow(value, path, style, print) : null
    if (found) return found
  }
  return null
}

function ofElements(array: readonly JsonValue[], path: JsonPath, style: Style, print: Print): string[] | null {
  if (path[0] === 'elements') return inBrackets(gathered(array, path.slice(1), 'flat', print))
  if (style === 'quoted') return inBrackets(gathered(array, path, 'quoted', print))
  const matches = array.flatMap(element => {
    const found = follow(element, path, style === 'raw' ? 'quoted' : 'flat', printText)
    return found ? [found.join(',')] : []
  })
  if (matches.length === 0) return null
  return matches.length === 1 ? matches : [`[${matches.join(',')}]`]
}

function gathered(array: readonly JsonValue[], path: JsonPath, style: Style, print: Print): string[] | null {
  const found = array.flatMap(element => follow(element, path, style, print) ?? [])
  return found.length > 0 ? found : null
}

function inBrackets(found: string[] | null): string[] | null {
  return found && [`[${found.join(',')}]`]
}
