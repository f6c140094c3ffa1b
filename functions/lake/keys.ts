import { InvalidKey } from '../base/errors.ts'
import type { ObjectVersion } from './store.ts'

const encoder = new TextEncoder()

/** The order of keys in a listing: by their UTF-8 bytes, which is the order of code points, not of UTF-16 units. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    // surrogates (code points over U+FFFF) come after U+E000 to U+FFFF in UTF-8, before them in UTF-16
    return isSurrogate(x) === isSurrogate(y) ? x - y : isSurrogate(x) ? 1 : -1
  }
  return a.length - b.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}

/** Refuses keys that are empty, over 1,024 bytes (S3's limit) or have half a surrogate pair. */
export function checkKey(key: string): string {
  const bytes = encoder.encode(key).length
  if (bytes === 0 || bytes > 1024) throw new InvalidKey(`key of ${bytes} bytes, S3 takes 1 to 1024: ${excerpt(key)}`)
  if (!key.isWellFormed()) throw new InvalidKey(`key is not valid Unicode: ${excerpt(key)}`)
  return key
}

/** A version of an object as one text, to compare it with others. */
export function versionName({ key, etag }: ObjectVersion): string {
  return JSON.stringify([key, etag])
}

/** A key for a message: one line, at most 200 characters. */
export function excerpt(key: string): string {
  const line = JSON.stringify(key)
  return line.length > 200 ? `${line.slice(0, 199)}…"` : line
}

/**
 * The `key=value` segments of a path below `root`, as Hive and Spark write them: percent-encoded,
 * `__HIVE_DEFAULT_PARTITION__` for NULL. The last segment, the file's own name, does not count.
 */
export function pathColumns(key: string, root: string): Record<string, string | null> {
  const columns: Record<string, string | null> = Object.create(null)
  for (const segment of key.slice(root.length).split('/').slice(0, -1)) {
    const at = segment.indexOf('=')
    if (at <= 0) continue
    const value = unescapeName(segment.slice(at + 1))
    columns[unescapeName(segment.slice(0, at))] = value === '__HIVE_DEFAULT_PARTITION__' ? null : value
  }
  return columns
}

function unescapeName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text // not percent-encoded after all: the name means itself
  }
}

/** Whether a key below `root` is data: it ends in `.parquet` and no segment of its path begins with `_` or `.`. */
export function isData(key: string, root: string): boolean {
  if (!key.startsWith(root) || !key.toLowerCase().endsWith('.parquet')) return false
  return !isHidden(key, root)
}

/** Whether Athena, Spark and Hive would skip the key: a segment of its path below `root` begins with `_` or `.`. */
export function isHidden(key: string, root: string): boolean {
  return /(^|\/)[_.]/.test(key.slice(root.length))
}
