import { inRange } from '../../base/at.ts'
import { mapConcurrently } from '../../base/concurrently.ts'
import {
  isUnknown,
  type Physical,
  physicalOf,
  samePhysical,
  silverPhysical,
} from '../../parquet/metadata/column-type.ts'
import { type ByteSource, columnsOf, leavesOf, type OpenFile, openFile } from '../../parquet/metadata/footer.ts'
import { widthOf } from '../../parquet/metadata/format.ts'
import { sparkTypeOf } from '../../parquet/metadata/nested-type.ts'
import { ReadAhead } from '../../parquet/metadata/read-ahead.ts'
import { checkRowLimit } from '../../parquet/metadata/read-limits.ts'
import type { RowGroup } from '../../parquet/metadata/row-group.ts'
import { isFlat, type SchemaNode } from '../../parquet/metadata/schema.ts'
import { ByteTable } from '../../parquet/pages/byte-table.ts'
import { ChunkReader } from '../../parquet/pages/chunk-reader.ts'
import type { Codecs } from '../../parquet/pages/codecs.ts'
import { correctionOf } from '../../parquet/pages/corrected.ts'
import { readNested } from '../../parquet/pages/nested-reader.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { valueReader, valueWriter } from '../../parquet/pages/values.ts'
import { columnsByName, pathValue, widens } from '../../sql/schema/bind.ts'
import { type FileColumn, type SqlType, sameType } from '../../sql/types.ts'
import { blaming } from '../sources/file-fault.ts'
import type { OpenColumn } from './write-snapshot.ts'

/** Files opened at the same time. */
const AT_ONCE = 8
/** With more files than this, their ends are not kept in memory. */
const KEPT_FILES = 200

/** A file of a dimension, with the `key=value` segments of its path. */
export type DimensionFile = ByteSource & {
  readonly key: string
  readonly path?: Readonly<Record<string, string | null>>
}

/** Opens files for gathering. */
export async function openFiles(
  files: readonly DimensionFile[],
  codecs: Codecs,
): Promise<{ readonly opened: readonly OpenedFile[]; readonly rows: number }> {
  const keeps = files.length <= KEPT_FILES
  const ahead = new ReadAhead()
  const opened = await mapConcurrently(files, AT_ONCE, async file => {
    return await blaming(file.key, async () => {
      const open = await openFile(file, undefined, keeps)
      checkRowLimit(open.footer, codecs.limits)
      return { file, open: ahead.of(open), columns: columnsByName(columnsOf(open.footer)) }
    })
  })
  return { opened, rows: opened.reduce((sum, { open }) => sum + open.footer.rows, 0) }
}

export interface OpenedFile {
  readonly file: DimensionFile
  readonly open: OpenFile
  readonly columns: ReadonlyMap<string, FileColumn>
}

/** Adds the values of all files to columns, whose rows are NULL at first. */
export async function gatherAll(
  columns: readonly OpenColumn[],
  opened: readonly OpenedFile[],
  codecs: Codecs,
): Promise<void> {
  let row = 0
  for (const { file, open } of opened) {
    await blaming(file.key, async () => {
      for (const group of open.footer.rowGroups) {
        const part = { open, group, path: file.path ?? {}, row, codecs }
        for (const column of columns) await gather(column, part)
        row += group.rows
      }
    })
  }
}

export function newColumn(name: string, type: SqlType, rows: number): OpenColumn {
  const physical = silverPhysical(type)
  const table = new ByteTable(widthOf(physical.type, physical.typeLength), 0)
  return { name, type, physical, codes: new Int32Array(rows).fill(-1), table }
}

/** A row group of a file; `row` is the number of its first row among the rows of all files. */
interface Part {
  readonly open: OpenFile
  readonly group: RowGroup
  readonly path: Readonly<Record<string, string | null>>
  readonly row: number
  readonly codecs: Codecs
}

/** Adds the values of one row group to a column, whose rows are NULL at first. */
async function gather(column: OpenColumn, part: Part): Promise<void> {
  const { open, group, path, row, codecs } = part
  const wanted = column.name.toLowerCase()
  const segment = Object.entries(path).find(([name]) => name.toLowerCase() === wanted)?.[1]
  if (segment !== undefined) {
    const value = pathValue(segment, column.type) ?? null
    if (value === null) return
    const bytes = valueWriter(column.physical)(value)
    column.codes.fill(column.table.intern(bytes, 0, bytes.length), row, row + group.rows)
    return
  }
  const node = open.footer.schema.children.find(child => child.element.name.toLowerCase() === wanted)
  const chunk = node && group.columns[node.firstLeaf]
  if (!node || !chunk || isUnknown(node.element)) return
  if (!isFlat(node)) {
    if (sameType(sparkTypeOf(node), column.type)) await gatherNested(column, node, part)
    return
  }
  const bytes = await open.read(chunk)
  const physical = physicalOf(node.element)
  if (!widens(physical.sql, column.type)) return // path segments have this column too, and nobody needs it
  const reader = new ChunkReader(bytes, chunk, node, codecs, correctionOf(open.footer, node))
  let ofDictionary: ((index: number) => number) | null = null
  let at = row
  for (const { entries, definition, values } of reader.decoded()) {
    let codeOf: (index: number) => number
    if (values.kind === 'plain') codeOf = interning(column, values.plain, physical)
    else {
      ofDictionary ??= once(interning(column, reader.dictionary ?? NO_VALUES, physical), reader.dictionary?.count ?? 0)
      const { codes } = values
      const known = ofDictionary
      codeOf = index => known(inRange(codes[index]))
    }
    let next = 0
    for (let i = 0; i < entries; i++) if (!definition || definition[i] === 1) column.codes[at + i] = codeOf(next++)
    at += entries
  }
}

const NO_VALUES: PlainValues = { width: 0, count: 0, bytes: new Uint8Array(0) }

/** Calls a function once for each index. */
function once(call: (index: number) => number, count: number): (index: number) => number {
  const results = new Int32Array(count).fill(-1)
  return index => {
    const known = inRange(results[index])
    if (known >= 0) return known
    const result = call(index)
    results[index] = result
    return result
  }
}

/** Puts one of the values into the column's table, converted if the file holds it in another form. */
function interning(column: OpenColumn, values: PlainValues, physical: Physical): (index: number) => number {
  const { table } = column
  if (!samePhysical(physical, column.physical)) {
    const read = valueReader(physical, column.type)
    const write = valueWriter(column.physical)
    return index => {
      const bytes = write(read(values, index) ?? 0) // there is no NULL among PLAIN values
      return table.intern(bytes, 0, bytes.length)
    }
  }
  return index => table.internAt(values, index)
}

/** Adds the values of a nested column. All its leaves are in memory at the same time. */
async function gatherNested(column: OpenColumn, node: SchemaNode, { open, group, row, codecs }: Part): Promise<void> {
  const readers: ChunkReader[] = []
  for (const leaf of leavesOf(node)) {
    const chunk = group.columns[leaf.firstLeaf]
    if (!chunk) return
    const bytes = await open.read(chunk)
    readers.push(new ChunkReader(bytes, chunk, leaf, codecs, correctionOf(open.footer, leaf)))
  }
  const { codes, dictionary } = readNested(node, readers, group.rows)
  const codeOf = once(interning(column, dictionary, column.physical), dictionary.count)
  for (let i = 0; i < codes.length; i++) {
    const code = inRange(codes[i])
    if (code >= 0) column.codes[row + i] = codeOf(code)
  }
}
