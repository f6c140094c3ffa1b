import { leavesOf } from '../metadata/footer.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import type { ChunkReader } from './chunk-reader.ts'
import type { CodedColumn } from './coded-column.ts'

/** The only value of a nested column that is read for its NULLs: TRUE. */
const TRUE = { width: 1, count: 1, bytes: Uint8Array.of(1) } as const

/** The leaf whose levels say where a nested column is NULL. */
export function levelsLeaf(node: SchemaNode): SchemaNode {
  const [leaf] = leavesOf(node)
  if (!leaf) throw new ParquetError(`column ${node.element.name} is a group without columns`)
  return leaf
}

/**
 * Where a nested column of `rows` rows is NULL: TRUE or NULL for each row, from the levels of its first leaf (`reader`). An
 * empty list is none.
 */
export function readNullness(reader: ChunkReader, node: SchemaNode, rows: number): CodedColumn {
  const codes = new Int32Array(rows)
  const isOptional = node.element.repetition === 'OPTIONAL'
  let row = 0
  for (const raw of reader.pages()) {
    const { entries, repetition, definition } = reader.decode(raw)
    for (let i = 0; i < entries; i++) {
      if (repetition && repetition[i] !== 0) {
        if (row === 0) throw new ParquetError(`column ${node.element.name} begins in the middle of a row`)
        continue
      }
      codes[row++] = isOptional && definition?.[i] === 0 ? -1 : 0
    }
  }
  if (row !== rows) {
    throw new ParquetError(`column ${node.element.name} has ${row} rows in a row group of ${rows}`)
  }
  return { codes, dictionary: TRUE }
}
