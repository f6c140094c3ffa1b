import { SilversmithError } from '../../functions/base/errors.ts'
import { listed, many } from '../../functions/base/text.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BronzeEntry, Log } from '../../functions/log/fold.ts'
import type { BatchCommit, BronzeFile } from '../../functions/protocol/commit.ts'

/** A bronze file whose rows are in silver twice, because another file with the same content was joined too. */
export interface CopiedFile {
  readonly key: string
  readonly of: string
}

/** Pairs of files of one size that are compared; a lake of files that are all of one size costs no more. */
const PAIRS = 200
/** Bytes of a file's end that are compared: the footer, with the sizes and statistics of all columns. */
const FOOTER = 64 << 10

/**
 * Finds among the files that were just joined those with the content of another joined file: equal in size, and in the
 * checksum that a bucket's etag is, or in the end that holds the Parquet footer.
 */
export async function findCopies(
  { store }: { readonly store: Store; readonly layout: Layout },
  log: Log,
  commits: readonly BatchCommit[],
): Promise<CopiedFile[]> {
  const joined = commits.filter(({ operation }) => operation === 'append').flatMap(({ bronze }) => bronze)
  const bySize = Map.groupBy(
    joined.filter(({ rows }) => rows.read > 0),
    ({ size }) => size,
  )
  const copies = new Map<string, CopiedFile>()
  const fresh = new Set(joined.map(({ key }) => key))
  let pairs = 0
  for await (const entry of log.bronze()) {
    if (pairs >= PAIRS) break
    if (entry.reason !== undefined) continue
    for (const file of bySize.get(entry.size) ?? []) {
      const isOlder = !fresh.has(entry.key) || entry.key < file.key // of two new ones the second is the copy
      if (file.key === entry.key || copies.has(file.key) || !isOlder || pairs++ >= PAIRS) continue
      if (await isCopy(store, file, entry)) copies.set(file.key, { key: file.key, of: entry.key })
    }
  }
  return [...copies.values()]
}

async function isCopy(store: Store, a: BronzeFile, b: BronzeEntry): Promise<boolean> {
  if (a.etag === b.etag) return true
  try {
    const range = { start: Math.max(0, a.size - FOOTER), end: a.size }
    const [mine, other] = await Promise.all([a, b].map(({ key, etag }) => store.get(key, { range, ifMatch: etag })))
    return mine !== undefined && other !== undefined && Buffer.from(mine).equals(other)
  } catch (error) {
    if (error instanceof SilversmithError) return false // one of them is gone or has changed: nothing is known of it
    throw error
  }
}

/** Says that rows are there twice, and how to take them out. */
export function copiedLines(copies: readonly CopiedFile[]): string[] {
  if (copies.length === 0) return []
  const named = listed(
    copies.map(({ key, of }) => `${key} of ${of}`),
    3,
  )
  return [
    `warning: ${many(copies.length, 'new file')} ${copies.length === 1 ? 'is a copy' : 'are copies'} of joined files, so ` +
      `silver has those rows twice: ${named}; to take them out, put a Parquet file without rows in the place of each ` +
      'copy and write npx silversmith backfill --changed',
  ]
}
