import { type ByteRange, concat } from '../../base/bytes.ts'
import type { FileColumn } from '../../sql/types.ts'
import { isUnknown } from './column-type.ts'
import { withDictionaryHeaders } from './dictionary-header.ts'
import { MAGIC } from './format.ts'
import { sparkTypeOf } from './nested-type.ts'
import { ParquetError, reading } from './parquet-error.ts'
import { type ColumnChunk, type RowGroup, readRowGroup } from './row-group.ts'
import { isFlat, readSchemaElement, type SchemaElement, type SchemaNode, schemaTree } from './schema.ts'
import { THRIFT, ThriftReader } from './thrift-reader.ts'

/** What it takes to read a file. */
export interface ByteSource {
  readonly size: number
  read(range: ByteRange): Promise<Uint8Array>
}

/** A file's metadata. Statistics and other parts that are carried into another footer stay raw. */
export interface Footer {
  /** The root; its children are the file's columns. */
  readonly schema: SchemaNode
  readonly rows: number
  /** Those that have rows. */
  readonly rowGroups: readonly RowGroup[]
  readonly keyValue: ReadonlyMap<string, string>
  readonly createdBy: string
  /** Whether the file says which order the bounds of its statistics follow. */
  readonly hasColumnOrders: boolean
  /** Where the footer begins: the end of the file's body. */
  readonly bodyEnd: number
  /** Why the chunks of a leaf can't be read, by the leaf's index. */
  readonly faults: ReadonlyMap<number, string>
}

/** An open file: its footer, and its bytes, the last of which are in memory already. */
export interface OpenFile {
  readonly footer: Footer
  /** Reads a range; throws ParquetError where the file is shorter. */
  read(range: ByteRange): Promise<Uint8Array>
}

/** The bytes read first. Spark's footers of some 20 columns take 4 KiB a row group. */
const TAIL = 64 << 10
/** No writer makes a larger footer; reading one would take many times its size in memory. */
const MAX_FOOTER = 64 << 20
/** Rows and values of a row group are counted in 32 bits here; for those that are read, see checkRowLimit. */
const MAX_ROWS = 0x7fffffff

/**
 * Reads a file's footer with one ranged read, or two if it is larger than 64 KiB. Throws ParquetError with the reason:
 * not Parquet, cut short, forged, encrypted, or with an unknown codec or encoding. What the store throws passes through.
 */
export async function readFooter(source: ByteSource): Promise<Footer> {
  const { footer } = await openFile(source)
  return footer
}

/**
 * The top-level columns with the types that Spark reads them as. A column that can't be read says why, so that it does not
 * stop a query that does not need it.
 */
export function columnsOf({ schema, faults }: Footer): FileColumn[] {
  return schema.children.map(node => {
    const { name } = node.element
    const leaves = leavesOf(node)
    const fault = leaves.map(({ firstLeaf }) => faults.get(firstLeaf)).find(each => each !== undefined)
    if (fault !== undefined) return { name, type: null, fault }
    try {
      const type = sparkTypeOf(node)
      const isEmpty = leaves.every(({ element }) => isUnknown(element))
      return isEmpty ? { name, type: null, fault: null } : { name, type }
    } catch (error) {
      if (!(error instanceof ParquetError)) throw error
      return { name, type: null, fault: error.message }
    }
  })
}

/**
 * Opens a file by reading its last `tail` bytes: all of them for a small file. They are kept, so that they need not be read
 * again, unless `keeps` is false. Throws like readFooter.
 */
export async function openFile(source: ByteSource, tail: number = TAIL, keeps = true): Promise<OpenFile> {
  const { footer, read } = await open(source, tail)
  return { footer, read: keeps ? read : range => exact(source, range) }
}

async function open(source: ByteSource, tail: number): Promise<OpenFile> {
  const { size } = source
  if (size < 12) throw new ParquetError(`not a Parquet file: it has ${size} ${size === 1 ? 'byte' : 'bytes'}`)
  let start = Math.max(0, size - tail)
  let bytes = await exact(source, { start, end: size })
  const length = footerLength(bytes)
  // The first bytes of a large file are not worth a request of their own; other readers don't look at them either.
  if (start === 0 && MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new ParquetError('not a Parquet file: it does not begin with PAR1')
  }
  if (length === 0 || length > size - 12) {
    throw new ParquetError(`not a whole Parquet file: its footer of ${length} bytes does not fit into ${size} bytes`)
  }
  if (length > MAX_FOOTER) throw new ParquetError(`the footer has ${length} bytes, the most read here is ${MAX_FOOTER}`)
  const bodyEnd = size - 8 - length
  if (bodyEnd < start) {
    bytes = concat([await exact(source, { start: bodyEnd, end: start }), bytes])
    start = bodyEnd
  }
  const footer = reading('the footer', () => parseFooter(bytes, bodyEnd - start, bytes.length - 8, bodyEnd))
  return {
    footer,
    async read(range) {
      if (range.start >= start && range.end <= size) return bytes.subarray(range.start - start, range.end - start)
      return await exact(source, range)
    },
  }
}

/** Parses the FileMetaData struct from `start` to before `end` of the bytes. */
function parseFooter(bytes: Uint8Array, start: number, end: number, bodyEnd: number): Footer {
  const reader = new ThriftReader(bytes, start, end)
  const elements: SchemaElement[] = []
  const groups: RowGroup[] = []
  const keyValue = new Map<string, string>()
  let rows = -1
  let createdBy = ''
  let hasColumnOrders = false
  reader.struct((id, type) => {
    if (id === 2 && type === THRIFT.LIST) reader.list(THRIFT.STRUCT, () => elements.push(readSchemaElement(reader)))
    else if (id === 3 && type === THRIFT.I64) rows = reader.i64()
    else if (id === 4 && type === THRIFT.LIST) reader.list(THRIFT.STRUCT, () => groups.push(readRowGroup(reader)))
    else if (id === 5 && type === THRIFT.LIST) reader.list(THRIFT.STRUCT, () => readKeyValue(reader, keyValue))
    else if (id === 6 && type === THRIFT.BINARY) createdBy = reader.string()
    else if (id === 7 && type === THRIFT.LIST) {
      hasColumnOrders = true
      return false
    } else if (id === 8 || id === 9) throw new ParquetError('the file is encrypted')
    else return false
    return true
  })
  const schema = schemaTree(elements)
  if (rows < 0) throw new ParquetError('the footer has no row count')
  if (schema.leaves === 0) throw new ParquetError('the file has no columns')
  const rowGroups = withDictionaryHeaders(groups.filter(isFilled), createdBy, bodyEnd)
  const faults = checkRowGroups(rowGroups, schema, rows, bodyEnd)
  return { schema, rows: sumOf(groups), rowGroups, keyValue, createdBy, hasColumnOrders, bodyEnd, faults }
}

/** Writers leave out the offsets of a row group without rows, and there is nothing to read in it. */
function isFilled({ rows, columns }: RowGroup): boolean {
  return rows !== 0 || columns.some(({ values }) => values !== 0)
}

/**
 * Checks all that later code takes for granted about counts and offsets. Returns why chunks can't be read, by leaf; throws
 * ParquetError for what concerns the whole file.
 */
function checkRowGroups(
  groups: readonly RowGroup[],
  schema: SchemaNode,
  rows: number,
  bodyEnd: number,
): Map<number, string> {
  const faults = new Map<number, string>()
  const sum = sumOf(groups)
  const leaves = leavesOf(schema)
  for (const group of groups) {
    if (group.rows < 0 || group.rows > MAX_ROWS) throw new ParquetError(`a row group claims ${group.rows} rows`)
    if (group.columns.length !== leaves.length) {
      throw new ParquetError(`a row group has ${group.columns.length} columns, the schema has ${leaves.length}`)
    }
    for (const leaf of leaves) {
      const chunk = group.columns[leaf.firstLeaf]
      const fault = chunk && chunkFault(chunk, leaf, group, bodyEnd)
      if (fault && !faults.has(leaf.firstLeaf)) faults.set(leaf.firstLeaf, `column ${leaf.element.name} ${fault}`)
    }
  }
  // some writers leave the footer's count at 0, and readers go by the row groups
  if (rows !== 0 && sum !== rows) throw new ParquetError(`the footer counts ${rows} rows, the row groups ${sum}`)
  return faults
}

function sumOf(groups: readonly RowGroup[]): number {
  return groups.reduce((sum, { rows }) => sum + rows, 0)
}

function chunkFault(chunk: ColumnChunk, leaf: SchemaNode, { rows }: RowGroup, bodyEnd: number): string | null {
  if (chunk.fault !== null) return chunk.fault
  if (chunk.type !== leaf.element.type) return `is ${chunk.type} in a row group`
  if (chunk.start < 4 || chunk.compressed < 0 || chunk.end > bodyEnd) return "lies outside of the file's body"
  if (chunk.values < 0 || chunk.values > MAX_ROWS) return `claims ${chunk.values} values`
  if (isFlat(leaf) && chunk.values !== rows) return `has ${chunk.values} values in a row group of ${rows} rows`
  return null
}

/** The leaves of a schema, in the order of the column chunks. */
export function leavesOf(node: SchemaNode): SchemaNode[] {
  return node.element.type !== null ? [node] : node.children.flatMap(leavesOf)
}

function footerLength(bytes: Uint8Array): number {
  const end = bytes.subarray(bytes.length - 4)
  if (end[0] === 0x50 && end[1] === 0x41 && end[2] === 0x52 && end[3] === 0x45) {
    throw new ParquetError('the file is encrypted (its footer too)')
  }
  if (MAGIC.some((byte, i) => end[i] !== byte)) {
    throw new ParquetError(`not a Parquet file: it does not end in PAR1${textLike(bytes)}`)
  }
  return new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 4).getUint32(0, true)
}

/** How many bytes of a file's end show whether it is text. */
const SAMPLE = 256

/** What a file that ends in text seems to be, whatever its name says; '' for one that does not. */
function textLike(bytes: Uint8Array): string {
  const end = bytes.subarray(-SAMPLE)
  if (!end.every(byte => byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte !== 0x7f))) return ''
  const isJson = /[}\]]\s*$/.test(new TextDecoder().decode(end))
  return `, and looks like ${isJson ? 'JSON' : 'text, such as CSV'}`
}

function readKeyValue(reader: ThriftReader, keyValue: Map<string, string>): void {
  let key = ''
  let value = ''
  reader.struct((id, type) => {
    if (type !== THRIFT.BINARY) return false
    if (id === 1) key = reader.string()
    else if (id === 2) value = reader.string()
    else return false
    return true
  })
  keyValue.set(key, value)
}

async function exact(source: ByteSource, range: ByteRange): Promise<Uint8Array> {
  const bytes = await source.read(range)
  const wanted = range.end - range.start
  if (bytes.length !== wanted) throw new ParquetError(`cut short: ${bytes.length} bytes in place of ${wanted}`)
  return bytes
}
