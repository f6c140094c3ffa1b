import { inRange } from '../../base/at.ts'
import { concat } from '../../base/bytes.ts'
import { isList, type Value } from '../../sql/types.ts'
import { physicalOf } from '../metadata/column-type.ts'
import { leavesOf } from '../metadata/footer.ts'
import { widthOf } from '../metadata/format.ts'
import { type NestedShape, shapeOf } from '../metadata/nested-shape.ts'
import { ParquetError } from '../metadata/parquet-error.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import type { Page } from './chunk-reader.ts'
import { valueWriter } from './values.ts'

/** Rows of a nested column as entries of its leaves, with their levels. */
export class NestedRows {
  readonly #name: string
  readonly #shape: NestedShape
  readonly #leaves: readonly LeafRows[]

  constructor(column: SchemaNode) {
    this.#name = column.element.name
    this.#shape = shapeOf(column)
    this.#leaves = leavesOf(column).map(leaf => new LeafRows(leaf))
  }

  /** Adds a row. Throws ParquetError for a NULL where the column does not allow it, such as the key of a map. */
  add(value: Value): void {
    for (const leaf of this.#leaves) leaf.begin()
    this.#write(this.#shape, value, 0)
  }

  /** For each leaf, a page with all rows, and where each row begins. */
  pages(): readonly NestedPage[] {
    return this.#leaves.map(leaf => leaf.page())
  }

  #write(shape: NestedShape, value: Value, repetition: number): void {
    if (value === null) {
      if (!shape.optional)
        throw new ParquetError(
          `column ${this.#name} has NULL where its type does not allow it, such as the key of a map`,
        )
      this.#mark(shape, repetition, shape.present - 1)
    } else if (shape.kind === 'leaf') this.#leaves[shape.firstLeaf]?.add(repetition, shape.present, value)
    else if (!isList(value)) throw new TypeError('a nested value is a list')
    else if (shape.kind === 'struct') {
      for (const [i, field] of shape.fields.entries()) this.#write(field, value[i] ?? null, repetition)
    } else if (value.length === 0) this.#mark(shape, repetition, shape.defined - 1)
    else {
      for (const [i, element] of value.entries()) {
        const at = i === 0 ? repetition : shape.level
        if (shape.kind === 'array') this.#write(shape.element, element, at)
        else {
          const [key = null, of = null] = isList(element) ? element : []
          this.#write(shape.key, key, at)
          this.#write(shape.value, of, at)
        }
      }
    }
  }

  /** Adds an entry without a value to each leaf. */
  #mark({ firstLeaf, leaves }: NestedShape, repetition: number, definition: number): void {
    for (const leaf of this.#leaves.slice(firstLeaf, firstLeaf + leaves)) leaf.add(repetition, definition, null)
  }
}

export interface NestedPage {
  readonly page: Page
  /** The entry and the value that each row begins with, and the ends. */
  readonly entries: readonly number[]
  readonly values: readonly number[]
}

class LeafRows {
  readonly #width: number | null
  readonly #write: ReturnType<typeof valueWriter>
  readonly #repetition: number[] = []
  readonly #definition: number[] = []
  readonly #values: Uint8Array[] = []
  readonly #entriesOf: number[] = []
  readonly #valuesOf: number[] = []

  constructor(leaf: SchemaNode) {
    const physical = physicalOf(leaf.element)
    this.#width = widthOf(physical.type, physical.typeLength)
    this.#write = valueWriter(physical)
  }

  begin(): void {
    this.#entriesOf.push(this.#definition.length)
    this.#valuesOf.push(this.#values.length)
  }

  add(repetition: number, definition: number, value: Value): void {
    this.#repetition.push(repetition)
    this.#definition.push(definition)
    if (value !== null) this.#values.push(this.#write(value).slice())
  }

  page(): NestedPage {
    const entries = this.#definition.length
    const bytes = concat(this.#values)
    const count = this.#values.length
    const starts = new Int32Array(count + 1)
    for (const [i, { length }] of this.#values.entries()) starts[i + 1] = inRange(starts[i]) + length
    const plain =
      this.#width === null
        ? ({ width: null, prefix: 0, count, bytes, starts } as const)
        : { width: this.#width, count, bytes }
    return {
      page: {
        entries,
        repetition: Uint8Array.from(this.#repetition),
        definition: Uint8Array.from(this.#definition),
        values: { kind: 'plain', count, plain },
      },
      entries: [...this.#entriesOf, entries],
      values: [...this.#valuesOf, count],
    }
  }
}
