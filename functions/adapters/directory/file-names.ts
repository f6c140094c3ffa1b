/** S3's limit for a key, in bytes of UTF-8. */
const LONGEST = 1024

/** Why a file can't be an object. */
export type NameFault = 'not UTF-8' | 'too long'

/** Why a file can't be an object; undefined if it can. `directory` is the key of its directory, `name` its bytes. */
export function nameFault(directory: string, name: Buffer): NameFault | undefined {
  if (Buffer.compare(Buffer.from(name.toString('utf8')), name) !== 0) return 'not UTF-8'
  return Buffer.byteLength(directory) + name.length > LONGEST ? 'too long' : undefined
}

/** A name as it may stand in a message: in quotes, at most 200 characters, bytes that are not UTF-8 as `\xff`. */
export function showName(directory: string, name: Buffer): string {
  let text = JSON.stringify(directory).slice(1, -1)
  for (let at = 0; at < name.length; ) {
    const [character, bytes] = characterAt(name, at)
    text += character ?? `\\x${(name[at] ?? 0).toString(16).padStart(2, '0')}`
    at += bytes
  }
  return text.length > 200 ? `"${text.slice(0, 198)}…"` : `"${text}"`
}

/** The character that begins at a byte, and how many bytes it has. */
function characterAt(name: Buffer, at: number): [character: string | undefined, bytes: number] {
  for (let bytes = 1; bytes <= 4; bytes++) {
    const part = name.subarray(at, at + bytes)
    if (nameFault('', part) === undefined) return [JSON.stringify(part.toString()).slice(1, -1), part.length]
  }
  return [undefined, 1]
}
