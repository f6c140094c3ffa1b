import { elementAt, inRange } from '../../base/at.ts'
import { silverPhysical } from '../../parquet/metadata/column-type.ts'
import { sparkTypeOf } from '../../parquet/metadata/nested-type.ts'
import { type CodedColumn, codeValues } from '../../parquet/pages/coded-column.ts'
import type { NestedWriter } from '../../parquet/pages/column-writer.ts'
import { NestedRows } from '../../parquet/pages/nested-rows.ts'

/** Adds `count` rows to a nested column whose values are not in a file: from codes of whole values, or NULLs. */
export function fillNestedCodes({ column, leaves }: NestedWriter, coded: CodedColumn | null, count: number): void {
  if (!coded) {
    for (const { chunk } of leaves) chunk.addNulls(count)
    return
  }
  const made = new NestedRows(column.node)
  const rowOf = new Map<number, number>()
  const type = sparkTypeOf(column.node)
  const value = codeValues(coded.dictionary, silverPhysical(type), type)
  for (const code of coded.codes) {
    if (code < 0 || rowOf.has(code)) continue
    rowOf.set(code, rowOf.size)
    made.add(value(code))
  }
  for (const [i, { page, entries, values }] of made.pages().entries()) {
    const { chunk } = elementAt(leaves, i)
    for (let row = 0; row < count; row++) {
      const at = rowOf.get(inRange(coded.codes[row]))
      if (at === undefined) chunk.addNulls(1)
      else chunk.add(page, null, elementAt(entries, at), elementAt(entries, at + 1), elementAt(values, at))
    }
  }
}
