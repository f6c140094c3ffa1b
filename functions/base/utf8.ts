/*
 * Text exactly as in the bytes. A TextDecoder drops a leading U+FEFF unless told not to, and then a name or a value is not
 * the one in the file.
 */
const lenient = new TextDecoder('utf-8', { ignoreBOM: true })
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true })

/** Bytes as text, with U+FFFD where they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  return lenient.decode(bytes)
}

/** Bytes as text, or null where they are not UTF-8. */
export function decodeStrictUtf8(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}
