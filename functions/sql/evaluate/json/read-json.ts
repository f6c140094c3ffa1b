/** A JSON value. Numbers stay as they are written; objects keep their fields in order, and can have a name twice. */
export type JsonValue = null | boolean | string | JsonNumber | JsonObject | readonly JsonValue[]

interface JsonNumber {
  readonly number: string
}

export interface JsonObject {
  readonly fields: readonly (readonly [name: string, value: JsonValue])[]
}

export function isJsonArray(json: JsonValue | undefined): json is readonly JsonValue[] {
  return Array.isArray(json)
}

export function isJsonNumber(json: JsonValue): json is JsonNumber {
  return typeof json === 'object' && json !== null && 'number' in json
}

export function isJsonObject(json: JsonValue | undefined): json is JsonObject {
  return typeof json === 'object' && json !== null && 'fields' in json
}

/** What Jackson reads beyond the standard; single quotes it always takes. */
interface JsonDialect {
  /** Control characters in strings. */
  readonly controls: boolean
  /** NaN, Infinity and INF as numbers. */
  readonly notNumbers: boolean
}

/** As deep as Jackson follows. */
const MAX_DEPTH = 1000

/** The text is not JSON. */
class Malformed extends Error {
  override readonly name = 'Malformed'
}

/** The first value of a text, whatever follows it; undefined if there is none, or Jackson would not read it. */
export function readJson(text: string, dialect: JsonDialect): JsonValue | undefined {
  try {
    return new Reader(text, dialect).root()
  } catch (error) {
    if (error instanceof Malformed) return undefined
    throw error
  }
}

/** A text as Java has it in UTF-8, where half of a surrogate pair is a question mark. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '?')
}

const SPACE = /[ \t\r\n]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const NOT_NUMBER = /NaN|[+-]?(?:Infinity|INF)/y
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const HEX = /[\da-fA-F]{4}/y

class Reader {
  readonly #text: string
  readonly #dialect: JsonDialect
  #at = 0

  constructor(text: string, dialect: JsonDialect) {
    this.#text = text
    this.#dialect = dialect
  }

  root(): JsonValue {
    const value = this.#value(0)
    const behind = this.#text[this.#at]
    if (isJsonNumber(value) && behind !== undefined && !/[ \t\r\n]/.test(behind)) throw new Malformed()
    return value
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new Malformed()
    this.#take(SPACE)
    const first = this.#text[this.#at]
    if (first === '{') return this.#object(depth)
    if (first === '[') return this.#array(depth)
    if (first === '"' || first === "'") return this.#string()
    const word = this.#take(WORD)
    if (word !== '') {
      if (/[\p{L}\p{M}\p{N}_]/u.test(this.#text[this.#at] ?? '')) throw new Malformed()
      return word === 'null' ? null : word === 'true'
    }
    const number = (this.#dialect.notNumbers && this.#take(NOT_NUMBER)) || this.#take(NUMBER)
    if (number === '' || /[\w.]/.test(this.#text[this.#at] ?? '')) throw new Malformed()
    return {
      number: number.replace('INF', 'Infinity').replace('+', number.endsWith('y') || number.endsWith('F') ? '' : '+'),
    }
  }

  #object(depth: number): JsonObject {
    const fields: [string, JsonValue][] = []
    this.#at++
    while (!this.#ends('}', fields.length)) {
      const quote = this.#text[this.#at]
      if (quote !== '"' && quote !== "'") throw new Malformed()
      const name = this.#string()
      this.#take(SPACE)
      if (this.#text[this.#at++] !== ':') throw new Malformed()
      fields.push([name, this.#value(depth + 1)])
    }
    return { fields }
  }

  #array(depth: number): JsonValue[] {
    const items: JsonValue[] = []
    this.#at++
    while (!this.#ends(']', items.length)) items.push(this.#value(depth + 1))
    return items
  }

  /** Takes the closing bracket, or after `count` members what separates the next. */
  #ends(bracket: string, count: number): boolean {
    this.#take(SPACE)
    if (this.#text[this.#at] === bracket) {
      this.#at++
      return true
    }
    if (count > 0) {
      if (this.#text[this.#at++] !== ',') throw new Malformed()
      this.#take(SPACE)
      if (this.#text[this.#at] === bracket) throw new Malformed()
    }
    return false
  }

  #string(): string {
    const quote = this.#text[this.#at++]
    let text = ''
    let from = this.#at
    for (;;) {
      const character = this.#text[this.#at++]
      if (character === undefined) throw new Malformed()
      if (character === quote) break
      if (character < ' ' && !this.#dialect.controls) throw new Malformed()
      if (character !== '\\') continue
      text += this.#text.slice(from, this.#at - 1) + this.#escape()
      from = this.#at
    }
    return text + this.#text.slice(from, this.#at - 1)
  }

  #escape(): string {
    const character = this.#text[this.#at++] ?? ''
    if (character === 'u') {
      const digits = this.#take(HEX)
      if (digits === '') throw new Malformed()
      return String.fromCharCode(Number.parseInt(digits, 16))
    }
    if (!/["'\\/bfnrt]/.test(character)) throw new Malformed()
    return ESCAPES[character] ?? character
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }
}
