import type { BigIntStats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** Bytes read at a time. */
const BLOCK = 4 << 20

/**
 * The etag of a file: time of the last write and size, and for files that others write (`foreign`) the time of the last
 * change and the inode, all in hex. Our own files get a new name or a new time with every content, and their links change.
 */
export function etagOf(info: BigIntStats, foreign: boolean): string {
  const parts = [info.mtimeNs, info.size, ...(foreign ? [info.ctimeNs, info.ino] : [])]
  return parts.map(part => part.toString(16)).join('-')
}

/** An etag that also names the content, by its CRC-32: it outlives a copy of the lake. */
export function withChecksum(etag: string, checksum: string): string {
  return `${etag}-${checksum}`
}

/**
 * Whether a file whose etag is `now` is the version that was `known`, perhaps to an earlier Silversmith or in the lake that
 * this one is a copy of. `content`: only its checksum tells, as after `cp -a` or `chmod`.
 */
export function compareVersions(known: string, now: string): boolean | { readonly content: string } {
  if (known === now) return true
  const [one, other] = [parse(known), parse(now)]
  if (!one || !other || one.written !== other.written) return false
  // the form of before: time and size are all that is known
  if (one.changed === undefined || other.changed === undefined) return true
  if (one.changed === other.changed) return true
  if (one.checksum === undefined) return false
  return other.checksum === undefined ? { content: one.checksum } : one.checksum === other.checksum
}

/**
 * Whether two files of one size have the same content, as far as their etags tell: equal ones of S3, or the checksums that the
 * log adds. Undefined where they don't.
 */
export function sameContent(etag: string, other: string): boolean | undefined {
  if (etag === other) return true
  const [one, two] = [parse(etag)?.checksum, parse(other)?.checksum]
  return one === undefined || two === undefined ? undefined : one === two
}

function parse(etag: string) {
  const [, written, changed, checksum] =
    /^(-?[0-9a-f]+-[0-9a-f]+)(?:-(-?[0-9a-f]+-[0-9a-f]+))?(?:-([0-9a-f]{8}))?$/.exec(etag) ?? []
  return written === undefined ? undefined : { written, changed, checksum }
}

/** The CRC-32 of a file's content, 8 hex digits, and what the file was while it was read. */
export async function readChecksum(path: string): Promise<{ readonly checksum: string; readonly info: BigIntStats }> {
  const file = await open(path, 'r')
  try {
    return { checksum: await checksumOf(file), info: await file.stat({ bigint: true }) }
  } finally {
    await file.close()
  }
}

async function checksumOf(file: FileHandle): Promise<string> {
  const block = new Uint8Array(BLOCK)
  let crc = 0
  for (;;) {
    const { bytesRead } = await file.read(block, 0, BLOCK)
    if (bytesRead === 0) return crc.toString(16).padStart(8, '0')
    crc = crc32(block.subarray(0, bytesRead), crc)
  }
}
