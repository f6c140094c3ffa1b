import { decodeUtf8 } from '../../base/utf8.ts'
import { decodeUrl, encodeUrl, fromBase64, fromHex, fromStrictBase64, toBase64, toHex } from '../evaluate/bytes-text.ts'
import { bigToBase } from '../evaluate/convert-base.ts'
import { parseUrl } from '../evaluate/url.ts'
import { type Definition, partial, strict } from './definition.ts'

const UTF8 = new TextEncoder()

/** Functions between text and bytes. */
export const ENCODINGS: readonly Definition[] = [
  strict('octet_length', 'string or binary', 'int', value => bytesOf(value).length),
  strict('bit_length', 'string or binary', 'int', value => 8 * bytesOf(value).length),
  strict('base64', 'binary', 'string', toBase64),
  partial('unbase64', 'string', 'binary', fromBase64),
  strict('hex', 'bigint or bytes', 'string', value =>
    typeof value === 'bigint' ? bigToBase(value, 16) : toHex(bytesOf(value)),
  ),
  partial('unhex', 'string', 'binary', fromHex),
  strict('url_encode', 'string', 'string', encodeUrl),
  partial('url_decode', 'string', 'string', decodeUrl),
  partial('parse_url', 'string, string, string?', 'string', parseUrl),
  strict('encode', 'string, charset', 'binary', text => UTF8.encode(text)),
  partial('to_binary try_to_binary', 'string, binary form?', 'binary', toBinary),
  strict('decode', 'binary, charset', 'string', bytes => decodeUtf8(bytes)),
]

function bytesOf(value: string | Uint8Array): Uint8Array {
  return typeof value === 'string' ? UTF8.encode(value) : value
}

/** Text in hexadecimal, if nothing else is said; null where it is not in the form. */
function toBinary(text: string, form = 'hex'): Uint8Array | null {
  if (form === 'utf-8') return UTF8.encode(text)
  return form === 'hex' ? fromHex(text) : fromStrictBase64(text)
}
