import type { Footer } from './footer.ts'
import { ParquetError } from './parquet-error.ts'

/**
 * The most that a worker reads, where the format sets no bound: with compression and runs, a few bytes unfold to any size.
 * Both are settings, and messages name them.
 */
export interface ReadLimits {
  /** Bytes of one page after decompression. A page is in memory as a whole. */
  readonly maxPageBytes: number
  /** Rows of a file, and values of a nested column, unless the file has at least a byte for every eight of them. */
  readonly maxFileRows: number
}

/** For a worker of 1.7 GB. */
export const READ_LIMITS: ReadLimits = { maxPageBytes: 256 << 20, maxFileRows: 1 << 25 }

/** Throws ParquetError for a file with too many rows: memory and time grow with the count, which may be forged. */
export function checkRowLimit({ rows, rowGroups, bodyEnd }: Footer, { maxFileRows }: ReadLimits): void {
  const most = Math.max(maxFileRows, 8 * bodyEnd)
  const claims = (count: number, what: string) => {
    if (count > most) {
      throw new ParquetError(`the file claims ${count} ${what} in ${bodyEnd} bytes; maxFileRows allows ${most}`)
    }
  }
  claims(rows, 'rows')
  for (const { columns } of rowGroups) for (const { values } of columns) claims(values, 'values of a column')
}

/** Throws ParquetError for a page that unfolds to too many bytes. */
export function checkPageLimit(bytes: number, { maxPageBytes }: ReadLimits): void {
  if (bytes > maxPageBytes) throw new ParquetError(`a page holds ${bytes} bytes; maxPageBytes allows ${maxPageBytes}`)
}
