import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { NameTaken } from '../../base/errors.ts'
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

/**
 * Makes a directory and those above it that are missing, durably. Not by `recursive`, which says ENOENT where a file system is
 * read-only. Throws NameTaken for a link that leads nowhere.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isThere(path)) return
  const above = dirname(path)
  await makeDirectory(above)
  if (!(await isThere(path))) {
    throw new NameTaken(
      `a link that leads nowhere is in the place of ${JSON.stringify(above)}: remove it, then run again`,
    )
  }
}

/** Makes a directory; false where the one above it is missing. */
async function isThere(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    await syncDirectory(dirname(path))
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return true
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}
