import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { mapConcurrently } from '../../base/concurrently.ts'
import { ObjectChanged } from '../../base/errors.ts'
import { Refusal, UsageError } from '../../base/refusal.ts'
import { bytes } from '../../base/text.ts'
import type { ObjectInfo, Store } from '../../lake/store.ts'

/** Files fetched side by side, and the bytes of one request: what is in memory at once is their product. */
const CONCURRENCY = 8
const BLOCK = 8 << 20
/** The most bytes that are kept, if SILVERSMITH_CACHE_BYTES does not say. */
const MOST = 10 * 2 ** 30
/** Milliseconds for which a file is left alone after it was used: another query may be reading it. */
const IN_USE = 10 * 60 * 1000

/** Where the user's programs keep what can be fetched again. */
function userCache(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME
  if (process.platform === 'win32' && LOCALAPPDATA) return LOCALAPPDATA
  return process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache')
}

function configuredMost(): number {
  const { SILVERSMITH_CACHE_BYTES: text = String(MOST) } = process.env
  if (/^\d+$/.test(text)) return Number(text)
  throw new UsageError(`SILVERSMITH_CACHE_BYTES must be a number of bytes, not ${text}`)
}

/**
 * Silver files of lakes on S3, kept on this machine for DuckDB, which can't read S3 without an extension of its own. A
 * file has the name of its object's version, so that one that is there stays right, and lies where the path still holds
 * the partition columns. The least recently used go first.
 */
export class SilverCache {
  readonly #root: string
  readonly #most: number

  constructor(root = join(userCache(), 'silversmith'), most = configuredMost()) {
    this.#root = root
    this.#most = most
  }

  /**
   * Fetches the objects that are not there yet, all below `folder` of the lake `uri`, and returns the files. Throws
   * Refusal before anything is fetched where they are more than the cache may hold, ObjectChanged for one that changes.
   */
  async fetch(store: Store, { uri, folder }: { uri: string; folder: string }, objects: readonly ObjectInfo[]) {
    const size = objects.reduce((sum, each) => sum + each.size, 0)
    if (size > this.#most) {
      throw new Refusal(
        `this query needs ${bytes(size)} of silver files, and ${bytes(this.#most)} may be kept in ${this.#root}: ask for ` +
          'less by WHERE ingest_date = … or batch = …, or set SILVERSMITH_CACHE_BYTES',
      )
    }
    const lake = join(this.#root, 'silver', hash(uri))
    const files = objects.map(object => ({ object, path: join(lake, fileName(object, folder)) }))
    await this.#makeRoom(size, new Set(files.map(({ path }) => path)))
    await mapConcurrently(files, CONCURRENCY, async ({ object, path }) => {
      const there = await stat(path).catch(() => undefined)
      if (there?.size !== object.size) await this.#download(store, object, path)
      else await utimes(path, new Date(), new Date()).catch(() => undefined) // it may have gone since
    })
    return files.map(({ path }) => path)
  }

  async #download(store: Store, { key, etag, size }: ObjectInfo, path: string): Promise<void> {
    const temporary = join(this.#root, 'tmp', randomUUID())
    await mkdir(dirname(temporary), { recursive: true })
    await mkdir(dirname(path), { recursive: true })
    const file = await open(temporary, 'w')
    try {
      for (let at = 0; at < size; at += BLOCK) {
        const range = { start: at, end: Math.min(at + BLOCK, size) }
        const block = await store.get(key, { range, ifMatch: etag })
        if (block.length !== range.end - range.start) throw new ObjectChanged(`object ${key} ends before ${range.end}`)
        await file.write(block, 0, block.length, at)
      }
      await file.close()
      await rename(temporary, path)
    } catch (error) {
      await file.close().catch(() => undefined) // it may be closed already
      await rm(temporary, { force: true })
      throw error
    }
  }

  /** Removes the least recently used files until `size` more bytes fit; never what is `needed` or in use. */
  async #makeRoom(size: number, needed: ReadonlySet<string>): Promise<void> {
    const entries = await readdir(this.#root, { recursive: true, withFileTypes: true }).catch(() => [])
    const paths = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
    const kept = await mapConcurrently(paths, CONCURRENCY, async path => {
      const info = await stat(path).catch(() => undefined) // another process may have removed it
      return { path, size: info?.size ?? 0, used: info?.mtimeMs ?? 0 }
    })
    const others = kept.filter(({ path }) => !needed.has(path)).sort((a, b) => a.used - b.used)
    let total = others.reduce((sum, each) => sum + each.size, size)
    for (const each of others) {
      if (total <= this.#most || each.used > Date.now() - IN_USE) return
      await rm(each.path, { force: true })
      total -= each.size
    }
  }
}

/** The path of an object's version below its lake's folder: as the lake has it, the version in front of the name. */
function fileName({ key, etag, size }: ObjectInfo, folder: string): string {
  const segments = key.slice(folder.length).split('/')
  // no key leads out of the cache, and what follows the version is for people
  const safe = segments.map(segment =>
    segment
      .replaceAll(/[^\w.=-]/g, '_')
      .replace(/^\.+$/, '_')
      .slice(-100),
  )
  const name = safe.pop() ?? ''
  return join(...safe, `${hash(JSON.stringify([key, etag, size]))}-${name}`)
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}
