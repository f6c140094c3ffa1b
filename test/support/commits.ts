import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import type { BatchDraft } from '../../functions/log/append.ts'
import { type Entry, makeEntry, parseEntry } from '../../functions/log/entry.ts'
import { type BatchCommit, type BronzeFile, type Commit, NO_ROWS } from '../../functions/protocol/commit.ts'

/** A commit of one batch that holds the given bronze keys; any part of it can be another. */
export function batchCommit(version: number, keys: readonly string[], changes: Partial<BatchCommit> = {}): BatchCommit {
  const hex = version.toString(16).padStart(8, '0')
  const batch = changes.batch ?? `20261124T071500Z-${hex}`
  const attempt = changes.attempt ?? `20261124T071500Z-${hex}${hex}`
  return {
    format: 1,
    version,
    operation: 'append',
    batch,
    attempt,
    ingestDate: '2026-11-24',
    location: `ingest_date=2026-11-24/batch=${batch}/${attempt}/`,
    committedAt: new Date(Date.UTC(2026, 10, 24, 7, 15, 0, version)).toISOString(),
    execution: `execution-${version}`,
    input: {},
    query: { sha256: 'q', sql: 'SELECT 1', comment: '' },
    reviews: [{ name: 'review_id', type: 'string' }],
    schema: [{ name: 'review_id', type: 'string' }],
    customers: null,
    rows: NO_ROWS,
    silver: [{ key: 'part-00000.parquet', size: 100, rows: 1 }],
    bronze: keys.map(bronzeFile),
    parked: [],
    unparked: [],
    excluded: [],
    reclaimed: [],
    superseded: [],
    quarantined: [],
    deferred: [],
    ...changes,
  }
}

/** The same before the log has given it a version and a schema. */
export function batchDraft(id: number, keys: readonly string[], changes: Partial<BatchDraft> = {}): BatchDraft {
  const { version: _, schema, ...draft } = batchCommit(id, keys)
  return { ...draft, output: schema, ...changes }
}

function bronzeFile(key: string): BronzeFile {
  const modified = '2026-11-24T07:00:00.000Z'
  return { key, etag: `"${key}"`, size: 10, modified, silver: 'part-00000.parquet', rows: { ...NO_ROWS, read: 0 } }
}

/** Puts commits as the log has them, each tied to the one before; `sealedFrom` is the first version that is. */
export async function putLog(
  store: Store,
  layout: Layout,
  commits: readonly Commit[],
  sealedFrom = 0,
): Promise<readonly Entry[]> {
  const entries: Entry[] = []
  for (const commit of commits) {
    const key = layout.commit(commit.version)
    const plain = new TextEncoder().encode(JSON.stringify(commit))
    const entry =
      commit.version < sealedFrom
        ? await parseEntry(plain, commit.version, key)
        : await makeEntry(commit, entries.at(-1)?.link)
    await store.put(key, entry.bytes)
    entries.push(entry)
  }
  return entries
}
