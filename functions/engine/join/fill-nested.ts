import { elementAt, inRange } from '../../base/at.ts'
import { leavesOf } from '../../parquet/metadata/footer.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import type { SchemaNode } from '../../parquet/metadata/schema.ts'
import type { Page } from '../../parquet/pages/chunk-reader.ts'
import type { NestedWriter } from '../../parquet/pages/column-writer.ts'
import type { GroupReader } from './group-reader.ts'
import { reforms } from './nested-form.ts'
import type { JoinedRows } from './output-rows.ts'

/** Adds rows to a nested column from the node of a file that has it: for each leaf, the entries of the rows with their levels. */
export async function fillNested(
  { column, leaves: targets }: NestedWriter,
  node: SchemaNode | null,
  reader: GroupReader,
  { reviews, count }: JoinedRows,
): Promise<void> {
  const leaves = node ? leavesOf(node) : []
  const forms = node ? reforms(node, column.node) : []
  for (const [i, { chunk, node: target }] of targets.entries()) {
    const leaf = leaves[i]
    if (!leaf) {
      if (target?.maxDefinition === 0) throw new ParquetError('a nested column that is never NULL is missing')
      chunk.addNulls(count)
      continue
    }
    const pages = await reader.chunk(leaf)
    const form = forms[i] ?? null
    // How often each row is selected. A row's entries may continue in the next page.
    let at = 0
    let row = -1
    const timesOf = (): number => {
      if (!reviews) return 1
      let times = 0
      while (reviews[at] === row) {
        at++
        times++
      }
      return times
    }
    let times = 0
    for (const own of pages.decoded()) {
      const { repetition, definition, entries } = own
      checkLevels(own, leaf, row < 0)
      const page = form ? form.page(own) : own
      const dictionary = form ? form.dictionary(pages.dictionary) : pages.dictionary
      let value = 0
      for (let from = 0; from < entries; ) {
        let to = from
        let values = 0
        do {
          if (!definition || definition[to] === leaf.maxDefinition) values++
          to++
        } while (to < entries && repetition && repetition[to] !== 0)
        const continues = repetition !== null && repetition[from] !== 0
        if (!continues) {
          row++
          times = timesOf()
        } else if (from > 0 || row < 0 || times > 1) {
          // Only the first entries of a page can continue a row, and a row in two pages can't be written twice in order.
          throw new ParquetError(`column ${leaf.element.name} has a row in two pages`)
        }
        for (let k = 0; k < times; k++) chunk.add(page, dictionary, from, to, value)
        value += values
        from = to
      }
    }
    if (row + 1 !== reader.group.rows) {
      throw new ParquetError(`column ${leaf.element.name} has ${row + 1} rows in a row group of ${reader.group.rows}`)
    }
  }
}

/**
 * Checks that what continues a list is an element, and that the first entry of a chunk (`isFirst`: the first page) begins a
 * row, which is not so in a damaged page. Throws ParquetError.
 */
export function checkLevels(
  { repetition, definition, entries }: Page,
  { element, repeated }: SchemaNode,
  isFirst: boolean,
): void {
  if (!repetition) return
  if (isFirst && entries > 0 && inRange(repetition[0]) !== 0) {
    throw new ParquetError(`column ${element.name} begins in the middle of a row`)
  }
  if (!definition) return
  for (let i = 0; i < entries; i++) {
    const level = inRange(repetition[i])
    if (level > 0 && inRange(definition[i]) < elementAt(repeated, level - 1)) {
      throw new ParquetError(`column ${element.name} has levels that contradict each other`)
    }
  }
}
