import { sha256 } from '../base/bytes.ts'

/**
 * JSON objects that carry a checksum of themselves. A sealed object ends with `,"sha256":"<64 hex digits>"}`, which is 77
 * bytes; the digits are the SHA-256 of all bytes before these 77.
 */
const SEAL = /^,"sha256":"([0-9a-f]{64})"\}$/
const SEAL_BYTES = 77

/** The format of hints that are sealed; before that, they were not. */
export const SEALED_FORMAT = 2

/** What bytes hold: a sealed object as it was written, an object without a seal, or something damaged. */
export type Unsealed =
  | { readonly seal: 'whole' | 'none'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly seal: 'broken'; readonly reason: string }

/** Writes an object with at least one member, and none named `sha256`, as sealed JSON. */
export async function seal(value: object): Promise<Uint8Array<ArrayBuffer>> {
  const body = JSON.stringify(value).slice(0, -1)
  return new TextEncoder().encode(`${body},"sha256":"${await sha256(body)}"}`)
}

/** Reads sealed JSON, or JSON of earlier versions, which had no seal. */
export async function unseal(bytes: Uint8Array<ArrayBuffer>): Promise<Unsealed> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return { seal: 'broken', reason: 'it is not JSON' }
  }
  if (!isObject(value)) return { seal: 'broken', reason: 'it is not an object' }
  if (!('sha256' in value)) return { seal: 'none', value }
  const end = Math.max(0, bytes.length - SEAL_BYTES)
  const [, digits] = SEAL.exec(new TextDecoder().decode(bytes.subarray(end))) ?? []
  if (digits !== (await sha256(bytes.subarray(0, end))))
    return { seal: 'broken', reason: 'its checksum does not match' }
  return { seal: 'whole', value }
}

/** Writes a hint: an object that can be derived from the log again, and is if its checksum fails. */
export function sealHint(hint: object): Promise<Uint8Array<ArrayBuffer>> {
  return seal({ format: SEALED_FORMAT, ...hint })
}

/**
 * Reads a hint, without its format and seal; undefined if it is damaged. Hints of earlier versions have no checksum and are
 * taken as they are.
 */
export async function unsealHint(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const read = await unseal(bytes)
  if (read.seal === 'broken') return undefined
  const { format, sha256: _, ...hint } = read.value
  const isOld = format === undefined || format === 1
  return read.seal === 'whole' || isOld ? hint : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
