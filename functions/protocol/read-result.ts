import { ResultRefused } from '../base/errors.ts'
import type { Store } from '../lake/store.ts'
import { readFooter } from '../parquet/metadata/footer.ts'
import { checkFormat } from './read-plan.ts'
import { type ItemResult, RESULT } from './result.ts'

/** An item's silver file: the result in its footer, and what the footer itself says. */
export interface SilverResult {
  readonly result: ItemResult
  readonly size: number
  /** The sum of the row groups' rows. */
  readonly rows: number
}

/** Reads the result of a silver file; undefined when there is no such file. Throws ResultRefused if it has none. */
export async function readSilverResult(store: Store, key: string): Promise<SilverResult | undefined> {
  const head = await store.head(key)
  if (!head) return undefined
  const footer = await readFooter({ ...head, read: range => store.get(key, { range, ifMatch: head.etag }) })
  const text = footer.keyValue.get(RESULT)
  if (text === undefined) throw new ResultRefused(`${key} has no result in its footer: it is not one of our files`)
  const result: ItemResult = JSON.parse(text)
  checkFormat(result.format, key)
  return { result, size: head.size, rows: footer.rowGroups.reduce((sum, group) => sum + group.rows, 0) }
}

/** The result alone. */
export async function readResult(store: Store, key: string): Promise<ItemResult | undefined> {
  return (await readSilverResult(store, key))?.result
}
