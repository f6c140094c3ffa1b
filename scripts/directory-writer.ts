import { constants } from 'node:fs'
import { chmod, copyFile, type FileHandle, open, rm } from 'node:fs/promises'
import type { ByteRange, ObjectVersion, ObjectWriter, PutOutcome } from '../functions/lake/store.ts'

/** Bytes moved at a time where the system can't copy a range by itself. */
const BLOCK = 4 << 20

interface Options {
  /** Names a new temporary file. */
  readonly create: () => Promise<string>
  /** Finds the file of an object's version; throws if it is no longer that version. */
  readonly source: (version: ObjectVersion) => Promise<string>
  /** Gives the finished file its name. */
  readonly publish: (temporary: string) => Promise<PutOutcome>
  /** Translates errors of the file system. */
  readonly fail: (error: unknown) => never
}

/** An object under construction in a temporary file. A copied beginning is copied by the kernel, without a buffer. */
export class DirectoryWriter implements ObjectWriter {
  readonly #options: Options
  #path: string | undefined
  #file: FileHandle | undefined
  #position = 0

  constructor(options: Options) {
    this.#options = options
  }

  get position(): number {
    return this.#position
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      const file = await this.#open()
      for (let at = 0; at < bytes.length; ) {
        const { bytesWritten } = await file.write(bytes, at, bytes.length - at, this.#position)
        at += bytesWritten
        this.#position += bytesWritten
      }
    } catch (error) {
      this.#options.fail(error)
    }
  }

  async copy(version: ObjectVersion, range: ByteRange): Promise<void> {
    const path = await this.#options.source(version)
    try {
      if (this.#position === 0 && range.start === 0 && !this.#file) await this.#copyBeginning(path, range.end)
      else await this.#copyRange(path, range)
    } catch (error) {
      this.#options.fail(error)
    }
    await this.#options.source(version) // still the same version after the copy
  }

  async close(): Promise<PutOutcome> {
    try {
      const file = await this.#open()
      await file.datasync()
      await file.close()
      this.#file = undefined
      return await this.#options.publish(await this.#temporary())
    } catch (error) {
      return this.#options.fail(error)
    } finally {
      await this.abort()
    }
  }

  async abort(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
    if (this.#path !== undefined) await rm(this.#path, { force: true })
  }

  async #copyBeginning(path: string, end: number): Promise<void> {
    const temporary = await this.#temporary()
    await copyFile(path, temporary, constants.COPYFILE_FICLONE)
    await chmod(temporary, 0o644) // a copy of a read-only file is read-only
    this.#file = await open(temporary, 'r+')
    await this.#file.truncate(end)
    this.#position = end
  }

  async #copyRange(path: string, range: ByteRange): Promise<void> {
    const source = await open(path, 'r')
    try {
      const block = new Uint8Array(Math.min(BLOCK, range.end - range.start))
      for (let at = range.start; at < range.end; ) {
        const { bytesRead } = await source.read(block, 0, Math.min(block.length, range.end - at), at)
        if (bytesRead === 0) throw Object.assign(new Error(`${path} ends before ${range.end}`), { code: 'EIO' })
        await this.write(block.subarray(0, bytesRead))
        at += bytesRead
      }
    } finally {
      await source.close()
    }
  }

  async #open(): Promise<FileHandle> {
    this.#file ??= await open(await this.#temporary(), 'wx')
    return this.#file
  }

  async #temporary(): Promise<string> {
    this.#path ??= await this.#options.create()
    return this.#path
  }
}
