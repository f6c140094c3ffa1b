import { sameContent } from '../../functions/adapters/directory/file-version.ts'
import { SilversmithError } from '../../functions/base/errors.ts'
import { listed, many } from '../../functions/base/text.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BronzeEntry } from '../../functions/log/bronze-entries.ts'
import type { Log } from '../../functions/log/fold.ts'
import type { BatchCommit, BronzeFile } from '../../functions/protocol/commit.ts'

/** A bronze file whose rows are in silver twice, because another file with the same content was joined too. */
export interface CopiedFile {
  readonly key: string
  readonly of: string
  /** Whether the other file is gone: then this one was renamed or moved. */
  readonly gone: boolean
}

/** Pairs of files of one size that are read to compare them; a lake of files that are all of one size costs no more. */
const PAIRS = 200
/** Bytes of a file's end that are compared: the footer, with the sizes and statistics of all columns. */
const FOOTER = 64 << 10

/**
 * Finds among the files that were just joined those with the content of another joined file: equal in size, and in the
 * checksum that the log has of both or that a bucket's etag is. Where these can't tell, as with encrypted objects, the ends
 * that hold the Parquet footers are compared, while the other file is there.
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
    if (entry.reason !== undefined) continue
    for (const file of bySize.get(entry.size) ?? []) {
      const isOlder = !fresh.has(entry.key) || entry.key < file.key // of two new ones the second is the copy
      if (file.key === entry.key || copies.has(file.key) || !isOlder) continue
      const known = sameContent(file.etag, entry.etag)
      if (known === undefined && pairs++ >= PAIRS) continue
      if (!(known ?? (await hasSameEnd(store, file, entry)))) continue
      const gone = (await store.head(entry.key)) === undefined
      copies.set(file.key, { key: file.key, of: entry.key, gone })
    }
  }
  return [...copies.values()]
}

async function hasSameEnd(store: Store, a: BronzeFile, b: BronzeEntry): Promise<boolean> {
  try {
    const range = { start: Math.max(0, a.size - FOOTER), end: a.size }
    const [mine, other] = await Promise.all([a, b].map(({ key, etag }) => store.get(key, { range, ifMatch: etag })))
    return mine !== undefined && other !== undefined && Buffer.from(mine).equals(other)
  } catch (error) {
    if (error instanceof SilversmithError) return false // one of them is gone or has changed: nothing is known of it
    throw error
  }
}

/** Says that rows are there twice, and how to take them out; `where` are the options of a backfill of the same lake. */
export function copiedLines(copies: readonly CopiedFile[], where: string): string[] {
  const kinds = [copies.filter(({ gone }) => !gone), copies.filter(({ gone }) => gone)] as const
  const [copied, renamed] = kinds.map(files =>
    listed(
      files.map(({ key, of }) => `${key} of ${of}`),
      3,
    ),
  )
  const backfill = `npx silversmith backfill${where} --changed`
  const twice = 'so silver has those rows twice'
  const lines: string[] = []
  if (kinds[0].length > 0) {
    lines.push(
      `warning: ${many(kinds[0].length, 'new file')} ${kinds[0].length === 1 ? 'is a copy' : 'are copies'} of joined files, ` +
        `${twice}: ${copied}; to take them out, put a Parquet file with the same columns and no rows in the place of each copy and write ${backfill}`,
    )
  }
  if (kinds[1].length > 0) {
    lines.push(
      `warning: ${many(kinds[1].length, 'new file')} ${kinds[1].length === 1 ? 'has' : 'have'} the content of joined files that ` +
        `are gone, as after a change of name, ${twice}: ${renamed}; to take them out, give each file its old name back, put a ` +
        `Parquet file with the same columns and no rows in the place of the new name and write ${backfill}`,
    )
  }
  return lines
}
