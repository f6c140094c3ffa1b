import { appendFile, mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readChecksum } from './file-version.ts'

/**
 * Checksums of files whose times and inodes say nothing, as after `cp -a`: each version is read once, not by every run.
 * The lines of its file are a cache; where it can't be read or written, the file is read again.
 */
export class ChecksumCache {
  readonly #path: string
  #known: Promise<Map<string, string>> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** The checksum of a version of a file. `name` distinguishes the version from all others. */
  async checksum(name: string, path: string): Promise<string> {
    this.#known ??= this.#read()
    const known = await this.#known
    const there = known.get(name)
    if (there !== undefined) return there
    const { checksum } = await readChecksum(path)
    known.set(name, checksum)
    await this.#append([name, checksum]).catch(() => undefined)
    return checksum
  }

  async #append(line: readonly [string, string]): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true })
    await appendFile(this.#path, `${JSON.stringify(line)}\n`)
  }

  async #read(): Promise<Map<string, string>> {
    const text = await readFile(this.#path, 'utf8').catch(() => '')
    return new Map(text.split('\n').flatMap(line => parseLine(line)))
  }
}

function parseLine(line: string): [string, string][] {
  try {
    const parsed: unknown = JSON.parse(line)
    const [name, checksum] = Array.isArray(parsed) ? parsed : []
    return typeof name === 'string' && /^[0-9a-f]{8}$/.test(checksum) ? [[name, checksum]] : []
  } catch {
    return [] // the last line of a process that was killed
  }
}
