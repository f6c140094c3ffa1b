import { link, lstat, stat } from 'node:fs/promises'
import { NameTaken } from '../../base/errors.ts'
import { errorCode, ifMissing } from './file-errors.ts'

/**
 * Gives a finished file a second name that nobody has: put-if-absent. Returns false where a file has the name. Over NFS a
 * lost answer is asked for again, and the second answer is EEXIST: then both names mean one file, and the link is ours.
 * Throws NameTaken where something other than a file has the name.
 */
export async function linkNew(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path)
    return true
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    return isOneFile(temporary, path)
  }
}

async function isOneFile(temporary: string, path: string): Promise<boolean> {
  const mine = await stat(temporary, { bigint: true })
  const entry = await lstat(path, { bigint: true }).catch(ifMissing)
  if (mine.nlink > 1n && entry?.ino === mine.ino && entry.dev === mine.dev) return true
  if (!entry || entry.isFile()) return false // or gone again
  const target = entry.isSymbolicLink() ? await stat(path).catch(ifMissing) : entry
  if (target?.isFile()) return false
  const what = target?.isDirectory() ? 'a directory' : target ? 'a special file' : 'a link that leads nowhere'
  throw new NameTaken(`${what} is in the place of the file ${JSON.stringify(path)}: move it away, then run again`)
}
