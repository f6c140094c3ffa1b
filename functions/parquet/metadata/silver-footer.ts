import { type ByteSource, readFooter } from './footer.ts'

/** What a silver file says of itself. */
export interface SilverFooter {
  /** The footer's key-value metadata. */
  readonly keyValue: ReadonlyMap<string, string>
  /** The rows of each row group. */
  readonly rowGroups: readonly number[]
  readonly rows: number
}

/** Reads a silver file's footer by ranged reads. Throws UnreadableFile for a file that is not whole. */
export async function readSilverFooter(source: ByteSource): Promise<SilverFooter> {
  const { keyValue, rowGroups, rows } = await readFooter(source)
  return { keyValue, rowGroups: rowGroups.map(group => group.rows), rows }
}
