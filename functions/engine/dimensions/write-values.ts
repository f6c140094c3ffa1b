import type { ObjectWriter } from '../../lake/store.ts'
import { valueWriter } from '../../parquet/pages/values.ts'
import type { JoinKey } from '../../sql/compiled.ts'
import type { LiteralValue } from '../../sql/expr.ts'
import { decodeLiteral } from '../../sql/literal.ts'
import type { Column } from '../../sql/types.ts'
import { newColumn } from './gather-columns.ts'
import { keyIndex } from './index-keys.ts'
import { writeSnapshot } from './write-snapshot.ts'

/** Writes the snapshot of rows that the query itself contains. */
export async function writeValues(
  columns: readonly Column[],
  values: readonly (readonly LiteralValue[])[],
  keys: readonly JoinKey[],
  target: ObjectWriter,
): Promise<void> {
  const gathered = columns.map(({ name, type }, i) => {
    const column = newColumn(name, type, values.length)
    const write = valueWriter(column.physical)
    for (const [row, literals] of values.entries()) {
      const value = decodeLiteral({ op: 'literal', value: literals[i] ?? null, type })
      if (value === null) continue
      const bytes = write(value)
      column.codes[row] = column.table.intern(bytes, 0, bytes.length)
    }
    return column
  })
  await writeSnapshot(values.length, gathered, keyIndex(gathered, keys, values.length), keys, target)
}
