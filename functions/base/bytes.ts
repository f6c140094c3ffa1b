/** Joins arrays into one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** A copy of an array with room for at least `least` elements, and at least twice as many as before; the rest is 0. */
export function grown<A extends Int32Array | Uint8Array>(array: A, least = 0): A {
  const size = Math.max(array.length * 2, least)
  const larger = array instanceof Int32Array ? new Int32Array(size) : new Uint8Array(size)
  larger.set(array)
  return larger as A // of the same kind
}

/** Hex SHA-256 of bytes or of a text's UTF-8. */
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Bytes hashed at a time. */
const BLOCK = 1 << 20

/** A hex SHA-256 of the SHA-256 of each MiB: Web Crypto copies what it hashes, and there is no room for a copy of many bytes. */
export async function sha256OfBlocks(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hashes: string[] = []
  for (let at = 0; at < bytes.length; at += BLOCK) hashes.push(await sha256(bytes.subarray(at, at + BLOCK)))
  return sha256(hashes.join(''))
}

/** Bytes from `start` to before `end`. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}
