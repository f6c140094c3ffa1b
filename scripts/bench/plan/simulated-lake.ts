import { createHash } from 'node:crypto'
import { Layout } from '../../../functions/lake/layout.ts'
import type { Store } from '../../../functions/lake/store.ts'
import type { BronzeEntry } from '../../../functions/log/bronze-entries.ts'
import { FoldedLog } from '../../../functions/log/fold.ts'
import { writeLogSnapshot } from '../../../functions/log/snapshot.ts'
import { type BatchCommit, NO_ROWS } from '../../../functions/protocol/commit.ts'
import { FORMAT } from '../../../functions/protocol/format.ts'
import type { Column } from '../../../functions/sql/types.ts'

/** A lake whose bronze files are numbered, so that they need not be stored: the same number, the same file. */
export interface SimulatedLake {
  /** Bronze keys, and how many of them no commit has. */
  readonly keys: number
  readonly fresh: number
  /** Batches of which the log tells. */
  readonly batches: number
}

export const layout = new Layout()
/** When the first bronze file was written, UTC milliseconds. */
const START = Date.UTC(2026, 0, 1)

/** The key of a bronze file, as Spark names them; keys are in the order of numbers. */
export function bronzeKey(number: number): string {
  const id = md5(number)
  const uuid = [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-')
  return `${layout.roots.reviews}part-${String(number).padStart(8, '0')}-${uuid}-c000.snappy.parquet`
}

export function bronzeEtag(number: number): string {
  return `"${md5(-number - 1)}"`
}

export function bronzeTime(number: number): string {
  return new Date(START + number * 1000).toISOString()
}

/** Whether no commit has the file; the fresh ones are spread over all keys. */
export function isFresh(number: number, { keys, fresh }: SimulatedLake): boolean {
  return number % Math.floor(keys / fresh) === 0 && number / Math.floor(keys / fresh) < fresh
}

function md5(number: number): string {
  return createHash('md5').update(String(number)).digest('hex')
}

/** A commit of the simulated log, of `files` bronze files that begin with the number `from`. */
export function simulatedCommit(version: number, from: number, files: number): BatchCommit {
  const id = `20260101T000000Z-${version.toString(16).padStart(8, '0')}`
  const attempt = `${id}${'0'.repeat(8)}`
  const column = (name: string): Column => ({ name, type: 'string' })
  const columns = Array.from({ length: 21 }, (_, i) => column(`column_${i}`))
  return {
    format: FORMAT,
    version,
    operation: 'append',
    batch: id,
    attempt,
    ingestDate: '2026-01-01',
    location: `ingest_date=2026-01-01/batch=${id}/${attempt}/`,
    committedAt: bronzeTime(from),
    execution: `arn:aws:states:us-east-1:123456789012:execution:silversmith-prod-silver:${md5(version)}`,
    input: {},
    query: { sha256: md5(0).repeat(2), sql: 'SELECT r.*, c.customer_name FROM …'.padEnd(240), comment: '' },
    reviews: columns,
    schema: columns,
    customers: {
      snapshot: md5(0).repeat(2),
      rows: 113_405,
      files: [{ key: 'bronze/customers/c.parquet', etag: '"e"' }],
    },
    rows: NO_ROWS,
    silver: [{ key: 'part-00000.parquet', size: 1_234_567, rows: 5000 }],
    bronze: Array.from({ length: files }, (_, i) => ({
      key: bronzeKey(from + i),
      etag: bronzeEtag(from + i),
      size: 174_818,
      modified: bronzeTime(from + i),
      silver: 'part-00000.parquet',
      rows: { read: 1000, filtered: 99, nullKey: 0, unmatched: 1, matched: 900, written: 900 },
    })),
    ...{ parked: [], unparked: [], excluded: [], reclaimed: [], superseded: [], quarantined: [], deferred: [] },
  }
}

/** Writes the log: the newest commit, and the snapshot that tells of all before it. */
export async function writeSimulatedLog(store: Store, lake: SimulatedLake): Promise<void> {
  const state = new FoldedLog()
  for (let version = 0; version < lake.batches; version++) state.apply(simulatedCommit(version, version, 1))
  const last = simulatedCommit(state.version, state.version, 1)
  await store.put(layout.commit(state.version), new TextEncoder().encode(JSON.stringify(last)))
  await writeLogSnapshot(store, layout, { state, snapshot: -1, bronze: () => settledEntries(lake) })
}

/** What the log has of bronze, in the order of keys. */
export async function* settledEntries(lake: SimulatedLake): AsyncGenerator<BronzeEntry> {
  for (let number = 0; number < lake.keys; number++) {
    if (isFresh(number, lake)) continue
    const version = number % lake.batches
    yield {
      key: bronzeKey(number),
      etag: bronzeEtag(number),
      size: 174_818,
      modified: bronzeTime(number),
      batch: `20260101T000000Z-${version.toString(16).padStart(8, '0')}`,
    }
  }
}
