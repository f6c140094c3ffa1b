import { CODECS, type CodecName, PHYSICAL_TYPES, type PhysicalType } from './format.ts'
import { fieldJson, sparkTypeOf } from './nested-type.ts'
import type { Section, SortingColumn } from './row-group.ts'
import { elementsOf, leafPaths, type SilverColumn, writeElement } from './silver-column.ts'
import { THRIFT } from './thrift-reader.ts'
import { encodeStruct, type ThriftWriter } from './thrift-writer.ts'

/** A column chunk in the file. Offsets count from the file's first byte. */
export interface ChunkFooter {
  readonly type: PhysicalType
  readonly codec: CodecName
  readonly encodings: readonly number[]
  readonly values: number
  readonly uncompressed: number
  readonly compressed: number
  readonly dictionaryPage: number | null
  readonly dataPage: number
  /** A Statistics struct. */
  readonly statistics: Uint8Array | undefined
  /** PageEncodingStats: raw, as they were read, or to be encoded. */
  readonly encodingStats:
    | Uint8Array
    | readonly { readonly page: number; readonly encoding: number; readonly count: number }[]
    | undefined
  /** A SizeStatistics struct. */
  readonly sizeStatistics: Uint8Array | undefined
  readonly bloomFilter: { readonly offset: number; readonly length: number | undefined } | undefined
  readonly columnIndex: Section | null
  readonly offsetIndex: Section | null
}

export interface RowGroupFooter {
  readonly rows: number
  readonly chunks: readonly ChunkFooter[]
  readonly sorting: readonly SortingColumn[]
}

export const CREATED_BY = 'silversmith version 0.2.0'

/** Under this key Spark keeps a file's schema, and reads only the columns that it names. */
export const SPARK_SCHEMA = 'org.apache.spark.sql.parquet.row.metadata'

/** Encodes a FileMetaData struct (parquet.thrift). Spark's schema of the columns is added to the key-value metadata. */
export function encodeFooter(
  columns: readonly SilverColumn[],
  rowGroups: readonly RowGroupFooter[],
  keyValue: Readonly<Record<string, string>>,
): Uint8Array {
  const paths = columns.flatMap(leafPaths)
  const elements = columns.flatMap(elementsOf)
  return encodeStruct(thrift => {
    thrift.i32(1, 1)
    thrift.structs(2, [null, ...elements], element => {
      if (element) writeElement(thrift, element)
      else {
        thrift.string(4, 'spark_schema')
        thrift.i32(5, columns.length)
      }
    })
    thrift.i64(3, sumOf(rowGroups, 'rows'))
    thrift.structs(4, rowGroups, (group, ordinal) => writeRowGroup(thrift, group, ordinal, paths))
    thrift.structs(5, Object.entries({ [SPARK_SCHEMA]: sparkSchema(columns), ...keyValue }), ([key, value]) => {
      thrift.string(1, key)
      thrift.string(2, value)
    })
    thrift.string(6, CREATED_BY)
    // TypeDefinedOrder for each leaf: without it readers don't trust min_value and max_value.
    thrift.structs(7, paths, () => thrift.struct(1, () => {}))
  })
}

function writeRowGroup(
  thrift: ThriftWriter,
  { rows, chunks, sorting }: RowGroupFooter,
  ordinal: number,
  paths: readonly (readonly string[])[],
): void {
  const first = chunks[0]
  thrift.structs(1, chunks, (chunk, leaf) => writeChunk(thrift, chunk, paths[leaf] ?? []))
  thrift.i64(2, sumOf(chunks, 'uncompressed'))
  thrift.i64(3, rows)
  if (sorting.length > 0) {
    thrift.structs(4, sorting, column => {
      thrift.i32(1, column.leaf)
      thrift.bool(2, column.descending)
      thrift.bool(3, column.nullsFirst)
    })
  }
  if (first) thrift.i64(5, first.dictionaryPage ?? first.dataPage)
  thrift.i64(6, sumOf(chunks, 'compressed'))
  if (ordinal < 0x8000) thrift.i16(7, ordinal)
}

function sumOf<Name extends string>(items: readonly Readonly<Record<Name, number>>[], name: Name): number {
  return items.reduce((sum, item) => sum + item[name], 0)
}

function writeChunk(thrift: ThriftWriter, chunk: ChunkFooter, path: readonly string[]): void {
  // Deprecated, and 0 says so (parquet.thrift, ColumnChunk.file_offset).
  thrift.i64(2, 0)
  thrift.struct(3, () => {
    thrift.i32(1, PHYSICAL_TYPES.indexOf(chunk.type))
    thrift.numbers(2, chunk.encodings)
    thrift.strings(3, path)
    thrift.i32(4, CODECS.indexOf(chunk.codec))
    thrift.i64(5, chunk.values)
    thrift.i64(6, chunk.uncompressed)
    thrift.i64(7, chunk.compressed)
    thrift.i64(9, chunk.dataPage)
    thrift.i64(11, chunk.dictionaryPage ?? undefined)
    thrift.raw(12, THRIFT.STRUCT, chunk.statistics)
    writeEncodingStats(thrift, chunk.encodingStats)
    thrift.i64(14, chunk.bloomFilter?.offset)
    thrift.i32(15, chunk.bloomFilter?.length)
    thrift.raw(16, THRIFT.STRUCT, chunk.sizeStatistics)
  })
  thrift.i64(4, chunk.offsetIndex?.offset)
  thrift.i32(5, chunk.offsetIndex?.length)
  thrift.i64(6, chunk.columnIndex?.offset)
  thrift.i32(7, chunk.columnIndex?.length)
}

function writeEncodingStats(thrift: ThriftWriter, stats: ChunkFooter['encodingStats']): void {
  if (stats === undefined) return
  if (stats instanceof Uint8Array) {
    thrift.raw(13, THRIFT.LIST, stats)
    return
  }
  thrift.structs(13, stats, ({ page, encoding, count }) => {
    thrift.i32(1, page)
    thrift.i32(2, encoding)
    thrift.i32(3, count)
  })
}

function sparkSchema(columns: readonly SilverColumn[]): string {
  const fields = columns.map(column =>
    column.kind === 'flat'
      ? fieldJson(column.name, column.physical.sql, column.optional)
      : fieldJson(column.name, sparkTypeOf(column.node), true),
  )
  return JSON.stringify({ type: 'struct', fields })
}
