import { printType } from '../../sql/type-text.ts'
import { decimalOf, type SqlType } from '../../sql/types.ts'
import { byte, type Field, FlatBuilder, int, long, offset, short } from './flatbuffer.ts'

/*
 * Arrow's IPC file format (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format): messages, each a
 * FlatBuffer with a body of aligned buffers, and a footer that says where they are. Written by hand because the format
 * is small and a library is larger than all the rest of the worker.
 */

export const ARROW_MAGIC = new TextEncoder().encode('ARROW1\0\0')
const V5 = 4

/** A column as the schema describes it: dictionary-encoded with int32 indexes. */
export interface ArrowColumn {
  readonly name: string
  readonly type: SqlType
}

/** Where a message lies in the file, for the footer. */
export interface Block {
  readonly offset: number
  readonly metadata: number
  readonly body: number
}

/** The framed metadata of the schema message. */
export function schemaMessage(columns: readonly ArrowColumn[]): Uint8Array {
  const builder = new FlatBuilder()
  return frame(builder, 1, schema(builder, columns), 0)
}

/** The framed metadata of a dictionary batch whose body has these buffers (without padding to 8 bytes). */
export function dictionaryMessage(id: number, rows: number, buffers: readonly number[], body: number): Uint8Array {
  const builder = new FlatBuilder()
  const data = recordBatch(builder, rows, [[rows, 0]], buffers)
  return frame(builder, 2, builder.table([long(id), offset(data)]), body)
}

/** The framed metadata of a record batch; `nodes` are [rows, nulls] of each column. */
export function recordBatchMessage(
  rows: number,
  nodes: readonly (readonly [number, number])[],
  buffers: readonly number[],
  body: number,
): Uint8Array {
  const builder = new FlatBuilder()
  return frame(builder, 3, recordBatch(builder, rows, nodes, buffers), body)
}

/** The footer with its length and magic. `metadata` is put into its custom metadata. */
export function footerBytes(
  columns: readonly ArrowColumn[],
  dictionaries: readonly Block[],
  batches: readonly Block[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const builder = new FlatBuilder()
  const blocks = (list: readonly Block[]) =>
    // The length of the metadata is an int32 with four bytes of padding, which reads the same as an int64.
    builder.longs(list.map(block => [block.offset, block.metadata, block.body]))
  const custom = keyValues(builder, metadata)
  const recordBatches = blocks(batches)
  const dictionaryBlocks = blocks(dictionaries)
  const schemaTable = schema(builder, columns)
  const root = builder.table([
    short(V5),
    offset(schemaTable),
    offset(dictionaryBlocks),
    offset(recordBatches),
    offset(custom),
  ])
  const flat = builder.finish(root)
  const bytes = new Uint8Array(flat.length + 10)
  bytes.set(flat)
  new DataView(bytes.buffer).setInt32(flat.length, flat.length, true)
  bytes.set(ARROW_MAGIC.subarray(0, 6), flat.length + 4)
  return bytes
}

/** Bytes with padding to a multiple of eight. */
export function padded(length: number): number {
  return Math.ceil(length / 8) * 8
}

function schema(builder: FlatBuilder, columns: readonly ArrowColumn[]): number {
  const fields = columns.map(({ name, type }, id) => {
    const arrow = arrowType(builder, type)
    const index = builder.table([int(32), byte(1)])
    const dictionary = builder.table([long(id), offset(index)])
    const metadata = keyValues(builder, { type: printType(type) })
    const children = builder.offsets([])
    return builder.table([
      offset(builder.string(name)),
      byte(1),
      byte(arrow.id),
      offset(arrow.table),
      offset(dictionary),
      offset(children),
      offset(metadata),
    ])
  })
  return builder.table([short(0), offset(builder.offsets(fields))])
}

/** The type's number in Arrow's union, and its table (Schema.fbs). */
function arrowType(builder: FlatBuilder, type: SqlType): { readonly id: number; readonly table: number } {
  const of = (id: number, fields: readonly Field[]) => ({ id, table: builder.table(fields) })
  switch (type) {
    case 'boolean':
      return of(6, [])
    case 'tinyint':
      return of(2, [int(8), byte(1)])
    case 'smallint':
      return of(2, [int(16), byte(1)])
    case 'int':
      return of(2, [int(32), byte(1)])
    case 'bigint':
      return of(2, [int(64), byte(1)])
    case 'float':
      return of(3, [short(1)])
    case 'double':
      return of(3, [short(2)])
    case 'binary':
      return of(4, [])
    case 'date':
      return of(8, [short(0)])
    case 'timestamp': {
      const zone = builder.string('UTC')
      return of(10, [short(2), offset(zone)])
    }
    default: {
      const decimal = decimalOf(type)
      return decimal ? of(7, [int(decimal.precision), int(decimal.scale), int(128)]) : of(5, [])
    }
  }
}

function recordBatch(
  builder: FlatBuilder,
  rows: number,
  nodes: readonly (readonly [number, number])[],
  buffers: readonly number[],
): number {
  let at = 0
  const placed = buffers.map(length => {
    const start = at
    at += padded(length)
    return [start, length] as const
  })
  const bufferVector = builder.longs(placed)
  const nodeVector = builder.longs(nodes)
  return builder.table([long(rows), offset(nodeVector), offset(bufferVector)])
}

function keyValues(builder: FlatBuilder, entries: Readonly<Record<string, string>>): number {
  return builder.offsets(
    Object.entries(entries).map(([key, value]) => {
      const valueAt = builder.string(value)
      return builder.table([offset(builder.string(key)), offset(valueAt)])
    }),
  )
}

/** A message with its continuation marker and length, padded so that the body behind it is aligned. */
function frame(builder: FlatBuilder, header: number, table: number, body: number): Uint8Array {
  const flat = builder.finish(builder.table([short(V5), byte(header), offset(table), long(body)]))
  const size = padded(flat.length)
  const bytes = new Uint8Array(8 + size)
  const view = new DataView(bytes.buffer)
  view.setInt32(0, -1, true)
  view.setInt32(4, size, true)
  bytes.set(flat, 8)
  return bytes
}
