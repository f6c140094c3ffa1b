import type { ByteRange } from '../base/bytes.ts'
import { ResultRefused } from '../base/errors.ts'
import type { ObjectVersion, Store } from '../lake/store.ts'
import { readFooter } from '../parquet/metadata/footer.ts'
import { ParquetError } from '../parquet/metadata/parquet-error.ts'
import { type FileStats, fileStats } from '../parquet/pages/file-stats.ts'
import type { BatchCommit, BronzeFile, ParkedFile, RejectedFile, SupersededFile, UnparkedFile } from './commit.ts'
import { checkFormat } from './format.ts'
import { fromPersisted, RESULT_NAMES, toPersisted } from './persisted-names.ts'
import { decodeTypes, encodeTypes } from './type-json.ts'

/** The key under which a silver file's footer metadata holds its result. */
const RESULT = 'silversmith'

/**
 * What became of an item: all of it is in the footer of the item's silver file, so that Commit needs nothing else and a lost
 * log can be rebuilt from the files. What it shares with the commit is described there; `rules` and `quarantined` are those
 * of this item only.
 */
export interface ItemResult
  extends Pick<BatchCommit, 'format' | 'operation' | 'batch' | 'attempt' | 'ingestDate'>,
    Pick<BatchCommit, 'absorbs' | 'writtenBy' | 'writers' | 'reviews' | 'excluded'>,
    Pick<BatchCommit, 'rules' | 'quarantined' | 'deferred'> {
  readonly plannedAt: string
  /** The end of the log as the plan saw it: it proves that commit. Files of earlier versions have none. */
  readonly seen?: { readonly version: number; readonly attempt: string }
  readonly item: number
  readonly items: number
  /** Hex SHA-256 of plan.json. */
  readonly plan: string
  /** Hex SHA-256 of the query's text. */
  readonly query: string
  /** The snapshot of the customers, null if the query does not join them. */
  readonly customers: string | null
  /** The snapshots of the dimensions besides them; absent if there are none. */
  readonly dimensions?: readonly { readonly name: string; readonly snapshot: string }[]
  readonly bronze: readonly Omit<BronzeFile, 'silver'>[]
  readonly unparked: readonly Pick<UnparkedFile, 'key' | 'etag' | 'batch' | 'rows' | 'broken'>[]
  /** The parked file that the item wrote, at most one. */
  readonly parked: readonly ParkedResult[]
  /** An append: the item's parked files, if no row of any met its customer: they go on waiting as they are. */
  readonly kept: readonly ObjectVersion[]
  /** Bronze versions that a replace, this one or an earlier one, put others in the place of. */
  readonly supersedes: readonly SupersededFile[]
  /** The file of the item's rejected rows, at most one; missing if there is none. */
  readonly rejected?: readonly Pick<RejectedFile, 'key' | 'rows'>[]
  /** When the item was processed, if its worker has a clock. */
  readonly times?: ItemTimes
}

export type ParkedResult = Pick<ParkedFile, 'key' | 'rows' | 'since' | 'bronze'>

/** How long an item took, by its worker's clock. */
export interface ItemTimes {
  /** ISO 8601. */
  readonly started: string
  /** Milliseconds from then until its files and the customers were open, and until all but the footer was written. */
  readonly opened: number
  readonly written: number
  /** `written` by what it went to: the three together are all of it. Files of earlier versions have none. */
  readonly spent?: { readonly read: number; readonly join: number; readonly write: number }
}

/** An item's silver file: the result in its footer, and what the footer itself says. */
export interface SilverResult {
  readonly result: ItemResult
  readonly size: number
  /** The sum of the row groups' rows. */
  readonly rows: number
  readonly stats: FileStats
}

/** The snapshots of a plan's dimensions in the form of a result. */
export function snapshotsOf(
  dimensions: readonly { readonly name: string; readonly snapshot: string }[],
): Pick<ItemResult, 'customers' | 'dimensions'> {
  const others = dimensions.filter(({ name }) => name !== 'customers').map(({ name, snapshot }) => ({ name, snapshot }))
  const customers = dimensions.find(({ name }) => name === 'customers')?.snapshot ?? null
  return { customers, ...(others.length > 0 && { dimensions: others }) }
}

/** A result as footer metadata. */
export function resultMetadata(result: ItemResult): Readonly<Record<string, string>> {
  return { [RESULT]: JSON.stringify(toPersisted({ ...result, reviews: encodeTypes(result.reviews) }, RESULT_NAMES)) }
}

/**
 * Reads the result of a silver file; undefined if there is no such file. Throws ResultRefused for a file that is not whole or
 * has no result.
 */
export async function readSilverResult(store: Store, key: string): Promise<SilverResult | undefined> {
  const head = await store.head(key)
  if (!head) return undefined
  const read = (range: ByteRange) => store.get(key, { range, ifMatch: head.etag })
  const footer = await readFooter({ ...head, read }).catch(error => {
    if (!(error instanceof ParquetError)) throw error
    throw new ResultRefused(`${key}: ${error.message}: start a new execution`, { cause: error })
  })
  const text = footer.keyValue.get(RESULT)
  if (text === undefined) throw new ResultRefused(`${key} has no result in its footer: it is not one of our files`)
  const json: ItemResult = JSON.parse(text)
  checkFormat(json.format, key)
  const reviews: ItemResult['reviews'] = decodeTypes(json.reviews, key)
  const result = { ...fromPersisted<ItemResult>(json, RESULT_NAMES), reviews }
  const rows = footer.rowGroups.reduce((sum, group) => sum + group.rows, 0)
  return { result, size: head.size, rows, stats: fileStats(footer) }
}

/** The result alone. */
export async function readResult(store: Store, key: string): Promise<ItemResult | undefined> {
  return (await readSilverResult(store, key))?.result
}
