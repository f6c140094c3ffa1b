import { elementAt } from '../../base/at.ts'
import { leavesOf } from '../../parquet/metadata/footer.ts'
import { PROLEPTIC } from '../../parquet/metadata/legacy-calendar.ts'
import { checkRowLimit } from '../../parquet/metadata/read-limits.ts'
import type { SilverColumn } from '../../parquet/metadata/silver-column.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import type { CodedColumn } from '../../parquet/pages/coded-column.ts'
import { newColumnWriter } from '../../parquet/pages/column-writer.ts'
import { type ByteSink, FileWriter } from '../../parquet/pages/file-writer.ts'
import type { CompiledQuery } from '../../sql/compiled.ts'
import { blaming } from '../sources/file-fault.ts'
import type { SourceFile } from '../sources/source-file.ts'
import { fillNestedCodes } from './fill-nested-codes.ts'
import { GatheredRows } from './gathered-rows.ts'
import {
  type Chunks,
  type FinishedChunk,
  finishChunks,
  MERGED_BYTES,
  MERGED_ROWS,
  placeChunks,
} from './row-group-writer.ts'
import { groupReaders } from './run.ts'
import { planSilver } from './silver-plan.ts'
import { openSources } from './source.ts'

/** Bytes before compression of the part of a column that is in memory at once, about. */
const ROOM = 256 << 20

/** Files that become one, with its rows in the order of a column. */
export interface SortRequest {
  /** Takes all columns as they are. */
  readonly query: CompiledQuery
  readonly sources: readonly SourceFile[]
  readonly silver: ByteSink
  /** Key-value metadata of the new file. */
  readonly metadata: Readonly<Record<string, string>>
  /** The number of the column in the query's output. It is not nested. */
  readonly by: number
}

/** How much is in memory at once, in bytes, and the most rows of a row group. */
export interface SortLimits {
  readonly room?: number
  readonly groupRows?: number
}

/**
 * Writes the rows of files into one in the order of a column, NULL first; rows that tie stay in the order of the files. Returns
 * the rows of each file. Where a column is larger than the room for it, the files are read again for each part of the new one.
 *
 * Closes no file. Throws UnreadableFile for a source that is bad; what the store throws passes through.
 */
export async function writeSorted(
  { query, sources: files, silver: target, metadata, by }: SortRequest,
  codecs: Codecs,
  { room = ROOM, groupRows = MERGED_ROWS }: SortLimits = {},
): Promise<readonly number[]> {
  const sources = await openSources(files, query)
  for (const { file, open } of sources) await blaming(file.key, async () => checkRowLimit(open.footer, codecs.limits))
  const planned = planSilver(query, sources)
  const columns = planned.map(({ column }) => column)
  const silver = new FileWriter(target, columns)
  const rows = new GatheredRows(sources.flatMap(source => [...groupReaders(source, codecs)]))
  const places = await rows.placesBy(elementAt(planned, by), elementAt(query.output, by).type)
  const leaf = columns.slice(0, by).reduce((sum, column) => sum + leavesIn(column), 0)
  const sorting = [{ leaf, descending: false, nullsFirst: true }]
  await silver.begin()
  for (const { from, to, groups } of partsOf(rows, room, groupRows)) {
    const finished: FinishedChunk[][] = groups.map(() => [])
    for (const each of planned) {
      const { codes, dictionary } = await rows.column(each, { places, from, to })
      for (const [i, group] of groups.entries()) {
        const some = { codes: codes.subarray(group.from - from, group.to - from), dictionary }
        finished[i]?.push(...finishColumn(each.column, some, codecs))
      }
    }
    for (const [i, group] of groups.entries()) {
      const chunks: Chunks = []
      await placeChunks(silver, elementAt(finished, i), codecs, chunks)
      silver.add({ rows: group.to - group.from, chunks, sorting })
    }
  }
  await silver.finish({ ...PROLEPTIC, ...metadata })
  return sources.map(({ open }) => open.footer.rows)
}

interface Range {
  readonly from: number
  readonly to: number
}

/** The new file in parts whose columns have room in memory, each in row groups. */
function partsOf(rows: GatheredRows, room: number, groupRows: number): (Range & { readonly groups: Range[] })[] {
  const { largest, all } = rows.sizes()
  const perGroup = Math.max(1, Math.min(groupRows, Math.floor((rows.count * MERGED_BYTES) / Math.max(all, 1))))
  const perPart = perGroup * Math.max(1, Math.floor((rows.count * room) / Math.max(largest, 1) / perGroup))
  return rangesOf({ from: 0, to: rows.count }, perPart).map(part => ({ ...part, groups: rangesOf(part, perGroup) }))
}

function rangesOf({ from, to }: Range, size: number): Range[] {
  const ranges: Range[] = []
  for (let at = from; at < to; at += size) ranges.push({ from: at, to: Math.min(to, at + size) })
  return ranges
}

function finishColumn(column: SilverColumn, coded: CodedColumn, codecs: Codecs): FinishedChunk[] {
  const writer = newColumnWriter(column, codecs)
  const { length } = coded.codes
  if (writer.kind === 'flat') writer.chunk.addCodes(coded.dictionary, coded.codes, null, length)
  else fillNestedCodes(writer, coded, length)
  return [...finishChunks(writer)]
}

function leavesIn(column: SilverColumn): number {
  return column.kind === 'flat' ? 1 : leavesOf(column.node).length
}
