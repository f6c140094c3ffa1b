import { inRange } from '../../base/at.ts'
import { grown } from '../../base/bytes.ts'
import { type Physical, physicalOf } from '../metadata/column-type.ts'
import { ENCODING } from '../metadata/format.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import { Bounds } from './bounds.ts'
import type { Page } from './chunk-reader.ts'
import type { Codecs } from './codecs.ts'
import { LEVELS_ROOM, PageWriter, type WrittenChunk } from './page-writer.ts'
import { type PlainValues, valueBytes } from './plain-values.ts'

const PAGE_BYTES = 1 << 20
const PAGE_ENTRIES = 1 << 18

/**
 * Writes one leaf of a nested column: whole rows with their repetition and definition levels, and PLAIN values. It serves
 * row groups that are not copied: those that lose rows, are merged or parked, and values that are computed.
 */
export class NestedChunkWriter {
  readonly #leaf: SchemaNode
  readonly #physical: Physical
  readonly #pages: PageWriter
  #definition = new Uint8Array(1024)
  #repetition = new Uint8Array(1024)
  #entries = 0
  #rows = 0
  #allRows = 0
  #nulls = 0
  #values = new Uint8Array(LEVELS_ROOM + 4096)
  #end = LEVELS_ROOM
  #bits = 0
  #bounds: Bounds

  constructor(leaf: SchemaNode, codecs: Codecs) {
    this.#leaf = leaf
    this.#physical = physicalOf(leaf.element)
    this.#pages = new PageWriter(this.#physical, leaf.maxDefinition, leaf.maxRepetition, codecs)
    this.#bounds = new Bounds(this.#physical)
  }

  get rows(): number {
    return this.#allRows
  }

  get size(): number {
    return this.#pages.compressed + this.#end
  }

  /** Adds entries `from` to before `to` of a page; their first value is number `value` of the page's values. */
  add(page: Page, dictionary: PlainValues | null, from: number, to: number, value: number): void {
    const { values } = page
    let next = value
    for (let i = from; i < to; i++) {
      const repetition = page.repetition ? inRange(page.repetition[i]) : 0
      const definition = page.definition ? inRange(page.definition[i]) : this.#leaf.maxDefinition
      if (repetition === 0 && (this.#end > PAGE_BYTES || this.#entries > PAGE_ENTRIES)) this.#close()
      this.#level(repetition, definition)
      if (definition < this.#leaf.maxDefinition) continue
      if (values.kind === 'plain') this.#value(values.plain, next)
      else if (dictionary) this.#value(dictionary, inRange(values.codes[next]))
      next++
    }
  }

  /** Adds rows of NULL (an empty value where the column can't be NULL). */
  addNulls(count: number): void {
    for (let i = 0; i < count; i++) this.#level(0, 0)
  }

  take(): Uint8Array[] {
    return this.#pages.take()
  }

  finish(): WrittenChunk {
    this.#close()
    return this.#pages.finish()
  }

  #level(repetition: number, definition: number): void {
    const at = this.#entries++
    if (at >= this.#definition.length) {
      this.#definition = grown(this.#definition, at + 1)
      this.#repetition = grown(this.#repetition, at + 1)
    }
    this.#definition[at] = definition
    this.#repetition[at] = repetition
    if (definition < this.#leaf.maxDefinition) this.#nulls++
    if (repetition === 0) {
      this.#rows++
      this.#allRows++
    }
  }

  #value(values: PlainValues, index: number): void {
    this.#bounds.addAll(values, index, index + 1)
    if (this.#physical.type === 'BOOLEAN') {
      const at = LEVELS_ROOM + (this.#bits >>> 3)
      this.#reserve(1)
      if ((this.#bits & 7) === 0) this.#values[at] = 0
      this.#values[at] = inRange(this.#values[at]) | (inRange(values.bytes[index]) << (this.#bits & 7))
      this.#bits++
      this.#end = LEVELS_ROOM + ((this.#bits + 7) >>> 3)
      return
    }
    const bytes = valueBytes(values, index)
    const { length } = bytes
    this.#reserve(length + 4)
    if (values.width === null) for (let i = 0; i < 4; i++) this.#values[this.#end++] = (length >>> (8 * i)) & 0xff
    this.#values.set(bytes, this.#end)
    this.#end += length
  }

  #close(): void {
    if (this.#entries === 0) return
    const entries = this.#entries
    const levels = {
      entries,
      rows: this.#rows,
      nulls: this.#nulls,
      definition: this.#definition.subarray(0, entries),
      repetition: this.#repetition.subarray(0, entries),
    }
    this.#pages.data(levels, ENCODING.PLAIN, this.#values, this.#end, this.#bounds)
    this.#entries = 0
    this.#rows = 0
    this.#nulls = 0
    this.#end = LEVELS_ROOM
    this.#bits = 0
    this.#bounds = new Bounds(this.#physical)
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes > this.#values.length) this.#values = grown(this.#values, this.#end + bytes)
  }
}
