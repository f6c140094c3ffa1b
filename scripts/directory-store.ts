import { randomUUID } from 'node:crypto'
import type { BigIntStats, Dirent } from 'node:fs'
import { link, mkdir, open, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import { checkKey, compareKeys, excerpt } from '../functions/lake/keys.ts'
import type {
  ByteRange,
  Condition,
  ObjectInfo,
  ObjectVersion,
  ObjectWriter,
  PutOutcome,
  Store,
} from '../functions/lake/store.ts'
import { InvalidKey, ObjectChanged, ObjectMissing } from '../functions/runtime/errors.ts'
import { DirectoryWriter } from './directory-writer.ts'
import { errorCode, isMissing, translate } from './file-errors.ts'
import { withLock } from './lock.ts'

/** Where files under construction lie; not part of any listing. */
const TEMPORARY = '.tmp'
/** After this many milliseconds a file under construction has lost its writer. */
const ABANDONED = 24 * 60 * 60 * 1000

/**
 * A lake in a local directory. Put-if-absent is a temporary file and `link`, whose EEXIST is S3's 412; If-Match is
 * a lock and `rename`. So readers see whole objects only, and writers in several processes are kept apart. Symbolic
 * links below the root are not followed, so that no key leads out of it.
 */
export class DirectoryStore implements Store {
  readonly root: string
  #swept = false

  constructor(root: string) {
    this.root = resolve(root)
  }

  async get(key: string, options: { range?: ByteRange; ifMatch?: string } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const file = await open(this.#path(key), 'r').catch(translate(key))
    try {
      const info = await file.stat({ bigint: true })
      if (!info.isFile()) throw new ObjectMissing(`no object ${excerpt(key)}`)
      if (options.ifMatch !== undefined && options.ifMatch !== etag(info)) {
        throw new ObjectChanged(`object ${excerpt(key)} is ${etag(info)}, not ${options.ifMatch}`)
      }
      const size = Number(info.size)
      const start = Math.min(options.range?.start ?? 0, size)
      const end = Math.max(start, Math.min(options.range?.end ?? size, size))
      const bytes = new Uint8Array(end - start)
      let at = 0
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
        if (bytesRead === 0) throw new ObjectChanged(`object ${excerpt(key)} was cut while it was read`)
        at += bytesRead
      }
      return bytes
    } catch (error) {
      return translate(key)(error)
    } finally {
      await file.close()
    }
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      return describe(key, await stat(this.#path(key), { bigint: true }))
    } catch (error) {
      if (isMissing(error)) return undefined
      return translate(key)(error)
    }
  }

  async put(key: string, body: Uint8Array, condition?: Condition): Promise<PutOutcome> {
    const temporary = await this.#temporary().catch(translate(key))
    try {
      await writeFile(temporary, body, { flush: true })
      return await this.#publish(key, temporary, condition)
    } catch (error) {
      return translate(key)(error)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  writer(key: string, condition?: Condition): ObjectWriter {
    this.#path(key)
    return new DirectoryWriter({
      create: () => this.#temporary(),
      source: async (version: ObjectVersion) => {
        const info = await this.head(version.key)
        if (!info) throw new ObjectMissing(`no object ${excerpt(version.key)}`)
        if (info.etag !== version.etag) throw new ObjectChanged(`object ${excerpt(version.key)} is not ${version.etag}`)
        return this.#path(version.key)
      },
      publish: temporary => this.#publish(key, temporary, condition),
      fail: translate(key),
    })
  }

  async *list(prefix: string, options: { startAfter?: string } = {}): AsyncIterable<ObjectInfo> {
    yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, options.startAfter ?? '')
  }

  async delete(key: string): Promise<void> {
    await rm(this.#path(key), { force: true }).catch(translate(key))
  }

  async *#walk(directory: string, prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
    for (const name of await this.#names(directory)) {
      const key = directory + name
      if (name.endsWith('/')) {
        const relevant = key.startsWith(prefix) || prefix.startsWith(key)
        const passed = compareKeys(key, startAfter) < 0 && !startAfter.startsWith(key)
        if (relevant && !passed) yield* this.#walk(key, prefix, startAfter)
      } else if (key.startsWith(prefix) && compareKeys(key, startAfter) > 0) {
        const info = await this.head(key)
        if (info) yield info
      }
    }
  }

  /** The names in a directory in the order of keys, those of directories with their slash. */
  async #names(directory: string): Promise<string[]> {
    let entries: Dirent[]
    try {
      entries = await readdir(join(this.root, directory), { withFileTypes: true })
    } catch (error) {
      if (isMissing(error)) return []
      return translate(directory)(error)
    }
    return entries
      .filter(entry => (entry.isFile() || entry.isDirectory()) && !(directory === '' && entry.name === TEMPORARY))
      .map(entry => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort(compareKeys)
  }

  async #publish(key: string, temporary: string, condition?: Condition): Promise<PutOutcome> {
    const path = this.#path(key)
    // the temporary file becomes the object, so its etag is known before anyone else can touch the name
    const written = { written: true, etag: etag(await stat(temporary, { bigint: true })) } as const
    await mkdir(dirname(path), { recursive: true })
    if (!condition) {
      await rename(temporary, path)
      return written
    }
    if ('ifNoneMatch' in condition) {
      try {
        await link(temporary, path)
      } catch (error) {
        if (errorCode(error) === 'EEXIST') return { written: false }
        throw error
      }
      await unlink(temporary)
      return written
    }
    return withLock(join(this.root, TEMPORARY), key, async () => {
      const current = await this.head(key)
      if (current?.etag !== condition.ifMatch) return { written: false }
      // file systems count time in steps of milliseconds: within one, another content would be the same version
      const later = new Date(Math.max(Date.now(), current.modified + 2))
      await utimes(temporary, later, later)
      const etagNow = etag(await stat(temporary, { bigint: true }))
      await rename(temporary, path)
      return { written: true, etag: etagNow }
    })
  }

  async #temporary(): Promise<string> {
    const directory = join(this.root, TEMPORARY)
    await mkdir(directory, { recursive: true })
    if (!this.#swept) {
      this.#swept = true
      await sweep(directory)
    }
    return join(directory, randomUUID())
  }

  #path(key: string): string {
    checkKey(key)
    const bad = key.split('/').find(segment => segment === '' || segment === '.' || segment === '..')
    if (
      bad !== undefined ||
      key.includes('\0') ||
      key.startsWith(`${TEMPORARY}/`) ||
      (sep === '\\' && key.includes(sep))
    ) {
      throw new InvalidKey(`a lake in a directory can't hold the key ${excerpt(key)}`)
    }
    return join(this.root, key)
  }
}

/** Removes the files under construction that writers left behind when they were killed. */
async function sweep(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name)
    const info = await stat(path).catch(() => undefined)
    if (info && Date.now() - info.mtimeMs > ABANDONED) await rm(path, { force: true })
  }
}

function describe(key: string, info: BigIntStats): ObjectInfo | undefined {
  if (!info.isFile()) return undefined
  return { key, size: Number(info.size), etag: etag(info), modified: Number(info.mtimeNs / 1_000_000n) }
}

function etag(info: BigIntStats): string {
  return `${info.mtimeNs.toString(16)}-${info.size.toString(16)}`
}
