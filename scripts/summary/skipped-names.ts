import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type NameFault, nameFault, showName } from '../../functions/adapters/directory/file-names.ts'
import { listed, many } from '../../functions/base/text.ts'
import { isHidden } from '../../functions/lake/keys.ts'

/** What stands below a directory of a lake and is not an object, as messages name it. */
export type SkippedNames = Readonly<Record<NameFault | 'link', readonly string[]>>

/** Looks for what listings of a lake in a directory skip, apart from what is hidden; on S3, where `root` is null, nothing. */
export async function findSkipped(root: string | null, prefix: string): Promise<SkippedNames> {
  const found = { 'not UTF-8': [] as string[], 'too long': [] as string[], link: [] as string[] }
  const walk = async (directory: string): Promise<void> => {
    for (const entry of await entriesOf(join(root ?? '', directory))) {
      const name = entry.name.toString()
      if (isHidden(`${directory}${name}`, directory)) continue
      const fault = entry.isSymbolicLink() ? 'link' : nameFault(directory, entry.name)
      if (fault) found[fault].push(showName(directory, entry.name))
      else if (entry.isDirectory()) await walk(`${directory}${name}/`)
    }
  }
  if (root !== null) await walk(prefix)
  for (const names of Object.values(found)) names.sort()
  return found
}

async function entriesOf(path: string): Promise<Dirent<Buffer>[]> {
  return readdir(path, { withFileTypes: true, encoding: 'buffer' }).catch(() => [])
}

/** Says what was skipped in bronze, and what to do. */
export function skippedLines(skipped: SkippedNames): string[] {
  const line = (kind: keyof SkippedNames, what: string, noun: string, remedy: string) => {
    const names = skipped[kind]
    return names.length === 0 ? [] : [`${what}: ${many(names.length, noun)} in bronze (${listed(names, 3)}); ${remedy}`]
  }
  return [
    ...line('link', 'not followed', 'symbolic link', 'put the files there themselves'),
    ...line('not UTF-8', 'skipped, because the name is not UTF-8', 'file', 'rename them, and run again'),
    ...line(
      'too long',
      'skipped, because the key is over 1,024 bytes',
      'file',
      'give them shorter paths, and run again',
    ),
  ]
}
