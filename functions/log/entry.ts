import { sha256 } from '../base/bytes.ts'
import { BrokenLog, FormatMismatch, ObjectMissing } from '../base/errors.ts'
import type { Layout } from '../lake/layout.ts'
import { seal, unseal } from '../lake/sealed.ts'
import type { Store } from '../lake/store.ts'
import { type Commit, decodeCommit, encodeCommit, isOperation } from '../protocol/commit.ts'
import { FORMAT, isKnownFormat, MERGED_FORMAT } from '../protocol/format.ts'

/** A link of the chain over the log: a commit's object, to which the next one is tied. */
export interface Link {
  /** Hex SHA-256 of the whole object. */
  readonly hash: string
  /** Whether the chain has begun: from then on, each commit has a checksum. */
  readonly sealed: boolean
}

/** A commit as it is in the log. */
export interface Entry {
  readonly commit: Commit
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly link: Link
}

/** What to do about a commit that is missing or damaged. */
export const REMEDY = 'restore it from a backup, or npx silversmith rebuild'

/** Makes the entry of a commit after `before`, which is undefined for the first. */
export async function makeEntry<C extends Commit>(
  commit: C,
  before: Link | undefined,
): Promise<Entry & { readonly commit: C }> {
  const { previous: _, sha256: __, ...rest } = commit
  const linked = { ...rest, previous: before?.hash ?? null } as unknown as C // as before, but for what is optional
  const bytes = await seal(encodeCommit(linked))
  const sealed = decodeCommit(JSON.parse(new TextDecoder().decode(bytes)), 'a commit') as C // linked, with its checksum
  return { commit: sealed, bytes, link: { hash: await sha256(bytes), sealed: true } }
}

/** An entry of the log, or undefined if the log has not got that far. Throws BrokenLog for what is not a whole commit. */
export async function readEntry(store: Store, layout: Layout, version: number): Promise<Entry | undefined> {
  const key = layout.commit(version)
  try {
    return await parseEntry(await store.get(key), version, key)
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    throw error
  }
}

/** An entry of a log that has got that far. Throws BrokenLog if it is missing or not a whole commit. */
export async function needEntry(store: Store, layout: Layout, version: number): Promise<Entry> {
  const entry = await readEntry(store, layout, version)
  if (!entry) throw new BrokenLog(`${layout.commit(version)} is missing: ${REMEDY}`)
  return entry
}

/**
 * Reads a commit's JSON. Only Commit writes there, so the shape is only checked for what a mix-up would show. Throws
 * BrokenLog, and FormatMismatch for what a later version of this code wrote.
 */
export async function parseEntry(bytes: Uint8Array<ArrayBuffer>, version: number, key: string): Promise<Entry> {
  const read = await unseal(bytes)
  if (read.seal === 'broken') throw new BrokenLog(`${key} was altered or cut (${read.reason}): ${REMEDY}`)
  const { format, version: said, operation } = read.value
  if (!isKnownFormat(format))
    throw new BrokenLog(`${key} has format ${String(format)}, this version reads ${FORMAT} and ${MERGED_FORMAT}`)
  if (!isOperation(operation)) {
    throw new FormatMismatch(
      `${key} is of an operation that this version does not know, ${JSON.stringify(operation)}: use a newer version of Silversmith`,
    )
  }
  if (said !== version) throw new BrokenLog(`${key} says it is version ${String(said)}: ${REMEDY}`)
  const sealed = read.seal === 'whole'
  if (!sealed && 'previous' in read.value) throw new BrokenLog(`${key} was altered (it lost its checksum): ${REMEDY}`)
  const commit = decodeCommit(read.value as unknown as Commit, key) // written by Commit alone; format and version are as they should be
  return { commit, bytes, link: { hash: await sha256(bytes), sealed } }
}

/** Why an entry can't follow another (undefined: at the beginning); undefined if it can. */
export function brokenLink({ commit, link }: Entry, before: Link | undefined): string | undefined {
  if (!link.sealed) {
    return before?.sealed
      ? 'it has no checksum, and the commit before it has one: it was altered, or written by an earlier version of Silversmith'
      : undefined
  }
  if (commit.previous === (before?.hash ?? null)) return undefined
  return 'it does not follow the commit before it: one of them was altered, or is of another log'
}

/** Refuses an entry that can't follow another. Throws BrokenLog. */
export function checkLink(layout: Layout, entry: Entry, before: Link | undefined): void {
  const reason = brokenLink(entry, before)
  if (reason !== undefined) throw new BrokenLog(`${layout.commit(entry.commit.version)}: ${reason}: ${REMEDY}`)
}
