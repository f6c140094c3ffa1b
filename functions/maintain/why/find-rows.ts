import { type AsyncBuffer, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { mapConcurrently } from '../../base/concurrently.ts'
import { ObjectMissing, SilversmithError } from '../../base/errors.ts'
import { blaming, SourceGone, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { parkedSource } from '../../engine/sources/open-source.ts'
import { isData } from '../../lake/keys.ts'
import type { ObjectInfo, Store } from '../../lake/store.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'

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

/** Files searched at once. */
const CONCURRENCY = 8

/** Finds the rows of an id in the review files under a prefix, which are given too. What the store throws passes through. */
export async function findRows(
  store: Store,
  {
    prefix,
    root,
    column,
    id,
  }: { readonly prefix: string; readonly root: string; readonly column: string; readonly id: string },
): Promise<{
  readonly files: readonly ObjectInfo[]
  readonly places: readonly FoundRow[]
  readonly unsearched: readonly Unsearched[]
}> {
  const files: ObjectInfo[] = []
  for await (const info of store.list(prefix)) if (isData(info.key, root)) files.push(info)
  const unsearched: Unsearched[] = []
  const places = await mapConcurrently(files, CONCURRENCY, async (file): Promise<FoundRow[]> => {
    try {
      return (await rowsWith(store, file, column, id)).map(row => ({ file, row }))
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
export async function rowsWith(store: Store, file: ObjectInfo, column: string, id: string): Promise<number[]> {
  const footer = await blaming(file.key, () => readFooter(parkedSource(store, file, []))) // says what is wrong with a file as a run does
  const spelt = columnsOf(footer).find(each => each.name.toLowerCase() === column.toLowerCase())?.name ?? column
  const values = await parquetReadObjects({ file: buffer(store, file), columns: [spelt], compressors })
  return values.flatMap((each, row) => {
    const value: unknown = each[spelt]
    return value !== null && value !== undefined && String(value) === id ? [row] : []
  })
}

function buffer(store: Store, { key, etag, size }: ObjectInfo): AsyncBuffer {
  return {
    byteLength: size,
    slice: async (start, end = size) => {
      const range = { start: start < 0 ? size + start : start, end }
      const bytes = await store.get(key, { range, ifMatch: etag })
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    },
  }
}
