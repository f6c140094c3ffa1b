import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { valueWriter } from '../../parquet/pages/values.ts'
import { parseType } from '../../sql/type-text.ts'
import { decimalOf, type SqlType } from '../../sql/types.ts'
import { ARROW_MAGIC } from './arrow.ts'
import type { CustomerColumn, Customers } from './customers.ts'
import { keyFinder } from './find-keys.ts'
import { fieldAt, follow, stringAt } from './flatbuffer.ts'

/** The form of the snapshot; a reader refuses any other. */
export const SNAPSHOT_FORMAT = 1

/** What the Arrow file's custom metadata says under `silversmith`: where each array lies, as [offset, count]. */
export interface SnapshotLayout {
  readonly format: number
  readonly rows: number
  readonly keyType: string
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly codes: Place
    readonly values: Place
    /** For strings and binaries: `values` is bytes then. */
    readonly starts: Place | null
    readonly entries: number
  }[]
  readonly slots: Place
  /** The keys: those of a column's dictionary, or of their own. */
  readonly keys: { readonly column: number } | { readonly values: Place; readonly starts: Place }
  readonly rowsOf: { readonly starts: Place; readonly list: Place } | null
}

export type Place = readonly [offset: number, count: number]

/**
 * Opens a snapshot in place: nothing is copied or parsed but the layout, so it takes the same time for any number of
 * customers. Throws TypeError for bytes that are no snapshot of this format.
 */
export function openSnapshot(snapshot: Uint8Array): Customers {
  // Typed arrays need alignment.
  const bytes = snapshot.byteOffset % 8 === 0 ? snapshot : snapshot.slice()
  const layout = readLayout(bytes)
  if (layout.format !== SNAPSHOT_FORMAT) throw new TypeError(`customers snapshot has format ${layout.format}`)
  const int32 = ([offset, count]: Place) => new Int32Array(bytes.buffer, bytes.byteOffset + offset, count)
  const raw = ([offset, count]: Place) => bytes.subarray(offset, offset + count)

  const columns = layout.columns.map(column => ({ ...column, type: parseType(column.type) }))
  const byName = new Map(columns.map(column => [column.name.toLowerCase(), column]))
  const opened = new Map<string, CustomerColumn>()
  const column = (name: string): CustomerColumn | null => {
    const wanted = name.toLowerCase()
    const known = opened.get(wanted)
    const found = byName.get(wanted)
    if (known || !found) return known ?? null
    const values = raw(found.values)
    const dictionary: PlainValues = found.starts
      ? { width: null, prefix: 0, count: found.entries, bytes: values, starts: int32(found.starts) }
      : fromArrow(found.type, values, found.entries)
    const { type } = found
    const fresh = { type, codes: int32(found.codes), dictionary, physical: silverPhysical(type) }
    opened.set(wanted, fresh)
    return fresh
  }

  const keyPlaces = 'column' in layout.keys ? layout.columns[layout.keys.column] : layout.keys
  if (!keyPlaces?.starts) throw new TypeError('customers snapshot has no keys')
  return {
    rows: layout.rows,
    columns: columns.map(({ name, type }) => ({ name, type })),
    keyType: parseType(layout.keyType),
    ...keyFinder({ slots: int32(layout.slots), keys: raw(keyPlaces.values), starts: int32(keyPlaces.starts) }),
    rowsOf: layout.rowsOf && { starts: int32(layout.rowsOf.starts), list: int32(layout.rowsOf.list) },
    column,
  }
}

/** Arrow's narrow integers, booleans and decimals in the form of a Parquet dictionary; all others are that already. */
function fromArrow(type: SqlType, values: Uint8Array, count: number): PlainValues {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength)
  if (type === 'boolean') {
    const bytes = new Uint8Array(count)
    for (let i = 0; i < count; i++) bytes[i] = ((values[i >>> 3] ?? 0) >>> (i & 7)) & 1
    return { width: 1, count, bytes }
  }
  if (type === 'tinyint' || type === 'smallint') {
    const wide = new Int32Array(count)
    for (let i = 0; i < count; i++) wide[i] = type === 'tinyint' ? view.getInt8(i) : view.getInt16(i * 2, true)
    return { width: 4, count, bytes: new Uint8Array(wide.buffer) }
  }
  if (decimalOf(type)) {
    const physical = silverPhysical(type)
    const write = valueWriter(physical)
    const width = physical.typeLength || (physical.type === 'INT32' ? 4 : 8)
    const bytes = new Uint8Array(count * width)
    for (let i = 0; i < count; i++) {
      const value = (view.getBigInt64(i * 16 + 8, true) << 64n) | view.getBigUint64(i * 16, true)
      bytes.set(write(value), i * width)
    }
    return { width, count, bytes }
  }
  return { width: count === 0 ? 0 : values.length / count, count, bytes: values }
}

function readLayout(bytes: Uint8Array): SnapshotLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.length - 10
  const magic = (at: number) => ARROW_MAGIC.subarray(0, 6).every((byte, i) => bytes[at + i] === byte)
  const length = end > 8 ? view.getInt32(end, true) : 0
  if (length <= 0 || length > end - 8 || !magic(0) || !magic(end + 4)) throw new TypeError('not a customers snapshot')
  const start = end - length
  const custom = fieldAt(view, start + view.getUint32(start, true), 4)
  if (custom !== null) {
    const vector = follow(view, custom)
    for (let i = 0; i < view.getUint32(vector, true); i++) {
      const entry = follow(view, vector + 4 + 4 * i)
      const key = fieldAt(view, entry, 0)
      const value = fieldAt(view, entry, 1)
      if (key !== null && value !== null && stringAt(view, key) === 'silversmith') {
        return JSON.parse(stringAt(view, value)) as SnapshotLayout // written by writeSnapshot, as its format says
      }
    }
  }
  throw new TypeError('an Arrow file that is not a customers snapshot')
}
