import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectInfo } from '../../lake/store.ts'
import { ifMissing } from './file-errors.ts'
import { hasEnded, owner } from './process.ts'
import { makeDirectory } from './sync-directory.ts'

/** The directories where files under construction lie; no part of any listing. */
export const TEMPORARY = '.tmp'
/** Remembered checksums lie beside them, at the root. */
export const CHECKSUMS = 'checksums'
/** After this many milliseconds a file whose writer nothing is known of has lost it. */
const ABANDONED = 24 * 60 * 60 * 1000

/**
 * The files under construction of a lake in a directory. They lie in `silver/reviews/.tmp`, not at the lake's root, because
 * `silver/` may be a volume of its own, and a file can't be renamed or linked from one volume to another.
 */
export class TemporaryFiles {
  readonly #root: string
  readonly #swept = new Set<string>()

  constructor(root: string) {
    this.#root = root
  }

  /** The directory for what becomes the object of a key: that of the first two segments of its path. */
  async directory(key: string): Promise<string> {
    const directory = join(this.#root, ...key.split('/').slice(0, -1).slice(0, 2), TEMPORARY)
    await makeDirectory(directory)
    if (!this.#swept.has(directory)) {
      this.#swept.add(directory)
      await sweep(directory)
    }
    return directory
  }

  /** Names a new file, with its writer, so that others know when it is abandoned. */
  async create(key: string): Promise<string> {
    return join(await this.directory(key), `${owner()}.${randomUUID()}`)
  }

  /** The files that no live process writes: what Ctrl-C or a kill left behind. Reads only. */
  async abandoned(): Promise<ObjectInfo[]> {
    const found: ObjectInfo[] = []
    for (const parts of await this.#directories()) {
      for (const { name, size, modified } of await findAbandoned(join(this.#root, ...parts))) {
        found.push({ key: [...parts, name].join('/'), size, etag: '', modified })
      }
    }
    return found
  }

  /** Removes them. */
  async sweep(): Promise<void> {
    for (const parts of await this.#directories()) await sweep(join(this.#root, ...parts))
  }

  /** Where such directories may be: at the root and below its first two levels. */
  async #directories(): Promise<string[][]> {
    const first = await subdirectories(this.#root, [])
    const second = await Promise.all(first.map(parts => subdirectories(this.#root, parts)))
    return [[], ...first, ...second.flat()].map(parts => [...parts, TEMPORARY])
  }
}

async function subdirectories(root: string, parts: readonly string[]): Promise<string[][]> {
  const entries = await entriesOf(join(root, ...parts))
  return entries.filter(entry => entry.isDirectory() && entry.name !== TEMPORARY).map(({ name }) => [...parts, name])
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  return (await readdir(directory, { withFileTypes: true }).catch(ifMissing)) ?? []
}

/**
 * Files whose writer has ended on this machine, and those of unknown writers that have been left alone for a day by the file
 * system's own clock.
 */
async function findAbandoned(directory: string) {
  const found: { readonly path: string; readonly name: string; readonly size: number; readonly modified: number }[] = []
  let now: number | undefined
  for (const entry of await entriesOf(directory)) {
    const { name } = entry
    if (!entry.isFile() || name === CHECKSUMS) continue
    const path = join(directory, name)
    const info = await stat(path).catch(() => undefined)
    const ended = name.endsWith('.lock') ? undefined : hasEnded(name.split('.', 1)[0] ?? '')
    if (!info || ended === false) continue
    if (ended === undefined) now ??= await fileSystemTime(directory)
    if (ended || (now !== undefined && now - info.mtimeMs > ABANDONED)) {
      found.push({ path, name, size: info.size, modified: info.mtimeMs })
    }
  }
  return found
}

async function sweep(directory: string): Promise<void> {
  for (const { path } of await findAbandoned(directory)) await rm(path, { force: true })
}

/** What the file system's clock says; undefined where nothing can be written. */
async function fileSystemTime(directory: string): Promise<number | undefined> {
  const path = join(directory, `${owner()}.${randomUUID()}`)
  try {
    await writeFile(path, '')
    return (await stat(path)).mtimeMs
  } catch {
    return undefined
  } finally {
    await rm(path, { force: true }).catch(() => undefined)
  }
}
