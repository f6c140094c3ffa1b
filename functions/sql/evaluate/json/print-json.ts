import { formatDouble } from '../double-text.ts'
import type { JsonValue } from './read-json.ts'

const ESCAPED: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

/** A text in quotes, with the escapes that Jackson writes. */
export function quoteJson(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON escapes them
  const escaped = text.replace(/["\\\u0000-\u001f]/g, character => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return ESCAPED[character] ?? `\\u${code}`
  })
  return `"${escaped}"`
}

/** A double as Jackson writes it: in quotes where JSON has no such number. */
export function doubleJson(value: number, format: (value: number) => string = formatDouble): string {
  return Number.isFinite(value) ? format(value) : `"${format(value)}"`
}

/** Jackson escapes characters that take four bytes in UTF-8, but only where it writes bytes. */
function quoteCopied(text: string): string {
  return quoteJson(text).replace(/[\ud800-\udfff]/g, half => `\\u${half.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** A value without spaces, its numbers with a fraction as Java's doubles, as Jackson copies it, as bytes or as text. */
export function printJson(json: JsonValue, quote = quoteCopied): string {
  if (json === null || typeof json === 'boolean') return String(json)
  if (typeof json === 'string') return quote(json)
  if ('number' in json) return isWhole(json.number) ? BigInt(json.number).toString() : doubleJson(Number(json.number))
  if ('fields' in json)
    return `{${json.fields.map(([name, value]) => `${quote(name)}:${printJson(value, quote)}`).join(',')}}`
  return `[${json.map(element => printJson(element, quote)).join(',')}]`
}

export function isWhole(number: string): boolean {
  return /^-?\d+$/.test(number)
}
