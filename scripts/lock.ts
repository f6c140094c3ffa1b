import { createHash, randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isAlive } from './process.ts'

/** A lock is held for some file operations; one this old (milliseconds) was left by a machine that went away. */
const STALE = 30_000

/**
 * Runs `work` while no other process of this machine or of another on the same file system holds the lock of `name`.
 * The lock is a file made by `link`, so it appears with its holder's id in it; one whose holder is dead is broken.
 */
export async function withLock<T>(directory: string, name: string, work: () => Promise<T>): Promise<T> {
  const lock = join(directory, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.lock`)
  const mine = join(directory, randomUUID())
  await writeFile(mine, JSON.stringify({ pid: process.pid, host: hostname() }))
  try {
    for (let wait = 1; !(await take(mine, lock)); wait = Math.min(wait * 2, 50)) {
      await breakIfStale(lock)
      await new Promise(done => setTimeout(done, wait * Math.random()))
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

async function take(mine: string, lock: string): Promise<boolean> {
  try {
    await link(mine, lock)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

async function breakIfStale(lock: string): Promise<void> {
  const seen = await inspect(lock)
  if (!seen?.stale) return
  // Rename, then look at what was moved: if a new holder came in between, its lock is put back.
  const moved = `${lock}.${randomUUID()}`
  try {
    await rename(lock, moved)
  } catch {
    return // somebody else was quicker
  }
  const now = await inspect(moved)
  if (now && now.inode !== seen.inode) await link(moved, lock).catch(() => undefined)
  await rm(moved, { force: true })
}

async function inspect(lock: string): Promise<{ inode: bigint; stale: boolean } | undefined> {
  try {
    const info = await stat(lock, { bigint: true })
    const holder: unknown = JSON.parse(await readFile(lock, 'utf8'))
    const old = Date.now() - Number(info.mtimeNs / 1_000_000n) > STALE
    return { inode: info.ino, stale: old || isDead(holder) }
  } catch {
    return undefined // gone in the meantime
  }
}

function isDead(holder: unknown): boolean {
  if (typeof holder !== 'object' || holder === null || !('pid' in holder) || !('host' in holder)) return false
  return holder.host === hostname() && typeof holder.pid === 'number' && !isAlive(holder.pid)
}
