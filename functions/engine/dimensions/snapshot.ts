import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { type ArrayPlace, type DictionaryLayout, readSnapshotLayout } from '../../protocol/dimension-snapshot.ts'
import { parseType } from '../../sql/type-text.ts'
import { keyFinder } from './find-keys.ts'
import type { DimensionColumn, OpenDimension } from './open-dimension.ts'

/**
 * Opens a snapshot in place: only the layout is parsed and nothing is copied, so it takes the same time for any number of
 * rows. Throws TypeError for bytes that are not a snapshot of this format.
 */
export function openSnapshot(snapshot: Uint8Array): OpenDimension {
  // Typed arrays need alignment.
  const bytes = snapshot.byteOffset % 8 === 0 ? snapshot : snapshot.slice()
  const { layout, start } = readSnapshotLayout(bytes)
  const int32 = ([offset, count]: ArrayPlace) => new Int32Array(bytes.buffer, bytes.byteOffset + start + offset, count)
  const raw = ([offset, count]: ArrayPlace) => bytes.subarray(start + offset, start + offset + count)
  const values = (dictionary: DictionaryLayout): PlainValues => {
    if (dictionary.width !== null) return { ...dictionary, bytes: raw(dictionary.bytes) }
    const starts = int32(dictionary.starts)
    return { width: null, prefix: 0, count: starts.length - 1, bytes: raw(dictionary.bytes), starts }
  }

  const columns = layout.columns.map(column => ({ ...column, type: parseType(column.type) }))
  const byName = new Map(columns.map(column => [column.name.toLowerCase(), column]))
  const opened = new Map<string, DimensionColumn>()
  const column = (name: string): DimensionColumn | null => {
    const wanted = name.toLowerCase()
    const known = opened.get(wanted)
    const found = byName.get(wanted)
    if (known || !found) return known ?? null
    const { type, codes, dictionary } = found
    const fresh = { type, codes: int32(codes), dictionary: values(dictionary), physical: silverPhysical(type) }
    opened.set(wanted, fresh)
    return fresh
  }

  const keys = 'column' in layout.keys ? layout.columns[layout.keys.column]?.dictionary : layout.keys
  if (keys?.width !== null) throw new TypeError('dimension snapshot has no keys')
  return {
    rows: layout.rows,
    columns: columns.map(({ name, type }) => ({ name, type })),
    ...keyFinder({ slots: int32(layout.slots), keys: raw(keys.bytes), starts: int32(keys.starts) }),
    rowsOf: layout.rowsOf && { starts: int32(layout.rowsOf.starts), list: int32(layout.rowsOf.list) },
    column,
  }
}
