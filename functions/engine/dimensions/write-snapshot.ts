import type { ObjectWriter } from '../../lake/store.ts'
import type { Physical } from '../../parquet/metadata/column-type.ts'
import type { ByteTable } from '../../parquet/pages/byte-table.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { type DictionaryLayout, SnapshotArrays, type SnapshotLayout } from '../../protocol/dimension-snapshot.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import { printType } from '../../sql/type-text.ts'
import type { SqlType } from '../../sql/types.ts'
import type { KeyIndex } from './key-index.ts'

/** A column that is gathered: a code for each row (-1 for NULL, as all are at first), and the values by code. */
export interface OpenColumn {
  readonly name: string
  readonly type: SqlType
  readonly physical: Physical
  readonly codes: Int32Array
  readonly table: ByteTable
}

/** Writes the snapshot: the columns' arrays as they are in memory, and the index of the keys. */
export async function writeSnapshot(
  rows: number,
  columns: readonly OpenColumn[],
  index: KeyIndex,
  keys: readonly JoinKey[],
  target: ObjectWriter,
): Promise<void> {
  const arrays = new SnapshotArrays()
  const { slots, rowsOf } = index
  const layout: SnapshotLayout = {
    rows,
    keyType: keys.map(({ type }) => printType(type)).join(', '),
    columns: columns.map(({ name, type, codes, table }) => ({
      name,
      type: printType(type),
      codes: arrays.add(codes),
      dictionary: addDictionary(arrays, table.values()),
    })),
    slots: arrays.add(slots),
    keys: 'column' in index.keys ? index.keys : addDictionary(arrays, index.keys.values),
    rowsOf: rowsOf && { starts: arrays.add(rowsOf.starts), list: arrays.add(rowsOf.list) },
    length: arrays.length,
  }
  for (const part of arrays.parts(layout)) await target.write(part)
}

function addDictionary(arrays: SnapshotArrays, values: PlainValues): DictionaryLayout {
  const bytes = arrays.add(values.bytes)
  if (values.width !== null) return { width: values.width, count: values.count, bytes }
  return { width: null, bytes, starts: arrays.add(values.starts) }
}
