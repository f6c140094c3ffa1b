import { inRange } from '../../base/at.ts'
import type { Physical } from '../metadata/column-type.ts'
import { ENCODING } from '../metadata/format.ts'
import { Bounds } from './bounds.ts'
import type { Codecs } from './codecs.ts'
import { CodedRows } from './coded-rows.ts'
import { bufferPool } from './memory.ts'
import { LEVELS_ROOM, PageWriter, type WrittenChunk } from './page-writer.ts'
import { PlainPage } from './plain-page.ts'
import type { PlainValues } from './plain-values.ts'
import { bitWidth, encodeHybrid, hybridBound } from './rle.ts'

/** A dictionary larger than this is given up for plain values, unless those take more bytes. */
const LARGE_DICTIONARY = 1 << 20
/** A page is closed at this many uncompressed bytes. */
const PAGE_BYTES = 1 << 20

/**
 * Writes a flat column chunk from codes into dictionaries, from plain values, or from both. As long as codes come, it is a
 * dictionary chunk; from the first plain value on, plain pages follow (as in parquet-mr's fallback). Only entries that some
 * row has get into the dictionary.
 */
export class ChunkWriter {
  readonly #pages: PageWriter
  #coded: CodedRows
  #plain: PlainPage | null = null
  readonly #physical: Physical
  readonly #optional: boolean

  constructor(physical: Physical, optional: boolean, codecs: Codecs) {
    this.#physical = physical
    this.#optional = optional
    this.#pages = new PageWriter(physical, optional ? 1 : 0, 0, codecs)
    this.#coded = new CodedRows(physical)
  }

  /** Rows so far. */
  get rows(): number {
    return this.#plain ? this.#pages.rows + this.#plain.entries : this.#coded.count
  }

  /** Roughly the bytes that the rows so far take, for limits. */
  get size(): number {
    return this.#pages.compressed + this.#coded.size + (this.#plain?.size ?? 0)
  }

  /**
   * Adds `count` rows whose codes are `codes[picks[i]]`, or `codes[i]` without picks. A negative pick or code is NULL.
   */
  addCodes(dictionary: PlainValues, codes: Int32Array, picks: Int32Array | null, count: number): void {
    if (!this.#plain && this.#coded.bytes > LARGE_DICTIONARY && !this.#coded.isOnly(dictionary)) this.#startPlain()
    if (!this.#plain) {
      this.#coded.add(dictionary, codes, picks, count)
      return
    }
    const indexes = new Int32Array(count)
    for (let i = 0; i < count; i++) {
      const pick = picks ? inRange(picks[i]) : i
      indexes[i] = pick < 0 ? -1 : inRange(codes[pick])
    }
    this.#plain.add(dictionary, indexes, count)
  }

  /** Adds `count` rows with the values at `picks` (a negative one is NULL), or the first values without picks. */
  addPlain(values: PlainValues, picks: Int32Array | null, count: number): void {
    const plain = this.#plain ?? this.#startPlain()
    plain.add(values, picks, count)
  }

  /** Adds `count` rows of NULL. */
  addNulls(count: number): void {
    if (this.#plain) this.#plain.addNulls(count)
    else this.#coded.addNulls(count)
  }

  /** What can go to the file already: all but the page under construction, once there are plain pages. */
  take(): Uint8Array[] {
    return this.#pages.take()
  }

  /** Closes the chunk. Take the rest of its bytes afterwards. */
  finish(): WrittenChunk {
    if (!this.#plain) {
      const { distinct } = this.#coded
      // Booleans have no dictionaries, and without values there is nothing to put into one.
      if (this.#physical.type === 'BOOLEAN' || distinct === 0 || this.#coded.isSmallerPlain()) this.#startPlain(true)
      else this.#writeCoded()
    }
    this.#plain?.end()
    this.#dropCoded()
    return this.#pages.finish()
  }

  /** From here on rows are plain. Those so far are written with the dictionary, or as plain values too. */
  #startPlain(fromStart = false): PlainPage {
    const plain = new PlainPage(this.#physical, this.#pages, PAGE_BYTES)
    if (this.#coded.count > 0) {
      if (fromStart || this.#physical.type === 'BOOLEAN' || this.#coded.distinct === 0) {
        const { dictionary, codes } = this.#coded.finish()
        plain.add(dictionary, codes, codes.length)
      } else this.#writeCoded()
      this.#dropCoded()
    }
    this.#plain = plain
    return plain
  }

  /** Lets go of the memory of the coded rows. */
  #dropCoded(): void {
    this.#coded.release()
    this.#coded = new CodedRows(this.#physical)
  }

  #writeCoded(): void {
    const { dictionary, codes } = this.#coded.finish()
    this.#pages.dictionary(dictionary.count, dictionary.bytes)
    const width = bitWidth(dictionary.count - 1)
    const perPage = Math.min(codes.length, Math.floor((PAGE_BYTES * 8) / Math.max(width, 8)))
    const whole = new Bounds(this.#physical)
    if (perPage >= codes.length) whole.addAll(dictionary, 0, dictionary.count)
    for (let from = 0; from < codes.length; from += perPage) {
      const page = codes.subarray(from, Math.min(codes.length, from + perPage))
      const { present, values, definition } = withoutNulls(page, this.#optional)
      const buffer = bufferPool.take(LEVELS_ROOM + 1 + hybridBound(present, width))
      buffer[LEVELS_ROOM] = width
      const end = encodeHybrid(values, 0, present, width, buffer, LEVELS_ROOM + 1)
      const nulls = page.length - present
      const levels = { entries: page.length, rows: page.length, nulls, definition, repetition: null }
      const bounds = perPage >= codes.length ? whole : pageBounds(this.#physical, dictionary, values, present)
      this.#pages.data(levels, ENCODING.RLE_DICTIONARY, buffer, end, bounds)
      bufferPool.give(buffer)
    }
  }
}

/** The codes that are not NULL, and the levels where there is one. */
function withoutNulls(
  codes: Int32Array,
  optional: boolean,
): { readonly present: number; readonly values: Int32Array; readonly definition: Uint8Array | null } {
  let present = 0
  for (let i = 0; i < codes.length; i++) if (inRange(codes[i]) >= 0) present++
  if (present === codes.length || !optional) return { present: codes.length, values: codes, definition: null }
  const values = new Int32Array(present)
  const definition = new Uint8Array(codes.length)
  let next = 0
  for (let i = 0; i < codes.length; i++) {
    const code = inRange(codes[i])
    if (code < 0) continue
    values[next++] = code
    definition[i] = 1
  }
  return { present, values, definition }
}

/** The bounds of the entries that a page uses. */
function pageBounds(physical: Physical, dictionary: PlainValues, codes: Int32Array, count: number): Bounds {
  const used = new Uint8Array(dictionary.count)
  for (let i = 0; i < count; i++) used[inRange(codes[i])] = 1
  const bounds = new Bounds(physical)
  for (let entry = 0; entry < used.length; entry++) if (used[entry]) bounds.addAll(dictionary, entry, entry + 1)
  return bounds
}
