import { mapConcurrently } from '../../base/concurrently.ts'
import { ResultRefused } from '../../base/errors.ts'
import { writeSilver } from '../../engine/join/silver.ts'
import { writeSorted } from '../../engine/join/sorted-silver.ts'
import { blaming, SourceGone, UnreadableFile } from '../../engine/sources/file-fault.ts'
import { bronzeSource, guardWriter } from '../../engine/sources/open-source.ts'
import type { SourceFile } from '../../engine/sources/source-file.ts'
import type { ObjectWriter, Store } from '../../lake/store.ts'
import { columnsOf, readFooter } from '../../parquet/metadata/footer.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { SilverFile } from '../../protocol/commit.ts'
import { type ItemResult, readSilverResult, resultMetadata, type SilverResult } from '../../protocol/result.ts'
import { compileQuery } from '../../sql/compile.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import { InvalidQuery } from '../../sql/invalid.ts'
import { unionSchemas } from '../../sql/schema/bind.ts'
import { isNested } from '../../sql/types.ts'

/** Footers read at once. */
const CONCURRENCY = 32

export interface PackableFile extends SourceFile {
  /** The rows that the log says it has. */
  readonly rows: number
}

/** Opens a batch's silver files below `folder`. Throws FileFault for one that is gone, or not as the log says. */
export async function openPackable(
  store: Store,
  folder: string,
  files: readonly SilverFile[],
): Promise<PackableFile[]> {
  return mapConcurrently(files, CONCURRENCY, async ({ key: name, size, rows }) => {
    const key = folder + name
    const info = await store.head(key)
    if (!info) throw new SourceGone(key, 'it is gone')
    if (info.size !== size) throw new UnreadableFile(key, `it has ${info.size} bytes, the log says ${size}`)
    const version = { ...info, modified: new Date(info.modified).toISOString() }
    return { ...bronzeSource(store, version, folder), rows }
  })
}

/** The query that takes the files of a batch as they are. Throws UnreadableFile for one that has other columns than the others. */
export async function takeAll(files: readonly PackableFile[], now: number): Promise<CompiledQuery> {
  const schemas = await mapConcurrently(files, CONCURRENCY, async file => {
    return { key: file.key, columns: columnsOf(await blaming(file.key, () => readFooter(file))), path: {} }
  })
  const { columns, misfits } = unionSchemas(schemas)
  const names = JSON.stringify(columns.map(({ name }) => name))
  const other = schemas.find(schema => JSON.stringify(schema.columns.map(({ name }) => name)) !== names)
  const misfit = misfits[0] ?? (other && { key: other.key, reason: 'it has other columns than the batch' })
  if (misfit) throw new UnreadableFile(misfit.key, misfit.reason)
  const reviews = { view: 'silver', columns }
  const customers = { view: 'none', columns: [] }
  try {
    return await compileQuery({ sql: 'SELECT * FROM silver', reviews, customers, now: BigInt(now) * 1000n })
  } catch (error) {
    // an earlier version let a column have a name that this one refuses
    if (!(error instanceof InvalidQuery)) throw error
    throw new UnreadableFile(files[0]?.key ?? '', `its columns can't be written again: ${error.message}`)
  }
}

/** What is packed into a file. */
export interface FilePacking {
  /** Takes all columns of the files. */
  readonly query: CompiledQuery
  readonly result: ItemResult
  /** The column by which the rows are sorted, where the files have it; they stay in their order if not given. */
  readonly sort?: string | undefined
}

/**
 * Writes the rows of silver files into one, with a result in its footer. Row groups are copied, small ones merged, unless rows
 * are sorted. Throws FileFault for a file that is gone, damaged, or has other rows than the log says.
 */
export async function packFiles(
  files: readonly PackableFile[],
  key: string,
  packing: FilePacking,
  { store, codecs }: { readonly store: Store; readonly codecs: Codecs },
): Promise<SilverResult> {
  const writer = store.writer(key, { ifNoneMatch: '*' })
  try {
    const counts = await writeRows(files, guardWriter(writer), packing, codecs)
    for (const [i, file] of files.entries()) {
      const written = counts[i] ?? 0
      if (written !== file.rows) throw new UnreadableFile(file.key, `it has ${written} rows, the log says ${file.rows}`)
    }
    await writer.close()
  } catch (error) {
    await writer.abort()
    throw error
  }
  const packed = await readSilverResult(store, key)
  const rows = files.reduce((sum, file) => sum + file.rows, 0)
  if (packed?.rows !== rows) throw new ResultRefused(`${key} holds ${packed?.rows ?? 'no'} rows, not ${rows}`)
  return packed
}

/** Writes the rows; returns those of each file. */
async function writeRows(
  sources: readonly PackableFile[],
  silver: ObjectWriter,
  { query, result, sort }: FilePacking,
  codecs: Codecs,
): Promise<readonly number[]> {
  const by = query.output.findIndex(({ name, type }) => name.toLowerCase() === sort?.toLowerCase() && !isNested(type))
  const metadata = resultMetadata(result)
  if (by >= 0) return await writeSorted({ query, sources, silver, metadata, by }, codecs)
  const request = { query, dimensions: [], sources, parked: null, silver, metadata: () => metadata }
  return (await writeSilver(request, codecs)).map(({ written }) => written)
}
