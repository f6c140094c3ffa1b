import { inRange } from '../../base/at.ts'
import { grown } from '../../base/bytes.ts'
import type { Physical } from '../metadata/column-type.ts'
import { ENCODING } from '../metadata/format.ts'
import { Bounds } from './bounds.ts'
import { bufferPool, copyBytes } from './memory.ts'
import { LEVELS_ROOM, type PageWriter } from './page-writer.ts'
import type { ByteArrays, FixedValues, PlainValues } from './plain-values.ts'

/** The data page under construction in PLAIN encoding, of a flat column. Full pages go to the page writer. */
export class PlainPage {
  readonly #pages: PageWriter
  readonly #physical: Physical
  readonly #limit: number
  #buffer: Uint8Array
  #end = LEVELS_ROOM
  #entries = 0
  #nulls = 0
  /** 1 where there is a value; made when the first NULL comes. */
  #definition: Uint8Array | null = null
  #bounds: Bounds

  constructor(physical: Physical, pages: PageWriter, limit: number) {
    this.#physical = physical
    this.#pages = pages
    this.#limit = limit + LEVELS_ROOM
    this.#buffer = bufferPool.take(this.#limit + 4096)
    this.#bounds = new Bounds(physical)
  }

  get entries(): number {
    return this.#entries
  }

  get size(): number {
    return this.#end
  }

  /** Adds `count` rows with the values at `picks` (a negative one is NULL), or the first values without picks. */
  add(values: PlainValues, picks: Int32Array | null, count: number): void {
    for (let from = 0; from < count; ) {
      // Runs of values that lie side by side are moved at once.
      const first = picks ? inRange(picks[from]) : from
      let to = from + 1
      if (!picks) to = count
      else if (first < 0) while (to < count && inRange(picks[to]) < 0) to++
      else while (to < count && picks[to] === first + to - from) to++
      if (first < 0) this.addNulls(to - from)
      else if (values.width === null) this.#addByteArrays(values, first, to - from)
      else this.#addFixed(values, first, to - from)
      from = to
    }
  }

  /** Adds `count` rows of NULL. */
  addNulls(count: number): void {
    for (let left = count; left > 0; ) {
      const some = Math.min(left, 1 << 20)
      this.#mark(some, 0)
      this.#entries += some
      this.#nulls += some
      left -= some
      if (this.#entries >= 1 << 20) this.close()
    }
  }

  /** Writes what is left as a page and gives the buffer back. */
  end(): void {
    this.close()
    bufferPool.give(this.#buffer)
    this.#buffer = new Uint8Array(0)
  }

  /** Writes the entries so far as a page. */
  close(): void {
    if (this.#entries === 0) return
    const entries = this.#entries
    const levels = {
      entries,
      rows: entries,
      nulls: this.#nulls,
      definition: this.#definition?.subarray(0, entries) ?? null,
      repetition: null,
    }
    const end = this.#physical.type === 'BOOLEAN' ? packBooleans(this.#buffer, this.#end) : this.#end
    this.#pages.data(levels, ENCODING.PLAIN, this.#buffer, end, this.#bounds)
    this.#end = LEVELS_ROOM
    this.#entries = 0
    this.#nulls = 0
    this.#definition = null
    this.#bounds = new Bounds(this.#physical)
  }

  #addFixed(values: FixedValues, first: number, count: number): void {
    const { width, bytes } = values
    for (let index = first, left = count; left > 0; ) {
      const room = Math.max(1, Math.floor((this.#limit - this.#end) / width))
      const some = Math.min(left, room)
      this.#append(bytes, index * width, (index + some) * width)
      this.#bounds.addAll(values, index, index + some)
      this.#added(some)
      index += some
      left -= some
    }
  }

  #addByteArrays(values: ByteArrays, first: number, count: number): void {
    const { starts, bytes, prefix } = values
    for (let index = first, left = count; left > 0; ) {
      const start = inRange(starts[index])
      let some = 1
      if (prefix === 4) {
        // As many as fit, but at least one.
        const room = this.#limit - this.#end
        if (inRange(starts[index + left]) - start <= room) some = left
        else while (some < left && inRange(starts[index + some + 1]) - start <= room) some++
        this.#append(bytes, start, inRange(starts[index + some]))
      } else {
        const end = inRange(starts[index + 1])
        this.#appendLength(end - start)
        this.#append(bytes, start, end)
      }
      this.#bounds.addAll(values, index, index + some)
      this.#added(some)
      index += some
      left -= some
    }
  }

  #added(count: number): void {
    if (this.#definition) this.#mark(count, 1)
    this.#entries += count
    if (this.#end >= this.#limit) this.close()
  }

  /** Notes the definition level of the next entries. */
  #mark(count: number, level: number): void {
    const end = this.#entries + count
    let definition = this.#definition ?? new Uint8Array(Math.max(1024, end * 2)).fill(1, 0, this.#entries)
    if (end > definition.length) definition = grown(definition, end)
    definition.fill(level, this.#entries, end)
    this.#definition = definition
  }

  #appendLength(length: number): void {
    this.#reserve(4)
    for (let i = 0; i < 4; i++) this.#buffer[this.#end++] = (length >>> (8 * i)) & 0xff
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start
    this.#reserve(length)
    copyBytes(bytes, start, end, this.#buffer, this.#end)
    this.#end += length
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#buffer.length) return
    const larger = grown(this.#buffer, this.#end + bytes)
    bufferPool.give(this.#buffer)
    this.#buffer = larger
  }
}

/** Packs booleans of a byte each into bits, in place, and returns where they end. */
function packBooleans(buffer: Uint8Array, end: number): number {
  const count = end - LEVELS_ROOM
  const size = (count + 7) >> 3
  for (let i = 0; i < size; i++) {
    let bits = 0
    for (let k = 0; k < 8 && i * 8 + k < count; k++) bits |= inRange(buffer[LEVELS_ROOM + i * 8 + k]) << k
    buffer[LEVELS_ROOM + i] = bits
  }
  return LEVELS_ROOM + size
}
