import {
  type AsyncBuffer,
  cachedAsyncBuffer,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import type { RowFile } from '../../../functions/maintain/console/row-files.ts'
import type { RowSource } from './table/row-source.ts'

/** A file that is read in pieces, as its rows come into sight. */
interface OpenRows {
  readonly file: AsyncBuffer
  readonly metadata: FileMetaData
}

/** The Parquet files of a lake, one behind the other, as one table. A file whose rows are not known must be counted before. */
export class ParquetRows implements RowSource {
  readonly columns: readonly string[]
  readonly rows: number
  readonly #files: readonly RowFile[]
  /** The first row of each file. */
  readonly #starts: readonly number[]
  readonly #open = new Map<number, Promise<OpenRows>>()

  constructor(files: readonly RowFile[], columns: readonly string[]) {
    this.#files = files
    this.columns = columns
    const starts: number[] = []
    let rows = 0
    for (const file of files) {
      starts.push(rows)
      rows += file.rows ?? 0
    }
    this.#starts = starts
    this.rows = rows
  }

  async fetch(start: number, end: number): Promise<unknown[][]> {
    const rows: unknown[][] = []
    for (let i = this.#fileOf(start); i < this.#files.length; i++) {
      const first = this.#starts[i] ?? 0
      if (first >= end) break
      const [from, to] = [Math.max(0, start - first), Math.min(this.#files[i]?.rows ?? 0, end - first)]
      if (from >= to) continue
      const { file, metadata } = await this.#opened(i)
      const names = new Map(
        parquetSchema(metadata).children.map(({ element }) => [element.name.toLowerCase(), element.name]),
      )
      const known = this.columns.flatMap(name => names.get(name.toLowerCase()) ?? [])
      const range = { file, metadata, compressors, columns: known, rowStart: from, rowEnd: to, useOffsetIndex: true }
      for (const row of await parquetReadObjects(range)) {
        rows.push(this.columns.map(name => row[names.get(name.toLowerCase()) ?? ''] ?? null))
      }
    }
    return rows
  }

  /** The last file that begins at a row or before it. */
  #fileOf(row: number): number {
    let [low, high] = [0, this.#starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#starts[middle] ?? 0) <= row) low = middle
      else high = middle - 1
    }
    return Math.max(0, low)
  }

  #opened(i: number): Promise<OpenRows> {
    const file = this.#files[i]
    if (!file) throw new Error('there is no such row')
    const known = this.#open.get(i) ?? openRows(file)
    this.#open.set(i, known)
    return known
  }
}

async function openRows({ key, size }: Pick<RowFile, 'key' | 'size'>): Promise<OpenRows> {
  const href = `/files/${key.split('/').map(encodeURIComponent).join('/')}`
  const file = cachedAsyncBuffer({
    byteLength: size,
    slice: async (start, end = size) => {
      const response = await fetch(href, { headers: { range: `bytes=${start}-${end - 1}` } })
      if (!response.ok) throw new Error(`${key} can't be read: ${(await response.text()).trim()}`)
      return response.arrayBuffer()
    },
  })
  return { file, metadata: await parquetMetadataAsync(file) }
}

/** A file of whose rows the log knows nothing, with its number of rows and columns as far as it can be read. */
export async function openUnknown(
  file: RowFile,
): Promise<{ readonly file: RowFile; readonly columns: readonly string[] } | { readonly fault: string }> {
  try {
    const { metadata } = await openRows(file)
    const columns = parquetSchema(metadata).children.map(({ element }) => element.name)
    return { file: { ...file, rows: Number(metadata.num_rows) }, columns }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) }
  }
}
