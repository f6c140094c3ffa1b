import type { BigIntStats } from 'node:fs'
import { open, readdir, rename, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join, resolve, sep } from 'node:path'
import type { ByteRange } from '../../base/bytes.ts'
import { InvalidKey, ObjectChanged, ObjectMissing } from '../../base/errors.ts'
import { orUndefined } from '../../base/or-undefined.ts'
import { checkKey, compareKeys, excerpt } from '../../lake/keys.ts'
import type { ObjectInfo, ObjectVersion, ObjectWriter, PutOutcome, Store, WriteCondition } from '../../lake/store.ts'
import { ChecksumCache } from './checksum-cache.ts'
import { DirectoryWriter } from './directory-writer.ts'
import { translate, translateWrite } from './file-errors.ts'
import { nameFault } from './file-names.ts'
import { compareVersions, etagOf, readChecksum, withChecksum } from './file-version.ts'
import { linkNew } from './link-new.ts'
import { withLock } from './lock.ts'
import { makeDirectory, syncDirectory } from './sync-directory.ts'
import { CHECKSUMS, TEMPORARY, TemporaryFiles } from './temporary-files.ts'

/**
 * A lake in a local directory. Put-if-absent is a temporary file and `link`, whose EEXIST is S3's 412; If-Match is
 * a lock and `rename`. So readers see whole objects only, and writers in several processes are kept apart. Symbolic
 * links below the root are not followed, so that no key leads out of it.
 */
export class DirectoryStore implements Store {
  readonly root: string
  readonly #temporaries: TemporaryFiles
  readonly #checksums: ChecksumCache

  constructor(root: string) {
    this.root = resolve(root)
    this.#temporaries = new TemporaryFiles(this.root)
    this.#checksums = new ChecksumCache(join(this.root, TEMPORARY, CHECKSUMS))
  }

  async get(key: string, options: { range?: ByteRange; ifMatch?: string } = {}): Promise<Uint8Array<ArrayBuffer>> {
    const file = await open(this.#path(key), 'r').catch(translate(key))
    try {
      const info = await file.stat({ bigint: true })
      if (!info.isFile()) throw new ObjectMissing(`no object ${excerpt(key)}`)
      const now = etag(key, info)
      if (options.ifMatch !== undefined && !(await this.isSame(key, options.ifMatch, now))) {
        throw new ObjectChanged(`object ${excerpt(key)} is ${now}, not ${options.ifMatch}`)
      }
      const size = Number(info.size)
      const start = Math.min(options.range?.start ?? 0, size)
      const end = Math.max(start, Math.min(options.range?.end ?? size, size))
      const bytes = new Uint8Array(end - start)
      let at = 0
      while (at < bytes.length) {
        const { bytesRead } = await file.read(bytes, at, bytes.length - at, start + at)
        if (bytesRead === 0) throw new ObjectChanged(`object ${excerpt(key)} was truncated while it was read`)
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
    const info = await orUndefined(stat(this.#path(key), { bigint: true }).catch(translate(key)), ObjectMissing)
    return info && describe(key, info)
  }

  async put(key: string, body: Uint8Array, condition?: WriteCondition): Promise<PutOutcome> {
    this.#path(key)
    const temporary = await this.#temporaries.create(key).catch(translateWrite(key))
    try {
      await writeFile(temporary, body, { flush: true })
      return await this.#publish(key, temporary, condition)
    } catch (error) {
      return translateWrite(key)(error)
    } finally {
      await rm(temporary, { force: true })
    }
  }

  writer(key: string, condition?: WriteCondition): ObjectWriter {
    this.#path(key)
    return new DirectoryWriter({
      create: () => this.#temporaries.create(key),
      source: async (version: ObjectVersion) => {
        const info = await this.head(version.key)
        if (!info) throw new ObjectMissing(`no object ${excerpt(version.key)}`)
        if (!(await this.isSame(version.key, version.etag, info.etag)))
          throw new ObjectChanged(`object ${excerpt(version.key)} is not ${version.etag}`)
        return this.#path(version.key)
      },
      publish: temporary => this.#publish(key, temporary, condition),
      fail: translateWrite(key),
    })
  }

  async *list(prefix: string, options: { startAfter?: string } = {}): AsyncIterable<ObjectInfo> {
    yield* this.#walk(prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, options.startAfter ?? '')
  }

  async delete(key: string): Promise<void> {
    await orUndefined(unlink(this.#path(key)).catch(translate(key)), ObjectMissing)
  }

  /** The etag with a checksum of the content, which a copy of the lake does not change. */
  async pin({ key, etag: planned }: ObjectVersion): Promise<string> {
    const read = await orUndefined(readChecksum(this.#path(key)).catch(translate(key)), ObjectMissing)
    // what is gone or another by now is left to Join
    return read && etag(key, read.info) === planned ? withChecksum(planned, read.checksum) : planned
  }

  /** Reads the content where only a checksum tells. */
  async isSame(key: string, known: string, now: string): Promise<boolean> {
    const verdict = compareVersions(known, now)
    if (typeof verdict === 'boolean') return verdict
    const checksum = await this.#checksums.checksum(`${now} ${key}`, this.#path(key)).catch(translate(key))
    return checksum === verdict.content
  }

  abandoned(): Promise<ObjectInfo[]> {
    return this.#temporaries.abandoned().catch(translate(TEMPORARY))
  }

  sweep(): Promise<void> {
    return this.#temporaries.sweep().catch(translate(TEMPORARY))
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
    const reading = readdir(join(this.root, directory), { withFileTypes: true, encoding: 'buffer' })
    const entries = (await orUndefined(reading.catch(translate(directory)), ObjectMissing)) ?? []
    return entries
      .filter(entry => (entry.isFile() || entry.isDirectory()) && nameFault(directory, entry.name) === undefined)
      .map(entry => (entry.isDirectory() ? `${entry.name}/` : `${entry.name}`))
      .filter(name => name !== `${TEMPORARY}/`)
      .sort(compareKeys)
  }

  async #publish(key: string, temporary: string, condition?: WriteCondition): Promise<PutOutcome> {
    const path = this.#path(key)
    const directory = dirname(path)
    await makeDirectory(directory)
    const replace = async () => {
      await rename(temporary, path)
      await syncDirectory(directory)
    }
    // the temporary file becomes the object: the etag is taken from the open file, as another may have the name by then
    const file = await open(temporary, 'r')
    const written = async () => ({ written: true, etag: etag(key, await file.stat({ bigint: true })) }) as const
    try {
      if (!condition) {
        await replace()
        return await written()
      }
      if ('ifNoneMatch' in condition) {
        if (!(await linkNew(temporary, path))) return { written: false }
        await syncDirectory(directory)
        await unlink(temporary)
        return await written()
      }
      return await withLock(await this.#temporaries.directory(key), key, async () => {
        const current = await this.head(key)
        if (current?.etag !== condition.ifMatch) return { written: false }
        // file systems count time in steps of milliseconds: within one, another content would be the same version
        const later = new Date(Math.max(Date.now(), current.modified + 2))
        await utimes(temporary, later, later)
        await replace()
        return await written()
      })
    } finally {
      await file.close()
    }
  }

  #path(key: string): string {
    checkKey(key)
    const bad = key.split('/').find(segment => ['', '.', '..', TEMPORARY].includes(segment))
    if (bad !== undefined || key.includes('\0') || (sep === '\\' && key.includes(sep))) {
      throw new InvalidKey(`a lake in a directory can't hold the key ${excerpt(key)}`)
    }
    return join(this.root, key)
  }
}

/** The first and last moments of the years that ISO 8601 writes with four digits, in milliseconds. */
const FIRST = BigInt(Date.parse('0001-01-01T00:00:00Z'))
const LAST = BigInt(Date.parse('9999-12-31T23:59:59.999Z'))

function describe(key: string, info: BigIntStats): ObjectInfo | undefined {
  if (!info.isFile()) return undefined
  const time = info.mtimeNs / 1_000_000n
  const modified = Number(time < FIRST ? FIRST : time > LAST ? LAST : time)
  return { key, size: Number(info.size), etag: etag(key, info), modified }
}

/** Others may write anywhere but in silver. */
function etag(key: string, info: BigIntStats): string {
  return etagOf(info, !key.startsWith('silver/'))
}
