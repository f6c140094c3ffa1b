import { physicalOf } from '../metadata/column-type.ts'
import type { Footer } from '../metadata/footer.ts'
import { isFlat } from '../metadata/schema.ts'
import { chunkStatistics } from './chunk-statistics.ts'

/** Whether each flat column, by name, is NULL in all rows of a file. False unless the statistics say so. */
export function nullColumns(footer: Footer): Map<string, boolean> {
  const found = new Map<string, boolean>()
  for (const node of footer.schema.children) {
    const { name } = node.element
    if (!isFlat(node) || footer.faults.has(node.firstLeaf)) continue
    const physical = physicalOf(node.element)
    const isNull = footer.rowGroups.every(group => {
      const chunk = group.columns[node.firstLeaf]
      return chunk && chunkStatistics(chunk, physical, physical.sql, footer, group.rows).nulls === group.rows
    })
    found.set(name, isNull)
  }
  return found
}
