import type { ColumnChunk, RowGroup } from './row-group.ts'

/** The most bytes that the header of a dictionary page takes; Arrow assumes the same. */
const MOST_HEADER = 100

/**
 * parquet-mr before 1.2.9 left the dictionary page's header out of a column chunk's sizes (PARQUET-816, IMPALA-694). Its
 * chunks lie side by side, so each ends where the next one begins, the last at the end of the body. Returns the row groups
 * with the right sizes; those of other writers as they are.
 */
export function withDictionaryHeaders(
  groups: readonly RowGroup[],
  createdBy: string,
  bodyEnd: number,
): readonly RowGroup[] {
  if (!omitsHeaders(createdBy)) return groups
  const starts = groups.flatMap(({ columns }) => columns.map(({ start }) => start)).sort((a, b) => a - b)
  const following = new Map(starts.map((start, i) => [start, starts[i + 1] ?? bodyEnd]))
  const whole = (chunk: ColumnChunk): ColumnChunk => {
    const gap = Math.min((following.get(chunk.start) ?? bodyEnd) - chunk.end, MOST_HEADER)
    if (!(gap > 0)) return chunk
    const { compressed, uncompressed, end } = chunk
    return { ...chunk, compressed: compressed + gap, uncompressed: uncompressed + gap, end: end + gap }
  }
  return groups.map(group => ({ ...group, columns: group.columns.map(whole) }))
}

/** `parquet-mr`, alone or with a version below 1.2.9. */
function omitsHeaders(createdBy: string): boolean {
  const [name, major, minor, patch] = /^parquet-mr(?: version (\d+)\.(\d+)\.(\d+))?/.exec(createdBy) ?? []
  if (name === undefined) return false
  if (major === undefined) return createdBy === name
  return Number(major) * 1e6 + Number(minor) * 1e3 + Number(patch) < 1_002_009
}
