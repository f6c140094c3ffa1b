import { inRange } from '../../base/at.ts'
import type { Value } from '../../sql/types.ts'
import { valueCodec } from '../../sql/value-bytes.ts'
import { physicalOf } from '../metadata/column-type.ts'
import { leavesOf } from '../metadata/footer.ts'
import { type NestedShape, shapeOf } from '../metadata/nested-shape.ts'
import { sparkTypeOf } from '../metadata/nested-type.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import { ByteTable } from './byte-table.ts'
import type { ChunkReader, Page } from './chunk-reader.ts'
import { type CodedColumn, codeValues } from './coded-column.ts'
import { valueReader } from './values.ts'

/**
 * Reads a nested column of `rows` rows by value: codes into a dictionary of the distinct values, as valueCodec writes them.
 * `readers` are those of its leaves, in order. Throws ParquetError if the leaves' levels contradict each other.
 */
export function readNested(column: SchemaNode, readers: readonly ChunkReader[], rows: number): CodedColumn {
  const leaves = leavesOf(column)
  const cursors = readers.map((reader, i) => new LeafCursor(reader, leaves[i] ?? column))
  const shape = shapeOf(column)
  const { encode } = valueCodec(sparkTypeOf(column))
  const table = new ByteTable(null, 0)
  const codes = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    const value = assemble(shape, cursors, 0)
    const bytes = value === null ? null : encode(value)
    codes[row] = bytes ? table.intern(bytes, 0, bytes.length) : -1
  }
  for (const cursor of cursors) cursor.end()
  return { codes, dictionary: table.values() }
}

/** The next value of a shape; its first entry in each leaf has this repetition level. */
function assemble(shape: NestedShape, cursors: readonly LeafCursor[], repetition: number): Value {
  const first = cursors[shape.firstLeaf]
  if (!first) throw new ParquetError('a nested column has a leaf too few')
  const { kind, optional, present } = shape
  if (optional && first.definition < present) return pass(shape, cursors, repetition, present - 1, null)
  if (kind === 'leaf') return first.take(repetition)
  if (kind === 'struct') return shape.fields.map(field => assemble(field, cursors, repetition))
  const { level, defined } = shape
  if (first.definition < defined) return pass(shape, cursors, repetition, defined - 1, [])
  const values: Value[] = []
  for (let at = repetition; values.length === 0 || first.repetition === level; at = level) {
    if (kind === 'array') values.push(assemble(shape.element, cursors, at))
    else values.push([assemble(shape.key, cursors, at), assemble(shape.value, cursors, at)])
  }
  return values
}

/** Takes the entry of each leaf that stands for a NULL or an empty list. */
function pass<T>(
  { firstLeaf, leaves }: NestedShape,
  cursors: readonly LeafCursor[],
  repetition: number,
  definition: number,
  value: T,
): T {
  for (let leaf = firstLeaf; leaf < firstLeaf + leaves; leaf++) cursors[leaf]?.pass(repetition, definition)
  return value
}

/** The entries of a leaf, one after the other. */
class LeafCursor {
  readonly #leaf: SchemaNode
  readonly #pages: Generator<Page>
  readonly #ofCode: (code: number) => Value
  readonly #ofPlain: ReturnType<typeof valueReader>
  #page: Page | null = null
  #entry = 0
  #value = 0
  /** The levels of the next entry; -1 if there is none. */
  repetition = -1
  definition = -1

  constructor(reader: ChunkReader, leaf: SchemaNode) {
    this.#leaf = leaf
    const physical = physicalOf(leaf.element)
    this.#ofPlain = valueReader(physical, physical.sql)
    let ofCode: ((code: number) => Value) | null = null
    this.#ofCode = code => {
      if (!reader.dictionary) throw this.#contradiction()
      ofCode ??= codeValues(reader.dictionary, physical, physical.sql)
      return ofCode(code)
    }
    this.#pages = reader.decoded()
    this.#look()
  }

  /** The value of the next entry, which has one. */
  take(repetition: number): Value {
    const page = this.#page
    if (!page || repetition !== this.repetition || this.definition !== this.#leaf.maxDefinition)
      throw this.#contradiction()
    const { values } = page
    const at = this.#value++
    const value = values.kind === 'plain' ? this.#ofPlain(values.plain, at) : this.#ofCode(inRange(values.codes[at]))
    this.#entry++
    this.#look()
    return value
  }

  /** Takes the next entry, which has no value. */
  pass(repetition: number, definition: number): void {
    if (repetition !== this.repetition || definition !== this.definition) throw this.#contradiction()
    this.#entry++
    this.#look()
  }

  end(): void {
    if (this.#page) throw new ParquetError(`column ${this.#leaf.element.name} has more rows than its row group`)
  }

  #look(): void {
    while (!this.#page || this.#entry >= this.#page.entries) {
      const next = this.#pages.next()
      this.#page = next.done ? null : next.value
      this.#entry = 0
      this.#value = 0
      if (!this.#page) {
        this.repetition = -1
        this.definition = -1
        return
      }
    }
    const { repetition, definition } = this.#page
    this.repetition = repetition ? inRange(repetition[this.#entry]) : 0
    this.definition = definition ? inRange(definition[this.#entry]) : this.#leaf.maxDefinition
  }

  #contradiction(): ParquetError {
    return new ParquetError(`column ${this.#leaf.element.name} has levels that contradict each other`)
  }
}
