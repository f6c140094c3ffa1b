import { sha256 } from '../../base/bytes.ts'
import type { BatchState } from '../../log/batch-state.ts'
import type { Commit, SilverFile } from '../../protocol/commit.ts'
import { PARTITION_COLUMNS } from '../../sql/schema/column-name.ts'
import { boundedColumns, metadataAction, PROTOCOL, type TableMetadata } from './delta-table.ts'

/*
 * The versions of the Delta log: version N says what commit N did, and is a function of the commits 0 to N alone. A version
 * hands on what the next one needs to know; so the bytes are the same, whoever makes them and from whichever version on.
 */

/** What the next version needs to know of this one: it stands in its `commitInfo`. */
export interface DeltaHead {
  readonly version: number
  /** The attempt of the commit that the version describes. */
  readonly attempt: string
  /** The in-commit timestamp, UTC milliseconds: the commit's time, and later than that of every version before. */
  readonly time: number
  /** The table's id, a UUID, and when it got it. */
  readonly table: string
  readonly created: number
  /** Hex SHA-256 of the metaData in force. */
  readonly metaData: string
  /** The columns of which files have bounds; null while the table has no columns. */
  readonly bounded: readonly string[] | null
}

/** A batch's files as one of its commits has them. */
export type BatchFiles = Pick<BatchState, 'ingestDate' | 'batch' | 'location' | 'committedAt' | 'silver'>

/**
 * Makes the version that describes a commit, after the one before (undefined for the first). `replaced` is the batch as
 * it was until then, with those that it absorbs; empty where it is new. Pure.
 */
export async function makeVersion(
  commit: Commit,
  before: DeltaHead | undefined,
  replaced: readonly BatchFiles[],
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly head: DeltaHead }> {
  const { version, attempt, committedAt } = commit
  const time = Math.max(millis(committedAt), before ? before.time + 1 : 0)
  const isNew = before === undefined || commit.rebuilt !== undefined
  const id = isNew ? await tableId(commit) : before.table
  const created = isNew ? time : before.created
  const columns = commit.operation === 'abandon' ? null : boundedColumns(commit.schema)
  const bounded = before?.bounded ?? columns
  const table = { id, created, bounded: bounded ?? [] }
  const { actions, metaData } = await heading(commit, before, table)
  const head: DeltaHead = { version, attempt, time, table: id, created, metaData, bounded }
  const batch = commit.operation === 'abandon' ? undefined : commit
  const dataChange = commit.operation !== 'compact'
  const removed = batch ? replaced.flatMap(filesOf) : []
  const added = batch ? filesOf(batch) : []
  const lines = [
    { commitInfo: commitInfo(commit, head, added, removed) },
    ...actions,
    ...removed.map(({ rows: _, modificationTime: __, stats: ___, ...file }) => ({
      remove: { ...file, deletionTimestamp: time, dataChange, extendedFileMetadata: true },
    })),
    ...added.map(file => ({ add: addAction(file, table.bounded, dataChange) })),
  ]
  return { bytes: new TextEncoder().encode(lines.map(line => `${JSON.stringify(line)}\n`).join('')), head }
}

/** The head of the version in these bytes; undefined where we did not write them. */
export function parseVersion(bytes: Uint8Array, version: number): DeltaHead | undefined {
  try {
    const [line = ''] = new TextDecoder('utf-8', { fatal: true }).decode(bytes).split('\n', 1)
    const info: Record<string, unknown> = JSON.parse(line).commitInfo ?? {}
    const [attempt, table, metaData] = ['attempt', 'table', 'metaData'].map(name => info[`silversmith.${name}`])
    const [time, created, names] = [info.inCommitTimestamp, info['silversmith.created'], info['silversmith.bounded']]
    if (typeof attempt !== 'string' || typeof table !== 'string' || typeof metaData !== 'string') return undefined
    if (typeof time !== 'number' || typeof created !== 'number') return undefined
    const bounded = typeof names === 'string' ? names.split(',').filter(name => name !== '') : null
    return { version, attempt, time, table, created, metaData, bounded }
  } catch {
    return undefined // no UTF-8, or no JSON
  }
}

/** A file of the table. */
export interface DeltaFile {
  /** Below the table's root, percent-encoded. */
  readonly path: string
  readonly partitionValues: { readonly ingest_date: string; readonly batch: string }
  readonly size: number
  readonly modificationTime: number
  readonly rows: number
  readonly stats: SilverFile['stats']
}

/** The files of a batch that have rows. */
export function filesOf({ ingestDate, batch, location, committedAt, silver }: BatchFiles): DeltaFile[] {
  return silver
    .filter(({ rows }) => rows > 0)
    .map(({ key, size, rows, stats }) => ({
      path: encodePath(location + key),
      partitionValues: { ingest_date: ingestDate, batch },
      size,
      modificationTime: millis(committedAt),
      rows,
      stats,
    }))
}

/** A commit's time in UTC milliseconds; 0 for what is not a time. */
function millis(time: string): number {
  return Date.parse(time) || 0
}

/** The `add` action of a file, with bounds where it has those of all the columns. */
export function addAction({ rows, stats, ...file }: DeltaFile, bounded: readonly string[], dataChange: boolean) {
  const { nullCount, minValues = {}, maxValues = {} } = stats ?? {}
  const pick = (values: typeof minValues) => Object.fromEntries(bounded.map(name => [name, values[name]]))
  const hasAll = bounded.length > 0 && bounded.every(name => Object.hasOwn(minValues, name))
  const bounds = hasAll ? { minValues: pick(minValues), maxValues: pick(maxValues) } : {}
  return { ...file, dataChange, stats: JSON.stringify({ numRecords: rows, ...bounds, nullCount }) }
}

/** `protocol` and `metaData` where this version changes them, and the hash of the metaData in force. */
async function heading(
  commit: Commit,
  before: DeltaHead | undefined,
  table: Pick<TableMetadata, 'id' | 'created' | 'bounded'>,
) {
  if (commit.operation === 'abandon' && before) return { actions: [], metaData: before.metaData }
  const { columns, comment } =
    commit.operation === 'abandon'
      ? { columns: [], comment: '' } // the first of all: the table has no columns of its own yet
      : { columns: commit.schema, comment: commit.query.comment }
  const action = metadataAction({ ...table, columns, comment })
  const metaData = await sha256(JSON.stringify(action))
  return {
    metaData,
    actions: [
      ...(before ? [] : [{ protocol: PROTOCOL }]),
      ...(before?.metaData === metaData ? [] : [{ metaData: action }]),
    ],
  }
}

function commitInfo(commit: Commit, head: DeltaHead, added: readonly DeltaFile[], removed: readonly DeltaFile[]) {
  const { attempt, batch } = commit
  const sum = (key: 'rows' | 'size') => String(added.reduce((total, file) => total + file[key], 0))
  return {
    inCommitTimestamp: head.time,
    timestamp: head.time,
    ...operationOf(commit),
    isolationLevel: 'Serializable',
    isBlindAppend: commit.operation === 'append',
    operationMetrics: {
      numFiles: String(added.length),
      numOutputRows: sum('rows'),
      numOutputBytes: sum('size'),
      numRemovedFiles: String(removed.length),
    },
    engineInfo: 'silversmith',
    txnId: attempt,
    'silversmith.attempt': attempt,
    'silversmith.batch': batch,
    'silversmith.table': head.table,
    'silversmith.created': head.created,
    'silversmith.metaData': head.metaData,
    ...(head.bounded && { 'silversmith.bounded': head.bounded.join(',') }),
  }
}

function operationOf({ operation, batch }: Commit) {
  if (operation === 'abandon') return { operation: 'Manual Update', operationParameters: {} }
  // as Delta's own compaction is called
  if (operation === 'compact') return { operation: 'OPTIMIZE', operationParameters: { predicate: '[]' } }
  const partitionBy = JSON.stringify(PARTITION_COLUMNS)
  const parameters =
    operation === 'append'
      ? { mode: 'Append', partitionBy }
      : { mode: 'Overwrite', partitionBy, predicate: JSON.stringify([`(batch = '${batch}')`]) }
  return { operation: 'WRITE', operationParameters: parameters }
}

/** The id of the table that begins with a commit: a UUID of version 8 (RFC 9562), made of what no other commit has. */
async function tableId(commit: Commit): Promise<string> {
  const { attempt, committedAt, rebuilt = '' } = commit
  const hex = await sha256(['silversmith', attempt, committedAt, rebuilt].join('\n'))
  const variant = '89ab'[Number.parseInt(hex[16] ?? '0', 16) % 4] ?? '8'
  const end = `8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${end}`
}

/** A key in a URI: each segment percent-encoded, but for the `=` of partition directories. */
function encodePath(key: string): string {
  return key
    .split('/')
    .map(segment => encodeURIComponent(segment).replaceAll('%3D', '='))
    .join('/')
}
