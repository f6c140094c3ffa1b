import type { SchemaElement as TheirElement, LogicalType as TheirLogicalType } from 'hyparquet'
import { readColumn } from 'hyparquet/src/column.js'
import { DEFAULT_PARSERS } from 'hyparquet/src/convert.js'
import { type ByteSource, openFile } from '../metadata/footer.ts'
import { CODECS } from '../metadata/format.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import { checkRowLimit } from '../metadata/read-limits.ts'
import type { ColumnChunk } from '../metadata/row-group.ts'
import { isFlat, type LogicalType, type SchemaElement, type SchemaNode } from '../metadata/schema.ts'
import type { Codecs } from '../pages/codecs.ts'
import { checkChunk } from './check-chunk.ts'

/**
 * The values of flat columns, read by hyparquet, one array per column. This is the only way a file gets to hyparquet, since
 * anyone may have written its bytes: the footer is read here, and hyparquet gets the column chunks that checkChunk accepts,
 * one at a time. Throws ParquetError for what can't be read; what the source throws passes through.
 */
export async function readColumns(source: ByteSource, names: readonly string[], codecs: Codecs): Promise<unknown[][]> {
  const { footer, read } = await openFile(source)
  checkRowLimit(footer, codecs.limits)
  const columns: unknown[][] = []
  for (const name of names) {
    const leaf = footer.schema.children.find(({ element }) => element.name === name)
    if (!leaf) throw new ParquetError(`column ${name} is not there`)
    if (!isFlat(leaf)) throw new ParquetError(`column ${name} is nested`)
    const fault = footer.faults.get(leaf.firstLeaf)
    if (fault !== undefined) throw new ParquetError(fault)
    const values: unknown[] = []
    for (const group of footer.rowGroups) {
      const chunk = group.columns[leaf.firstLeaf]
      if (!chunk) throw new ParquetError(`column ${name} is not in every row group`)
      const bytes = await read(chunk)
      checkChunk(bytes, chunk, leaf, codecs)
      const before = values.length
      for (const part of valuesOf(bytes, chunk, leaf, codecs)) for (const value of part) values.push(value)
      if (values.length - before !== group.rows)
        throw new ParquetError(`column ${name} does not have a value for every row`)
    }
    columns.push(values)
  }
  return columns
}

function valuesOf(bytes: Uint8Array, chunk: ColumnChunk, leaf: SchemaNode, codecs: Codecs) {
  const { values: rows, type, codec } = chunk
  const element = theirElement(leaf.element)
  const node = { element, children: [], count: 1, path: [element.name] }
  const root = { element: { name: 'schema', num_children: 1 }, children: [node], count: 2, path: [] }
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  const select = { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows }
  const column = { pathInSchema: node.path, type, element, schemaPath: [root, node], codec, parsers: DEFAULT_PARSERS }
  try {
    return readColumn(reader, select, { ...column, compressors: compressorsOf(codecs) }).data
  } catch (error) {
    if (error instanceof ParquetError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ParquetError(`column ${element.name} can't be read: ${reason}`, { cause: error })
  }
}

function theirElement({ name, type, typeLength, repetition, converted, scale, precision, logical }: SchemaElement) {
  const element: TheirElement = { name, repetition_type: repetition, scale, precision, type_length: typeLength }
  if (type !== null) element.type = type
  if (converted !== null) element.converted_type = converted
  const known = logical && theirLogical(logical)
  if (known) element.logical_type = known
  return element
}

/** The logical types that hyparquet reads differently from their older form. */
function theirLogical(logical: LogicalType): TheirLogicalType | null {
  switch (logical.kind) {
    case 'timestamp':
      return { type: 'TIMESTAMP', isAdjustedToUTC: logical.utc, unit: UNITS[logical.unit] }
    case 'integer':
      return { type: 'INTEGER', bitWidth: logical.bits, isSigned: logical.signed }
    case 'uuid':
      return { type: 'UUID' }
    case 'float16':
      return { type: 'FLOAT16' }
    default:
      return null
  }
}

const UNITS = { millis: 'MILLIS', micros: 'MICROS', nanos: 'NANOS' } as const

/** Decompression that yields no more than a page says, and no more than the limits allow. */
function compressorsOf(codecs: Codecs) {
  return Object.fromEntries(
    CODECS.map(codec => [codec, (page: Uint8Array, length: number) => codecs.decompress(codec, page, length)]),
  )
}
