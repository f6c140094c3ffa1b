import { physicalOf } from '../metadata/column-type.ts'
import { leavesOf } from '../metadata/footer.ts'
import type { PhysicalType } from '../metadata/format.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import type { FlatColumn, NestedColumn, SilverColumn } from '../metadata/silver-column.ts'
import { ChunkWriter } from './chunk-writer.ts'
import type { Codecs } from './codecs.ts'
import { NestedChunkWriter } from './nested-writer.ts'
import type { WrittenChunk } from './page-writer.ts'

/** The writers of a column's chunks: one, or one for each leaf of a nested column. */
export type ColumnWriter = FlatWriter | NestedWriter

interface FlatWriter {
  readonly kind: 'flat'
  readonly column: FlatColumn
  readonly chunk: ChunkWriter
  readonly leaves: readonly Leaf[]
}

export interface NestedWriter {
  readonly kind: 'nested'
  readonly column: NestedColumn
  readonly leaves: readonly (Leaf & { readonly chunk: NestedChunkWriter })[]
}

interface Leaf {
  readonly type: PhysicalType
  readonly node: SchemaNode | null
  readonly chunk: {
    readonly rows: number
    readonly size: number
    take(): Uint8Array[]
    finish(): WrittenChunk
  }
}

export function newColumnWriter(column: SilverColumn, codecs: Codecs): ColumnWriter {
  if (column.kind === 'flat') {
    const chunk = new ChunkWriter(column.physical, column.optional, codecs)
    return { kind: 'flat', column, chunk, leaves: [{ type: column.physical.type, node: null, chunk }] }
  }
  const leaves = leavesOf(column.node).map(node => {
    return { type: physicalOf(node.element).type, node, chunk: new NestedChunkWriter(node, codecs) }
  })
  return { kind: 'nested', column, leaves }
}
