import type { ObjectWriter } from '../../lake/store.ts'
import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import type { ByteTable } from '../../parquet/pages/byte-table.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { valueReader } from '../../parquet/pages/values.ts'
import { printType } from '../../sql/type-text.ts'
import { decimalOf, type SqlType } from '../../sql/types.ts'
import {
  ARROW_MAGIC,
  type Block,
  dictionaryMessage,
  footerBytes,
  padded,
  recordBatchMessage,
  schemaMessage,
} from './arrow.ts'
import type { KeyIndex } from './key-index.ts'
import { type Place, SNAPSHOT_FORMAT, type SnapshotLayout } from './snapshot.ts'

/** A column as it was gathered: a code for each row (-1 for NULL), and the values by code. */
export interface GatheredColumn {
  readonly name: string
  readonly type: SqlType
  readonly codes: Int32Array
  readonly table: ByteTable
}

/**
 * Writes the snapshot: an Arrow file with a dictionary for each column and one record batch of the codes. Behind the
 * end-of-stream marker, where Arrow's readers do not look, lies the index of the keys.
 */
export async function writeSnapshot(
  rows: number,
  columns: readonly GatheredColumn[],
  index: KeyIndex,
  keyType: SqlType,
  target: ObjectWriter,
): Promise<void> {
  let at = 0
  const write = async (bytes: Uint8Array) => {
    if (bytes.length === 0) return
    at += bytes.length
    await target.write(bytes)
  }
  /** Writes an array, padded to eight bytes, and says where it begins. */
  const place = async (array: Int32Array | Uint8Array): Promise<number> => {
    const start = at
    await write(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    await write(new Uint8Array(padded(array.byteLength) - array.byteLength))
    return start
  }

  await write(ARROW_MAGIC.slice())
  await write(schemaMessage(columns))
  const dictionaries: Block[] = []
  const values: { readonly starts: Place | null; readonly values: Place; readonly entries: number }[] = []
  for (const [id, column] of columns.entries()) {
    const plain = column.table.values()
    const buffers = arrowBuffers(column.type, plain)
    const lengths = buffers.map(buffer => buffer.byteLength)
    const body = lengths.reduce((sum, length) => sum + padded(length), 0)
    const message = dictionaryMessage(id, plain.count, [0, ...lengths], body)
    dictionaries.push({ offset: at, metadata: message.length, body })
    await write(message)
    const places: Place[] = []
    for (const buffer of buffers) places.push([await place(buffer), buffer.length])
    const [first, second] = places
    if (!first) throw new TypeError(`column ${column.name} has no values`)
    values.push({ starts: second ? first : null, values: second ?? first, entries: plain.count })
  }

  const validity = columns.map(({ codes }) => validityBitmap(codes))
  const lengths = columns.flatMap((_, i) => [validity[i]?.bits?.length ?? 0, rows * 4])
  const body = lengths.reduce((sum, length) => sum + padded(length), 0)
  const nodes = validity.map(({ nulls }) => [rows, nulls] as const)
  const batch = recordBatchMessage(rows, nodes, lengths, body)
  const batches = [{ offset: at, metadata: batch.length, body }]
  await write(batch)
  const codes: Place[] = []
  for (const [i, column] of columns.entries()) {
    await place(validity[i]?.bits ?? new Uint8Array(0))
    codes.push([await place(column.codes), rows])
  }
  await write(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0))

  const placed = async (array: Int32Array | Uint8Array): Promise<Place> => [await place(array), array.length]
  const layout: SnapshotLayout = {
    format: SNAPSHOT_FORMAT,
    rows,
    keyType: printType(keyType),
    columns: columns.map(({ name, type }, i) => {
      const [code, value] = [codes[i], values[i]]
      if (!code || !value) throw new TypeError(`column ${name} was not written`)
      return { name, type: printType(type), codes: code, ...value }
    }),
    slots: await placed(index.slots),
    keys: 'column' in index.keys ? index.keys : await placeKeys(index.keys.values, placed),
    rowsOf: index.rowsOf && { starts: await placed(index.rowsOf.starts), list: await placed(index.rowsOf.list) },
  }
  await write(footerBytes(columns, dictionaries, batches, { silversmith: JSON.stringify(layout) }))
}

async function placeKeys(
  keys: PlainValues,
  placed: (array: Int32Array | Uint8Array) => Promise<Place>,
): Promise<{ readonly values: Place; readonly starts: Place }> {
  if (keys.width !== null) throw new TypeError('keys are byte arrays')
  return { values: await placed(keys.bytes), starts: await placed(keys.starts) }
}

/** The buffers of a dictionary's values in Arrow's layout, without the validity bitmap. */
function arrowBuffers(type: SqlType, plain: PlainValues): (Int32Array | Uint8Array)[] {
  if (plain.width === null) return [plain.starts, plain.bytes]
  const { bytes, count } = plain
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type === 'boolean') {
    const bits = new Uint8Array((count + 7) >> 3)
    for (let i = 0; i < count; i++) bits[i >>> 3] = (bits[i >>> 3] ?? 0) | ((bytes[i] ?? 0) << (i & 7))
    return [bits]
  }
  if (type === 'tinyint' || type === 'smallint') {
    const width = type === 'tinyint' ? 1 : 2
    const out = new Uint8Array(count * width)
    for (let i = 0; i < count; i++) out.set(bytes.subarray(i * 4, i * 4 + width), i * width)
    return [out]
  }
  if (decimalOf(type)) {
    const read = valueReader(silverPhysical(type), type)
    const out = new DataView(new ArrayBuffer(count * 16))
    for (let i = 0; i < count; i++) {
      const value = BigInt(read(plain, i) as bigint) // a decimal's Value
      out.setBigInt64(i * 16, BigInt.asIntN(64, value), true)
      out.setBigInt64(i * 16 + 8, value >> 64n, true)
    }
    return [new Uint8Array(out.buffer)]
  }
  return [new Uint8Array(view.buffer, view.byteOffset, view.byteLength)]
}

function validityBitmap(codes: Int32Array): { readonly bits: Uint8Array | null; readonly nulls: number } {
  let nulls = 0
  for (let i = 0; i < codes.length; i++) if ((codes[i] ?? 0) < 0) nulls++
  if (nulls === 0) return { bits: null, nulls }
  const bits = new Uint8Array((codes.length + 7) >> 3)
  for (let i = 0; i < codes.length; i++) {
    if ((codes[i] ?? 0) >= 0) bits[i >>> 3] = (bits[i >>> 3] ?? 0) | (1 << (i & 7))
  }
  return { bits, nulls }
}
