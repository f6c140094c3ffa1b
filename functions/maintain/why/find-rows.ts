import { mapConcurrently } from '../../base/concurrently.ts'
import { ObjectMissing, SilversmithError } from '../../base/errors.ts'
import { blaming, SourceGone, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { parkedSource } from '../../engine/sources/open-source.ts'
import { isData } from '../../lake/keys.ts'
import type { ObjectInfo } from '../../lake/store.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'
import { readColumns } from '../../parquet/values/read-columns.ts'
import { columnNamed } from '../known-column.ts'
import type { ReadableLake } from '../readable-lake.ts'

/** A review, by its id and the column that holds it. */
export interface SoughtReview {
  readonly id: string
  readonly column: string
}

/** Where a review stands: a version of a bronze file, and the row in it from 0. */
export interface FoundRow {
  readonly file: ObjectInfo
  readonly row: number
}

/** A file that could not be searched, and why. */
export interface Unsearched {
  readonly key: string
  readonly reason: string
}

/** Why a file of ours can't be searched. Throws an error that is not about the file. */
export function reasonOf(error: unknown): string {
  if (error instanceof UnreadableFile) return error.reason
  if (error instanceof ObjectMissing) return 'it is gone'
  throw error
}

/** Files searched at once. */
const CONCURRENCY = 8

/** Finds the rows of an id in the review files under a prefix, which are given too. What the store throws passes through. */
export async function findRows(lake: ReadableLake, { prefix, column, id }: SoughtReview & { readonly prefix: string }) {
  const files: ObjectInfo[] = []
  const root = lake.layout.roots.reviews
  for await (const info of lake.store.list(prefix)) if (isData(info.key, root)) files.push(info)
  const unsearched: Unsearched[] = []
  const places = await mapConcurrently(files, CONCURRENCY, async (file): Promise<FoundRow[]> => {
    try {
      return (await rowsWith(lake, file, column, id)).map(row => ({ file, row }))
    } catch (error) {
      if (error instanceof SourceGone || error instanceof ObjectMissing) return [] // it went, or has changed, since it was listed
      if (error instanceof SilversmithError) throw error
      const reason =
        error instanceof UnreadableFile ? error.reason : error instanceof Error ? error.message : `${error}`
      unsearched.push({ key: file.key, reason })
      return []
    }
  })
  return { files, places: places.flat(), unsearched }
}

/** The rows of one version of a Parquet file, from 0, whose column, in whatever case, holds the id. Throws FileFault. */
export async function rowsWith(
  { store, codecs }: ReadableLake,
  file: ObjectInfo,
  column: string,
  id: string,
): Promise<number[]> {
  const source = parkedSource(store, file, [])
  const footer = await blaming(file.key, () => readFooter(source)) // says what is wrong with a file as a run does
  const spelt = columnNamed(columnsOf(footer), column) ?? column
  const [values = []] = await blaming(file.key, () => readColumns(source, [spelt], codecs))
  return values.flatMap((value, row) => (value !== null && value !== undefined && String(value) === id ? [row] : []))
}
