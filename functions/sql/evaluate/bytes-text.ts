import { elementAt } from '../../base/at.ts'

/** Bytes as text in the forms that SQL has functions for. */

/** Two capital hexadecimal digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return toLowerHex(bytes).toUpperCase()
}

export function toLowerHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += elementAt(PAIRS, byte)
  return text
}

const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** UNHEX: an odd first digit is a byte of its own; null where a character is not a digit. */
export function fromHex(text: string): Uint8Array | null {
  if (!/^[0-9a-fA-F]*$/.test(text)) return null
  const even = text.length % 2 === 0 ? text : `0${text}`
  return Uint8Array.from({ length: even.length / 2 }, (_, i) => Number.parseInt(even.slice(2 * i, 2 * i + 2), 16))
}

/** BASE64 in lines of 76 characters, as Java's MIME encoder makes them (RFC 2045). */
export function toBase64(bytes: Uint8Array): string {
  return btoa(latin1(bytes)).replace(/.{76}(?=.)/g, '$&\r\n')
}

/** A character for each byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

/** UNBASE64: other characters are skipped (RFC 2045); null where the text stops in the middle of a byte. */
export function fromBase64(text: string): Uint8Array | null {
  const [, digits = '', padding = ''] = /^([A-Za-z0-9+/]*)(=*)/.exec(text.replace(/[^A-Za-z0-9+/=]/g, '')) ?? []
  const rest = digits.length % 4
  if (rest === 1 || (padding !== '' && padding.length < (rest === 2 ? 2 : 1))) return null
  if (padding !== '' && rest === 0) return null
  const binary = atob(digits)
  return Uint8Array.from(binary, character => character.charCodeAt(0))
}

/** TO_BINARY: null where a character is not a digit, or the padding is not that of the last byte. What Java takes for white space is skipped. */
export function fromStrictBase64(text: string): Uint8Array | null {
  const digits = text.replace(JAVA_SPACE, '')
  const isWhole = !digits.includes('=') || digits.length % 4 === 0
  return /^[A-Za-z0-9+/]*={0,2}$/.test(digits) && isWhole ? fromBase64(digits) : null
}

/** Character.isWhitespace: no space that keeps words together. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Java takes four of them for white space
const JAVA_SPACE = /[\t-\r\u001c-\u001f \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/g

/** URL_ENCODE: application/x-www-form-urlencoded, as java.net.URLEncoder writes it. */
export function encodeUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** URL_DECODE; null where a % has no two digits after it. */
export function decodeUrl(text: string): string | null {
  if (/%(?![0-9a-fA-F]{2})/.test(text)) return null
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-fA-F]{2})+/g, run =>
      UTF8.decode(Uint8Array.from(run.slice(1).split('%'), pair => Number.parseInt(pair, 16))),
    )
}
