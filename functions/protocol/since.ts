import { InvalidInput } from '../base/errors.ts'

/** What bounds the listing of bronze: the key after which it starts, or the time (ISO 8601) before which files are left alone. */
export type Since = { readonly key: string } | { readonly time: string }

/**
 * Reads the setting: a key under the reviews' root, a date or time, or `none`. A key makes the listing itself shorter; keys
 * know nothing of time, so a date spares only what comes after the listing. Throws InvalidInput.
 */
export function parseSince(text: string, root: string): Since | null {
  if (text === 'none') return null
  if (text.startsWith(root)) return { key: text }
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(Date.parse(text))) return { time: new Date(text).toISOString() }
  throw new InvalidInput(`bronzeSince must be a key under ${root} or a date like 2026-11-24, not ${text.slice(0, 100)}`)
}
