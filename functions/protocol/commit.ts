import type { ObjectVersion } from '../lake/store.ts'
import type { FileStats } from '../parquet/pages/file-stats.ts'
import type { Rule } from '../sql/compiled.ts'
import type { Column } from '../sql/types.ts'
import type { AnyFormat } from './format.ts'
import { COMMIT_NAMES, fromPersisted, toPersisted } from './persisted-names.ts'
import { decodeTypes, encodeTypes } from './type-json.ts'
import type { Writer, WrittenBy } from './writers.ts'

/** An entry of the log: `log/<version>.json`. */
export type Commit = BatchCommit | AbandonCommit

interface CommitBase {
  readonly format: AnyFormat
  /** From 0, without gaps. */
  readonly version: number
  readonly attempt: string
  readonly batch: string
  /** ISO 8601, UTC. */
  readonly committedAt: string
  readonly execution: string
  /** Hex SHA-256 of the object of the commit before, null for the first. Commits of earlier versions have none. */
  readonly previous?: string | null
  /**
   * When the log was last rebuilt up to here, ISO 8601: from here on, the versions of the Delta table belong to another table.
   * Only batches have it; most commits do not.
   */
  readonly rebuilt?: string
  /** The checksum of the commit itself; see docs/protocol.md. */
  readonly sha256?: string
}

/** An attempt that may never be committed, because its files were removed. */
export interface AbandonCommit extends CommitBase {
  readonly operation: 'abandon'
}

/**
 * A batch becomes true (`append`), gets other rows in place of its present ones (`replace`), or gets other files with the
 * same rows (`compact`).
 */
export interface BatchCommit extends CommitBase {
  readonly operation: 'append' | 'replace' | 'compact'
  readonly ingestDate: string
  /** The attempt's directory below the silver root, with a slash at its end. */
  readonly location: string
  /** Other batches whose rows belong to this one from here on; each later commit of the batch names them too. */
  readonly absorbs?: readonly string[]
  /** A compact: the commit that wrote the rows; of several, the newest, and `writers` has all. */
  readonly writtenBy?: WrittenBy
  readonly writers?: readonly Writer[]
  /** The execution's input. */
  readonly input: unknown
  /** `comment`: the comment lines above the SELECT; for a compact, the table's, which is that of the newest query. */
  readonly query: { readonly sha256: string; readonly sql: string; readonly comment: string }
  /** The columns of the reviews view: a later batch reads them with the same types. */
  readonly reviews: readonly Column[]
  /** The table's columns from this commit on. */
  readonly schema: readonly Column[]
  /** null if the query does not join them. */
  readonly customers: DimensionOfCommit | null
  /** The dimensions besides the customers; absent if there are none. */
  readonly dimensions?: readonly (DimensionOfCommit & { readonly name: string })[]
  readonly rows: Rows
  readonly silver: readonly SilverFile[]
  readonly bronze: readonly BronzeFile[]
  /** Parked files with rows that wait from now on. */
  readonly parked: readonly ParkedFile[]
  /** Parked files whose rows went into this batch or its parked files. */
  readonly unparked: readonly UnparkedFile[]
  /** A replace: the batch's parked files, whose rows it left out. */
  readonly excluded: readonly string[]
  /** A replace: parked files of the batch that are gone or could not be joined; it took their rows from where they came from. */
  readonly reclaimed: readonly string[]
  /** Bronze versions that a replace put others in the place of. */
  readonly superseded: readonly SupersededFile[]
  /** The query's rules, and how often each was broken; missing if it has none. */
  readonly rules?: readonly RuleCount[]
  /** The output rows that a rule kept out of silver; missing if there are none. */
  readonly rejected?: readonly RejectedFile[]
  readonly quarantined: readonly QuarantinedFile[]
  /** Files that were gone or had changed when their turn came, or whose worker died: a later pass or run takes them. */
  readonly deferred: readonly DeferredFile[]
}

/**
 * A bronze version that another has replaced, and the parked files known at that time: their rows of that version are void.
 * They are named because the version itself may come back: on S3, a restored file has its old etag.
 */
export interface SupersededFile extends ObjectVersion {
  readonly parked: readonly string[]
}

/** A dimension as a batch joined it. */
export interface DimensionOfCommit {
  /** The snapshot's hash. */
  readonly snapshot: string
  readonly rows: number
  readonly files: readonly ObjectVersion[]
}

/**
 * Row counts; see RowCounts for their meaning. read + generated = filtered + rejected + nullKey + unmatched + matched: if a
 * generator makes several rows of one, each is counted, but a row that has to wait with all that is made of it counts once.
 */
export interface Rows {
  readonly read: number
  /** The rows that generators made beyond one of each; missing if there are none. */
  readonly generated?: number
  readonly filtered: number
  /** Rows of which rules dropped all that the query makes of them; missing if there are none. */
  readonly rejected?: number
  readonly nullKey: number
  readonly unmatched: number
  readonly matched: number
  readonly written: number
}

export interface SilverFile {
  /** The file's name within the batch's location. */
  readonly key: string
  readonly size: number
  readonly rows: number
  /** What its footer says about its columns. Commits of earlier versions have none. */
  readonly stats?: FileStats
}

export interface BronzeFile {
  readonly key: string
  readonly etag: string
  readonly size: number
  /** When bronze's writer last wrote it, ISO 8601. */
  readonly modified: string
  /** The name of the silver file that holds its rows. */
  readonly silver: string
  /** A compact: the batch that joined it, if that was another one. */
  readonly batch?: string
  readonly rows: Rows
  readonly broken?: readonly BrokenRule[]
}

/** How many output rows break a rule. */
export interface RuleCount extends Pick<Rule, 'name' | 'action'> {
  readonly violated: number
}

/** A rule that output rows of one file break: how many, and the first rows of the file (from 0) that they come from. */
export interface BrokenRule extends Pick<Rule, 'name'> {
  readonly violated: number
  readonly rows: readonly number[]
}

/** The rejected rows of one item. */
export interface RejectedFile extends ObjectVersion {
  readonly size: number
  readonly rows: number
}

export interface ParkedFile {
  /** The whole key. */
  readonly key: string
  readonly etag: string
  readonly size: number
  readonly rows: number
  /** The snapshots and the joins that it was last tried against: if they change, it is tried again. */
  readonly snapshot: string
  readonly join: string
  /** Why it could not be joined when it was last tried: if so, a replace of its batch takes its rows back. */
  readonly fault?: string
  /** When its oldest row was first parked, ISO 8601. */
  readonly since: string
  /** The bronze versions its rows come from. */
  readonly bronze: readonly ObjectVersion[]
}

/** A parked file that was consumed, as it was; a replace of the batch reads it again. */
export interface UnparkedFile extends Omit<ParkedFile, 'rows' | 'snapshot' | 'join' | 'fault'> {
  readonly silver: string
  /** A compact: the batch that took it in, if that was another one. */
  readonly batch?: string
  readonly rows: Rows
  readonly broken?: readonly BrokenRule[]
}

export interface QuarantinedFile {
  readonly key: string
  readonly etag: string
  readonly size: number
  readonly modified: string
  /** One line: why its rows could not be read. */
  readonly reason: string
}

export interface DeferredFile {
  readonly key: string
  readonly etag: string
  readonly reason: string
  /** The worker of its item died again and again: next, each of the item's files is tried in an item of its own. */
  readonly died?: true
}

const OPERATIONS: readonly unknown[] = ['append', 'replace', 'compact', 'abandon'] satisfies Commit['operation'][]

/** Whether this is an operation of a commit that this version knows. */
export function isOperation(value: unknown): value is Commit['operation'] {
  return OPERATIONS.includes(value)
}

/** A commit in its JSON form. */
export function encodeCommit(commit: Commit): object {
  if (commit.operation === 'abandon') return commit
  const { reviews, schema } = commit
  return toPersisted({ ...commit, reviews: encodeTypes(reviews), schema: encodeTypes(schema) }, COMMIT_NAMES)
}

/** The commit whose JSON, in `key`, encodeCommit made. Throws FormatMismatch for a type that this code does not have. */
export function decodeCommit(json: Commit, key: string): Commit {
  if (json.operation === 'abandon') return json
  const commit: BatchCommit = fromPersisted(json, COMMIT_NAMES)
  return { ...commit, reviews: decodeTypes(json.reviews, key), schema: decodeTypes(json.schema, key) }
}

/** The dimensions of a batch in the form of its commit. */
export function dimensionsOfCommit(
  dimensions: readonly (DimensionOfCommit & { readonly name: string })[],
): Pick<BatchCommit, 'customers' | 'dimensions'> {
  const described = dimensions.map(({ name, snapshot, rows, files }) => {
    return { name, snapshot, rows, files: files.map(({ key, etag }) => ({ key, etag })) }
  })
  const others = described.filter(({ name }) => name !== 'customers')
  const [customers] = described.flatMap(({ name, ...rest }) => (name === 'customers' ? [rest] : []))
  return { customers: customers ?? null, ...(others.length > 0 && { dimensions: others }) }
}

const COUNTS = ['read', 'filtered', 'nullKey', 'unmatched', 'matched', 'written'] as const

export const NO_ROWS: Rows = { read: 0, filtered: 0, nullKey: 0, unmatched: 0, matched: 0, written: 0 }

/** The sum of row counts. */
export function sumRows(counts: readonly Rows[]): Rows {
  const sum = { ...NO_ROWS }
  let [generated, rejected] = [0, 0]
  for (const rows of counts) {
    for (const count of COUNTS) sum[count] += rows[count]
    generated += rows.generated ?? 0
    rejected += rows.rejected ?? 0
  }
  return withSome(sum, { generated, rejected })
}

/** Row counts, with those that are only there if they are not 0. */
export function withSome<R extends Rows>(rows: R, { generated = 0, rejected = 0 }: Partial<Rows>): R {
  return { ...rows, ...(generated > 0 && { generated }), ...(rejected > 0 && { rejected }) }
}

/** Each rule with the sum of what files say about it. */
export function countRules(
  rules: readonly Pick<Rule, 'name' | 'action'>[],
  files: readonly { readonly broken?: readonly BrokenRule[] }[],
): RuleCount[] {
  const broken = files.flatMap(file => file.broken ?? [])
  return rules.map(({ name, action }) => {
    const violated = broken.reduce((sum, rule) => sum + (rule.name === name ? rule.violated : 0), 0)
    return { name, action, violated }
  })
}

/** Whether every row that was read is accounted for, and no count is negative or not a whole number. */
export function balances(rows: Rows): boolean {
  const { generated = 0, rejected = 0 } = rows
  const all = [...COUNTS.map(count => rows[count]), generated, rejected]
  if (!all.every(n => Number.isSafeInteger(n) && n >= 0)) return false
  return rows.read + generated === rows.filtered + rejected + rows.nullKey + rows.unmatched + rows.matched
}

/** A commit's batch, and those whose rows it has absorbed. */
export function coveredBy({ batch, absorbs = [] }: Pick<BatchCommit, 'batch' | 'absorbs'>): readonly string[] {
  return [batch, ...absorbs]
}

/** The bronze keys that a commit settles: joined or quarantined. */
export function settledKeys(commit: BatchCommit): string[] {
  return [...commit.bronze, ...commit.quarantined].map(({ key }) => key)
}
