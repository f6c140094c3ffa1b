const SINGLE: Readonly<Record<string, string>> = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\x1a',
  // Kept with their backslash, because LIKE reads them again.
  '%': '\\%',
  _: '\\_',
}

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-1][0-7]{2})|(.))/gs

/**
 * The content of a string literal as Spark reads it (ParserUtils.unescapeSQLString): an unknown escape is its
 * character.
 */
export function unescapeString(content: string): string {
  return content.replace(ESCAPE, (_, utf16?: string, utf32?: string, octal?: string, single?: string) => {
    if (utf16) return String.fromCharCode(Number.parseInt(utf16, 16))
    if (utf32) return codePoint(Number.parseInt(utf32, 16))
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
    return SINGLE[single ?? ''] ?? single ?? ''
  })
}

/** Spark writes a \U value beyond Unicode as its low surrogate half; there is nothing useful to keep of it. */
function codePoint(value: number): string {
  return value <= 0x10ffff ? String.fromCodePoint(value) : '\ufffd'
}
