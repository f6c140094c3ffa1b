import { catalogKey } from '../../functions/adapters/duckdb/local-catalog.ts'
import { ObjectMissing } from '../../functions/base/errors.ts'
import { UsageError } from '../../functions/base/refusal.ts'
import type { Layout } from '../../functions/lake/layout.ts'
import type { Store } from '../../functions/lake/store.ts'
import { readWholeLog } from '../../functions/readers/whole-log.ts'
import { placeUri } from './lake-place.ts'

/** What a lake was begun with, for the commands that come after: null where bronze lies in the lake, and no Athena is told. */
export interface LakeRecord {
  /** URIs with a slash at their end. */
  readonly reviews: string | null
  readonly customers: string | null
  /** `workgroup/database.table`. */
  readonly athena: string | null
}

/** How commands name the same. */
export interface RecordOptions {
  readonly reviews?: string | undefined
  readonly customers?: string | undefined
  readonly athena?: string | undefined
}

const NAMES = ['reviews', 'customers', 'athena'] as const

/** Where the record lies. Only commands read it: a deployed stage has its parameters. */
export function recordKey(layout: Layout): string {
  return `${layout.hidden}lake.json`
}

/** Reads the record; undefined for a lake that has none. Throws UsageError for what is not a record. */
export async function readRecord(store: Store, layout: Layout): Promise<LakeRecord | undefined> {
  try {
    const read: Partial<LakeRecord> = JSON.parse(new TextDecoder().decode(await store.get(recordKey(layout))))
    const { reviews = null, customers = null, athena = null } = read
    return { reviews, customers, athena }
  } catch (error) {
    if (error instanceof ObjectMissing) return undefined
    if (!(error instanceof SyntaxError)) throw error
    throw new UsageError(
      `${recordKey(layout)} is not JSON: remove it, and name the same --reviews, --customers and --athena`,
    )
  }
}

/** The record with what the options say. Throws UsageError for a table in Athena that is not the one that was told. */
export function withOptions(record: LakeRecord | undefined, options: RecordOptions): LakeRecord {
  const { reviews, customers, athena } = options
  const known = record?.athena ?? null
  const given = athena === undefined ? known : parseAthena(athena).text
  if (known !== null && given !== known) {
    throw new UsageError(`this lake publishes to Athena by --athena ${known}, which can't change: leave --athena out`)
  }
  return {
    reviews: reviews === undefined ? (record?.reviews ?? null) : placeUri(reviews),
    customers: customers === undefined ? (record?.customers ?? null) : placeUri(customers),
    athena: given,
  }
}

/**
 * Writes down how a lake was begun, before something is done in it. A lake in a directory without options has no record.
 * Where Athena is told from now on, it is told of everything: the hint that says how far readers are goes first.
 */
export async function beginLake(lake: {
  readonly store: Store
  readonly layout: Layout
  readonly root: string | null
  readonly record: LakeRecord
}): Promise<void> {
  const { store, layout, root, record } = lake
  const known = await readRecord(store, layout)
  if (root !== null && NAMES.every(name => record[name] === null)) return
  if (known && NAMES.every(name => record[name] === known[name])) return
  const told = record.athena !== null && (await store.head(catalogKey(layout))) !== undefined
  if (told) {
    await readWholeLog(store, layout) // the hint also guards the log
    await store.delete(layout.published)
  }
  const body = new TextEncoder().encode(JSON.stringify({ format: 1, ...record }))
  const { written } = await store.put(recordKey(layout), body, known ? undefined : { ifNoneMatch: '*' })
  if (!written) throw new UsageError('another run began this lake at the same moment: run again')
  if (told) await store.delete(catalogKey(layout))
}

/** Reads `workgroup/database` or `workgroup/database.table`. Throws UsageError. */
export function parseAthena(text: string): {
  readonly workgroup: string
  readonly database: string
  readonly table: string
  readonly text: string
} {
  const [, workgroup, database, table = 'reviews'] =
    /^([\w.-]{1,128})\/([a-z0-9_]{1,255})(?:\.([a-z0-9_]{1,255}))?$/.exec(text) ?? []
  if (workgroup === undefined || database === undefined) {
    throw new UsageError(
      `--athena must be workgroup/database or workgroup/database.table, in small letters, not ${text}`,
    )
  }
  return { workgroup, database, table, text: `${workgroup}/${database}.${table}` }
}
