import { type Compressors, parquetMetadata, parquetReadObjects } from 'hyparquet'
import { type ByteSource, leavesOf, type OpenFile, openFile } from '../metadata/footer.ts'
import { CODECS } from '../metadata/format.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { checkRowLimit } from '../metadata/read-limits.ts'
import type { Codecs } from '../pages/codecs.ts'
import { checkChunk } from './check-chunk.ts'

export type Row = Readonly<Record<string, unknown>>

/**
 * The rows of a file by hyparquet, with those columns. This is the one way in which a file reaches hyparquet: its
 * bytes may be anybody's, so hyparquet gets the column chunks that checkChunk has passed, and nothing else. Holds the
 * chunks in memory. Throws ParquetError for what can't be read; what the source throws passes through.
 */
export async function readRows(source: ByteSource, columns: readonly string[], codecs: Codecs): Promise<Row[]> {
  const open = await openFile(source)
  const { rows, rowGroups, schema } = open.footer
  checkRowLimit(open.footer, codecs.limits)
  const metadata = await theirMetadata(source, open)
  const groups = metadata.row_groups.filter(({ num_rows }) => num_rows !== 0n)
  if (
    groups.length !== rowGroups.length ||
    groups.some(({ num_rows }, i) => num_rows !== BigInt(rowGroups[i]?.rows ?? -1))
  ) {
    throw new ParquetError('the file has row groups that readers understand differently')
  }
  const checked: { readonly start: number; readonly bytes: Uint8Array }[] = []
  for (const name of columns) {
    const node = schema.children.find(({ element }) => element.name === name)
    if (!node) throw new ParquetError(`column ${name} is not there`)
    for (const leaf of leavesOf(node)) {
      const fault = open.footer.faults.get(leaf.firstLeaf)
      if (fault !== undefined) throw new ParquetError(fault)
      for (const [i, group] of rowGroups.entries()) {
        const chunk = group.columns[leaf.firstLeaf]
        if (!chunk) throw new ParquetError(`column ${name} is not in each row group`)
        const bytes = await open.read(chunk)
        const theirs = groups[i]?.columns[leaf.firstLeaf]?.meta_data
        // hyparquet goes by the path that the chunk has, not by the schema's name
        if (theirs?.path_in_schema[0] !== name) throw new ParquetError(`column ${name} has another name in a row group`)
        checkChunk(bytes, chunk, leaf, theirs, codecs)
        checked.push({ start: chunk.start, bytes })
      }
    }
  }
  // hyparquet asks for neighbouring chunks at once; what lies between them stays zero
  const slice = (start: number, end = source.size): ArrayBuffer => {
    const bytes = new Uint8Array(end - start)
    for (const chunk of checked) {
      const from = Math.max(start, chunk.start)
      const to = Math.min(end, chunk.start + chunk.bytes.length)
      if (from < to) bytes.set(chunk.bytes.subarray(from - chunk.start, to - chunk.start), from - start)
    }
    return bytes.buffer
  }
  const file = { byteLength: source.size, slice }
  const read = await parquetReadObjects({ file, metadata, columns: [...columns], compressors: compressorsOf(codecs) })
  if (read.length !== rows) throw new ParquetError(`the file has ${rows} rows, of which ${read.length} can be read`)
  return read
}

/** hyparquet's own reading of a footer that has been read here before. */
async function theirMetadata({ size }: ByteSource, { footer, read }: OpenFile) {
  try {
    return parquetMetadata(await read({ start: footer.bodyEnd, end: size }), { geoparquet: false })
  } catch (error) {
    if (error instanceof ParquetError) throw error
    throw new ParquetError('the footer is corrupt', { cause: error })
  }
}

/** Decompression that yields no more than a page says, and no more than is read here. */
function compressorsOf(codecs: Codecs): Compressors {
  return Object.fromEntries(
    CODECS.map(codec => [codec, (page: Uint8Array, length: number) => codecs.decompress(codec, page, length)]),
  )
}
