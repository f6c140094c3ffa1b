import { constants } from 'node:fs'
import { chmod, copyFile, type FileHandle, open, rm } from 'node:fs/promises'
import type { ByteRange } from '../../base/bytes.ts'
import type { ObjectVersion, ObjectWriter, PutOutcome } from '../../lake/store.ts'

/** Bytes moved at a time where the system can't copy a range by itself. */
const BLOCK = 4 << 20
/** Written bytes are gathered up to this size: a Parquet file comes in thousands of small pieces. */
const GATHERED = 1 << 20

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
  /** Bytes that were written but are not in the file yet. */
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0

  constructor(options: Options) {
    this.#options = options
  }

  get position(): number {
    return this.#position
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#gathered.push(bytes)
    this.#gatheredBytes += bytes.length
    this.#position += bytes.length
    if (this.#gatheredBytes < GATHERED) return
    try {
      await this.#flush()
    } catch (error) {
      this.#options.fail(error)
    }
  }

  async copy(version: ObjectVersion, range: ByteRange): Promise<void> {
    const path = await this.#options.source(version)
    try {
      await this.#flush()
      if (this.#position === 0 && range.start === 0 && !this.#file) await this.#copyBeginning(path, range.end)
      else await this.#copyRange(path, range)
    } catch (error) {
      this.#options.fail(error)
    }
    await this.#options.source(version) // still the same version after the copy
  }

  async close(): Promise<PutOutcome> {
    try {
      await this.#flush()
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
    const file = this.#file
    this.#file = undefined
    await file?.close().catch(() => undefined) // what it could not write is dropped anyway
    if (this.#path !== undefined) await rm(this.#path, { force: true })
  }

  /** Puts the gathered bytes into the file, in one call of the system but for the rare one that is cut short. */
  async #flush(): Promise<void> {
    if (this.#gatheredBytes === 0) return
    const file = await this.#open()
    const start = this.#position - this.#gatheredBytes
    const parts = this.#gathered
    this.#gathered = []
    this.#gatheredBytes = 0
    let { bytesWritten: done } = await file.writev(parts, start)
    let end = 0
    for (const part of parts) {
      const begin = end
      end += part.length
      while (done < end) {
        const { bytesWritten } = await file.write(part, done - begin, end - done, start + done)
        done += bytesWritten
      }
    }
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
    const target = await this.#open()
    try {
      const block = new Uint8Array(Math.min(BLOCK, range.end - range.start))
      for (let at = range.start; at < range.end; ) {
        const { bytesRead } = await source.read(block, 0, Math.min(block.length, range.end - at), at)
        if (bytesRead === 0) throw Object.assign(new Error(`${path} ends before ${range.end}`), { code: 'EIO' })
        for (let done = 0; done < bytesRead; ) {
          const { bytesWritten } = await target.write(block, done, bytesRead - done, this.#position)
          done += bytesWritten
          this.#position += bytesWritten
        }
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
