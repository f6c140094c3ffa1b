import type { BatchDraft } from '../../functions/log/append.ts'
import { type BatchCommit, type BronzeFile, NO_ROWS } from '../../functions/log/commit.ts'

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
    leftOut: [],
    takenBack: [],
    outdated: [],
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
