import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isHidden } from '../functions/lake/keys.ts'

/** The symbolic links below a directory of a lake that are not hidden; listings of the lake pass them over. */
export async function symbolicLinks(root: string, prefix: string): Promise<string[]> {
  const links: string[] = []
  const entries = await readdir(join(root, prefix), { withFileTypes: true }).catch(() => [])
  for (const entry of entries) {
    const key = `${prefix}${entry.name}`
    if (isHidden(key, prefix)) continue
    if (entry.isSymbolicLink()) links.push(key)
    if (entry.isDirectory()) links.push(...(await symbolicLinks(root, `${key}/`)))
  }
  return links.sort()
}
