import { decodeUtf8 } from '../../base/utf8.ts'
import { decodeUrl, encodeUrl, fromBase64, fromHex, fromStrictBase64, toBase64, toHex } from '../evaluate/bytes-text.ts'
import { bigToBase } from '../evaluate/convert-base.ts'
import { parseUrl } from '../evaluate/url.ts'
import { type Definition, strict } from './definition.ts'

const UTF8 = new TextEncoder()

/** Functions between text and bytes. */
export const ENCODINGS: readonly Definition[] = [
  strict('octet_length', 'string or binary', 'int', value => bytesOf(value).length),
  strict('bit_length', 'string or binary', 'int', value => 8 * bytesOf(value).length),
  strict('base64', 'binary', 'string', toBase64),
  strict('unbase64', 'string', 'binary', fromBase64, 'fails'),
  strict('hex', 'bigint or bytes', 'string', value =>
    typeof value === 'bigint' ? bigToBase(value, 16) : toHex(bytesOf(value)),
  ),
  strict('unhex', 'string', 'binary', fromHex, 'fails'),
  strict('url_encode', 'string', 'string', encodeUrl),
  strict('url_decode', 'string', 'string', decodeUrl, 'fails'),
  strict('parse_url', 'string, string, string?', 'string', parseUrl, 'fails'),
  strict('encode', 'string, charset', 'binary', text => UTF8.encode(text)),
  strict('to_binary try_to_binary', 'string, binary form?', 'binary', toBinary, 'fails'),
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
