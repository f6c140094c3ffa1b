import { inRange } from '../../base/at.ts'
import { ByteTable } from '../../parquet/pages/byte-table.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'
import { rowsByGroup } from '../static/groups.ts'

/** The keys by hash, and the rows of each key. See OpenDimension and SnapshotLayout. */
export interface KeyIndex {
  readonly slots: Int32Array
  readonly keys: { readonly column: number } | { readonly values: PlainValues }
  readonly rowsOf: { readonly starts: Int32Array; readonly list: Int32Array } | null
}

/** The index over a column that is the key itself: its dictionary is the table of keys. */
export function indexOfColumn(column: number, table: ByteTable, codes: Int32Array): KeyIndex {
  return { slots: taggedSlots(table), keys: { column }, rowsOf: rowLists(codes, table.count) }
}

/** The index over keys that were computed; `null` never matches. The bytes given are copied. */
export function indexOfKeys(keys: Iterable<Uint8Array | null>, rows: number): KeyIndex {
  const table = new ByteTable(null, 0)
  const entries = new Int32Array(rows)
  let row = 0
  for (const key of keys) entries[row++] = key ? table.intern(key, 0, key.length) : -1
  return { slots: taggedSlots(table), keys: { values: table.values() }, rowsOf: rowLists(entries, table.count) }
}

/** The bits of a slot that hold an entry + 1. */
export function slotBits(entries: number): number {
  return 32 - Math.clz32(entries)
}

/** The part of a hash that a slot holds: the upper bits, because the lower ones lead to the slot. */
export function tagOf(hash: number, bits: number): number {
  return bits >= 32 ? 0 : hash & (-1 << bits)
}

/** The table's slots, with part of each key's hash. */
function taggedSlots(table: ByteTable): Int32Array {
  const bits = slotBits(table.count)
  const { slots, hashes } = table.index()
  return slots.map(slot => (slot === 0 ? 0 : slot | tagOf(inRange(hashes[slot - 1]), bits)))
}

/** Rows by entry, in the order of the rows; null if row i is the only row of entry i. */
function rowLists(entries: Int32Array, count: number): KeyIndex['rowsOf'] {
  const rows = entries.length
  let same = count === rows
  for (let i = 0; i < rows && same; i++) same = entries[i] === i
  if (same) return null
  return rowsByGroup(entries, count)
}
