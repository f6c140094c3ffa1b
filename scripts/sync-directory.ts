import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from './file-errors.ts'

/** Makes a directory's entries durable, as fsync(2) asks for after a link or rename. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return // directories can't be opened there
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } catch (error) {
    // some file systems keep no directory back and say so
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes(errorCode(error) ?? '')) throw error
  } finally {
    await directory.close()
  }
}

/** Makes a directory and those above it that are missing, durably. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true })
  if (first === undefined) return
  const top = dirname(first)
  for (let made = dirname(path); made.length >= top.length; made = dirname(made)) {
    await syncDirectory(made)
    if (made === top) return
  }
}
