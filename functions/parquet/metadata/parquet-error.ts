/**
 * The content of a Parquet file is bad, or of a kind that is not read here. The message is the reason that a commit
 * records for a quarantined file: it names structures, sizes and columns, but never a value.
 */
export class ParquetError extends Error {
  override readonly name = 'ParquetError'
}

/**
 * Runs code that reads hostile bytes. Reading past the end of a view (RangeError) means that the bytes are cut or forged,
 * so that becomes a ParquetError as well.
 */
export function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw new ParquetError(`${what} is corrupt: ${error.message}`, { cause: error })
    throw error
  }
}
