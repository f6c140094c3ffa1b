import { inRange } from '../../base/at.ts'
import { mapConcurrently } from '../../base/concurrently.ts'
import type { ObjectWriter } from '../../lake/store.ts'
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
import { codeValues } from '../../parquet/pages/coded-column.ts'
import { correctionOf } from '../../parquet/pages/corrected.ts'
import { readNested } from '../../parquet/pages/nested-reader.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { valueReader, valueWriter } from '../../parquet/pages/values.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import { columnsUsed, evaluator } from '../../sql/evaluate.ts'
import type { Expr } from '../../sql/expr.ts'
import { columnsByName, pathValue, widens, widest } from '../../sql/schema/bind.ts'
import { printType } from '../../sql/type-text.ts'
import { type Column, type FileColumn, isNested, type SqlType, sameType, type Value } from '../../sql/types.ts'
import { blaming, UnreadableFile } from '../sources/file-fault.ts'
import { isOwnKey, isSingle, keyOfParts } from './key-bytes.ts'
import { indexOfColumn, indexOfKeys, type KeyIndex } from './key-index.ts'
import { type GatheredColumn, writeSnapshot } from './write-snapshot.ts'

/** Files opened at the same time. */
const AT_ONCE = 8
/** The ends of more files than this are not kept in memory. */
const KEPT_FILES = 200

export interface SnapshotRequest {
  /** The files of the dimension; their columns are united by name. */
  readonly files: readonly (ByteSource & {
    readonly key: string
    readonly path?: Readonly<Record<string, string | null>>
  })[]
  /**
   * Columns of the dimension: those of path segments have their type from here, and of nested columns only these are
   * kept.
   */
  readonly view: readonly Column[]
  /** Those of the join. */
  readonly keys: readonly JoinKey[]
  /** Receives the snapshot up to its last byte; the caller closes it. */
  readonly target: ObjectWriter
  readonly codecs: Codecs
}

/**
 * Builds the dimension snapshot. One column chunk is in memory at a time, beside the distinct values of each column and
 * four bytes a row and column. Rows are in the order of the files.
 *
 * Throws UnreadableFile for a file that can't be read or whose types differ from those before; what the store throws
 * passes through.
 */
export async function buildSnapshot(request: SnapshotRequest): Promise<{ readonly rows: number }> {
  const { files, view, keys, target, codecs } = request
  const { opened, rows } = await openFiles(files, codecs)
  const read = keys.flatMap(({ right }) => columnsUsed(right))
  const columns = unite(opened, view, read).map(({ name, type }) => newColumn(name, type, rows))
  await gatherAll(columns, opened, codecs)
  await writeSnapshot(rows, columns, keyIndex(columns, keys, rows), keys, target)
  return { rows }
}

/** Opens files for gathering. */
export async function openFiles(
  files: SnapshotRequest['files'],
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

/** Adds the values of all files to columns whose rows are NULL so far. */
export async function gatherAll(
  columns: readonly OpenColumn[],
  opened: readonly OpenedFile[],
  codecs: Codecs,
): Promise<void> {
  let row = 0
  for (const { file, open } of opened) {
    await blaming(file.key, async () => {
      for (const group of open.footer.rowGroups) {
        for (const column of columns) await gather(column, open, group, file.path ?? {}, row, codecs)
        row += group.rows
      }
    })
  }
}

/** A column that is being gathered: of NULLs at first. */
export interface OpenColumn extends GatheredColumn {
  readonly physical: Physical
}

export function newColumn(name: string, type: SqlType, rows: number): OpenColumn {
  const physical = silverPhysical(type)
  const table = new ByteTable(widthOf(physical.type, physical.typeLength), 0)
  return { name, type, physical, codes: new Int32Array(rows).fill(-1), table }
}

export interface OpenedFile {
  readonly file: SnapshotRequest['files'][number]
  readonly open: OpenFile
  readonly columns: ReadonlyMap<string, FileColumn>
}

/**
 * The columns of all files, in the order in which they are first met, of the widest type, `key=value` segments last: a
 * segment goes before the file's own column, as in Spark. What can't be read in one of the files, or not together, is left
 * out: Plan has made sure that the query does not need it. Throws UnreadableFile where it is the key.
 */
export function unite(
  opened: readonly OpenedFile[],
  view: readonly Column[],
  key: readonly { readonly name: string }[],
): Column[] {
  const types = new Map(view.map(({ name, type }) => [name.toLowerCase(), type]))
  const segments = new Set(opened.flatMap(({ file }) => Object.keys(file.path ?? {}).map(name => name.toLowerCase())))
  const united = new Map<string, { readonly name: string; readonly type: SqlType | null }>()
  const unread = new Map<string, UnreadableFile>()
  for (const { file, columns } of opened) {
    for (const [lower, column] of columns) {
      const { name } = column
      const known = united.get(lower) ?? { name, type: null }
      if (segments.has(lower)) {
        united.set(lower, { name: known.name, type: types.get(lower) ?? 'string' })
        continue
      }
      const type = known.type && column.type ? widest(known.type, column.type) : (known.type ?? column.type)
      united.set(lower, { name: known.name, type })
      const fault = column.type === null ? column.fault : clash(name, column.type, known.type)
      if (fault !== null && !unread.has(lower)) unread.set(lower, new UnreadableFile(file.key, fault))
    }
  }
  for (const { file } of opened) {
    for (const name of Object.keys(file.path ?? {})) {
      const lower = name.toLowerCase()
      if (!united.has(lower)) united.set(lower, { name, type: types.get(lower) ?? 'string' })
    }
  }
  for (const { name } of key) {
    const fault = unread.get(name.toLowerCase())
    if (fault) throw fault
  }
  return [...united].flatMap(([lower, { name, type }]) => {
    if (!type || unread.has(lower)) return []
    return isNested(type) && !types.has(lower) ? [] : [{ name, type }]
  })
}

function clash(name: string, type: SqlType, known: SqlType | null): string | null {
  return known && !widest(known, type)
    ? `column ${name} is ${printType(type)} here and ${printType(known)} in the other files`
    : null
}

/** Adds one row group's values to a column, whose rows are NULL so far. */
async function gather(
  column: OpenColumn,
  open: OpenFile,
  group: RowGroup,
  path: Readonly<Record<string, string | null>>,
  row: number,
  codecs: Codecs,
): Promise<void> {
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
    if (sameType(sparkTypeOf(node), column.type)) await gatherNested(column, open, group, node, row, codecs)
    return
  }
  const bytes = await open.read({ start: chunk.start, end: chunk.end })
  const physical = physicalOf(node.element)
  if (!widens(physical.sql, column.type)) return // a column that segments name too, and nobody needs
  const reader = new ChunkReader(bytes, chunk, node, codecs, correctionOf(open.footer, node))
  let ofDictionary: ((index: number) => number) | null = null
  let at = row
  for (const raw of reader.pages()) {
    const { entries, definition, values } = reader.decode(raw)
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

/** Puts one of the values into the column's table, converted where the file holds it in another form. */
function interning(column: OpenColumn, values: PlainValues, physical: Physical): (index: number) => number {
  const { table } = column
  if (!samePhysical(physical, column.physical)) {
    const read = valueReader(physical, column.type)
    const write = valueWriter(column.physical)
    return index => {
      const bytes = write(read(values, index) ?? 0) // PLAIN values have no NULL among them
      return table.intern(bytes, 0, bytes.length)
    }
  }
  const { bytes, width } = values
  if (width !== null) return index => table.intern(bytes, index * width, (index + 1) * width)
  const { starts, prefix } = values
  return index => table.intern(bytes, inRange(starts[index]) + prefix, inRange(starts[index + 1]))
}

/** A nested column's values, whose leaves are in memory at the same time. */
async function gatherNested(
  column: OpenColumn,
  open: OpenFile,
  group: RowGroup,
  node: SchemaNode,
  row: number,
  codecs: Codecs,
): Promise<void> {
  const readers: ChunkReader[] = []
  for (const leaf of leavesOf(node)) {
    const chunk = group.columns[leaf.firstLeaf]
    if (!chunk) return
    const bytes = await open.read({ start: chunk.start, end: chunk.end })
    readers.push(new ChunkReader(bytes, chunk, leaf, codecs, correctionOf(open.footer, leaf)))
  }
  const { codes, dictionary } = readNested(node, readers, group.rows)
  const codeOf = once(interning(column, dictionary, column.physical), dictionary.count)
  for (let i = 0; i < codes.length; i++) {
    const code = inRange(codes[i])
    if (code >= 0) column.codes[row + i] = codeOf(code)
  }
}

/** The index of the columns' rows by key. */
export function keyIndex(columns: readonly OpenColumn[], keys: readonly JoinKey[], rows: number): KeyIndex {
  const byName = (name: string) => columns.findIndex(column => column.name.toLowerCase() === name.toLowerCase())
  const [first] = keys
  const own = first && isSingle(keys) && first.right.op === 'column' ? byName(first.right.name) : -1
  const ownColumn = columns[own]
  if (first && ownColumn && sameType(ownColumn.type, first.type) && isOwnKey(first.type)) {
    return indexOfColumn(own, ownColumn.table, ownColumn.codes)
  }
  const parts = keys.map(({ right, type }) => {
    const read = columnsUsed(right)
    const cells = read.map(({ name }): ((row: number) => Value) => {
      const column = columns[byName(name)]
      if (!column) return () => null
      const value = codeValues(column.table.values(), column.physical, column.type)
      return row => value(inRange(column.codes[row]))
    })
    const evaluate = evaluator(castExpr(right, type), read)
    return (row: number) => evaluate(cells.map(cell => cell(row)))
  })
  const bytesOf = keyOfParts(keys)
  function* all(): Generator<Uint8Array | null> {
    for (let row = 0; row < rows; row++) yield bytesOf(parts.map(part => part(row)))
  }
  return indexOfKeys(all(), rows)
}

/** Both sides of a join are compared as its type. */
export function castExpr(expr: Expr, type: SqlType): Expr {
  return sameType(expr.type, type) ? expr : { op: 'call', name: 'cast', args: [expr], type }
}
