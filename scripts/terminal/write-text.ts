import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '../../functions/adapters/directory/file-errors.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import { visible } from '../../functions/base/visible.ts'

/** Prints a text as its pieces come, no quicker than they are read; ends early when nobody reads any more. */
export async function printPieces(
  pieces: AsyncIterable<string>,
  screen: NodeJS.WritableStream & { readonly isTTY?: boolean } = process.stdout,
): Promise<void> {
  for await (const piece of pieces) {
    const text = screen.isTTY ? visible(piece) : piece // what programs read stays as it is
    const failed = await new Promise(done => screen.write(text, error => done(error)))
    if (failed) return
  }
}

/** Writes a text into a file as its pieces come. */
export async function savePieces(pieces: AsyncIterable<string>, file: string): Promise<void> {
  await replaceFile(file, async draft => {
    const handle = await open(draft, 'wx')
    try {
      for await (const piece of pieces) await handle.writeFile(piece)
    } finally {
      await handle.close()
    }
  })
}

/**
 * Has a file written under another name beside it, and puts it in place when it is whole: a result that was cut off never
 * passes for one. Throws UsageError where no file can be written.
 */
export async function replaceFile<T>(file: string, write: (draft: string) => Promise<T>): Promise<T> {
  const draft = `${file}.${randomUUID().slice(0, 8)}.tmp`
  try {
    await (await open(draft, 'wx')).close() // what is wrong with the place is said before a query runs
    await rm(draft)
    const written = await write(draft)
    await rename(draft, file)
    return written
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new UsageError(`--output: there is no directory ${dirname(file)}`, { cause: error })
    if (code === 'EISDIR') throw new UsageError(`--output: ${file} is a directory`, { cause: error })
    throw error
  }
}
