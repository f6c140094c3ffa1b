import { createHash, randomUUID } from 'node:crypto'
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { linkNew } from './link-new.ts'
import { hasEnded, owner } from './process.ts'

/** A lock is held for some file operations; one seen unchanged for so long (milliseconds) lost its holder elsewhere. */
const STALE = 30_000

/** What a lock waits by: a clock that only goes forward, and sleep. Both in milliseconds. */
export interface Waiting {
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

const REAL: Waiting = {
  now: () => performance.now(),
  sleep: milliseconds => new Promise(done => setTimeout(done, milliseconds)),
}

/**
 * Runs `work` while no other process of this machine or of another on the same file system holds the lock of `name`.
 * The lock is a file made by `link`, so it appears with its holder in it. It is broken when its holder, on this machine,
 * has ended, or when it was watched for STALE without a change and its holder is elsewhere: never by comparing times of
 * files with a clock, which may be another machine's.
 */
export async function withLock<T>(
  directory: string,
  name: string,
  work: () => Promise<T>,
  { now, sleep }: Waiting = REAL,
): Promise<T> {
  const lock = join(directory, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`)
  const mine = join(directory, `${owner()}.${randomUUID()}`)
  await writeFile(mine, owner())
  try {
    let watched: Seen | undefined
    let since = 0
    for (let wait = 1; !(await linkNew(mine, lock)); wait = Math.min(wait * 2, 50)) {
      const seen = await inspect(lock)
      if (seen?.id !== watched?.id) since = now()
      watched = seen
      if (seen && (seen.ended ?? now() - since > STALE)) await breakLock(lock, seen)
      await sleep(wait * Math.random())
    }
    try {
      return await work()
    } finally {
      await rm(lock, { force: true })
    }
  } finally {
    await rm(mine, { force: true })
  }
}

interface Seen {
  /** Tells one lock from the next: inodes are used again. */
  readonly id: string
  /** Whether the holder has ended; undefined where that can't be known. */
  readonly ended: boolean | undefined
}

/** Renames the lock, then looks at what was moved: if a new holder came in between, its lock is put back. */
async function breakLock(lock: string, seen: Seen): Promise<void> {
  const moved = `${lock}.${randomUUID()}`
  try {
    await rename(lock, moved)
  } catch {
    return // somebody else was quicker
  }
  const now = await inspect(moved)
  if (now && now.id !== seen.id) await linkNew(moved, lock).catch(() => undefined)
  await rm(moved, { force: true })
}

async function inspect(lock: string): Promise<Seen | undefined> {
  try {
    const [{ ino, mtimeNs }, holder] = [await stat(lock, { bigint: true }), await readFile(lock, 'utf8')]
    return { id: `${ino} ${mtimeNs}`, ended: hasEnded(holder) }
  } catch {
    return undefined // gone in the meantime
  }
}
