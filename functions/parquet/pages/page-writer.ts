import { concat } from '../../base/bytes.ts'
import type { Physical } from '../metadata/column-type.ts'
import { ENCODING, PAGE } from '../metadata/format.ts'
import { dataPageHeader, dictionaryPageHeader } from '../metadata/page-header.ts'
import { columnIndex, type PageBounds, type PageLocation, statisticsOf } from '../metadata/page-index.ts'
import { Bounds } from './bounds.ts'
import type { Codecs } from './codecs.ts'
import { bitWidth, encodeHybrid, hybridBound, varint } from './rle.ts'

/** The levels of a page's entries; null if all are at the maximum (definition) or there are none (repetition). */
export interface PageLevels {
  readonly entries: number
  readonly rows: number
  readonly nulls: number
  readonly definition: Uint8Array | null
  readonly repetition: Uint8Array | null
}

/** A finished column chunk. Offsets count from the chunk's first byte. */
export interface WrittenChunk {
  readonly encodings: readonly number[]
  readonly values: number
  readonly compressed: number
  readonly uncompressed: number
  readonly dictionaryPage: number | null
  readonly dataPage: number
  readonly statistics: Uint8Array
  readonly encodingStats: readonly { readonly page: number; readonly encoding: number; readonly count: number }[]
  readonly pages: readonly PageLocation[]
  readonly columnIndex: Uint8Array | null
}

/** Room before a page's values for levels that are one run: four bytes of length, a varint, a byte. */
export const LEVELS_ROOM = 16

/** Writes the pages of one column chunk, and keeps track of what the footer and the page index say about them. */
export class PageWriter {
  readonly #codecs: Codecs
  readonly #maxDefinition: number
  readonly #maxRepetition: number
  #parts: Uint8Array[] = []
  readonly #pages: (PageLocation & PageBounds & { readonly encoding: number })[] = []
  #dictionaryBytes: number | null = null
  /** Bytes of all pages with their headers, and the same before compression. */
  compressed = 0
  #uncompressed = 0
  #entries = 0
  #nulls = 0
  rows = 0
  readonly #bounds: Bounds

  constructor(physical: Physical, maxDefinition: number, maxRepetition: number, codecs: Codecs) {
    this.#maxDefinition = maxDefinition
    this.#maxRepetition = maxRepetition
    this.#codecs = codecs
    this.#bounds = new Bounds(physical)
  }

  /** The bytes written since the last call, in the order of the file. */
  take(): Uint8Array[] {
    const parts = this.#parts
    this.#parts = []
    return parts
  }

  /** Writes the dictionary page, before all data pages. */
  dictionary(entries: number, plain: Uint8Array): void {
    const body = this.#codecs.compress(plain)
    this.#push(dictionaryPageHeader(entries, plain.length, body.length), body, plain.length)
    this.#dictionaryBytes = this.compressed
  }

  /**
   * Writes a v1 data page. `buffer` holds the encoded values from LEVELS_ROOM to `end`; it can be reused afterwards.
   */
  data(levels: PageLevels, encoding: number, buffer: Uint8Array, end: number, bounds: Bounds): void {
    const plain = this.#withLevels(levels, buffer, end)
    const body = this.#codecs.compress(plain)
    const { entries, nulls } = levels
    const header = dataPageHeader({ entries, encoding, uncompressed: plain.length, compressed: body.length })
    this.#bounds.merge(bounds)
    this.#pages.push({
      offset: this.compressed,
      size: header.length + body.length,
      firstRow: this.rows,
      entries,
      nulls,
      min: bounds.min,
      max: bounds.max,
      encoding,
    })
    this.#push(header, body, plain.length)
    this.#entries += entries
    this.#nulls += nulls
    this.rows += levels.rows
  }

  /** What the footer and the page index say about the chunk, once all its pages are written. */
  finish(): WrittenChunk {
    const counts = new Map<number, number>()
    for (const { encoding } of this.#pages) counts.set(encoding, (counts.get(encoding) ?? 0) + 1)
    const stats = [...counts].map(([encoding, count]) => ({ page: PAGE.DATA, encoding, count }))
    const ofDictionary = { page: PAGE.DICTIONARY, encoding: ENCODING.PLAIN, count: 1 }
    const hasDictionary = this.#dictionaryBytes !== null
    return {
      encodings: [...new Set([ENCODING.PLAIN, ENCODING.RLE, ...counts.keys()])],
      values: this.#entries,
      compressed: this.compressed,
      uncompressed: this.#uncompressed,
      dictionaryPage: hasDictionary ? 0 : null,
      dataPage: this.#dictionaryBytes ?? 0,
      statistics: statisticsOf(this.#nulls, this.#bounds.min, this.#bounds.max),
      encodingStats: hasDictionary ? [ofDictionary, ...stats] : stats,
      pages: this.#pages,
      columnIndex: columnIndex(this.#pages),
    }
  }

  #push(header: Uint8Array, body: Uint8Array, uncompressed: number): void {
    this.#parts.push(header, body)
    this.compressed += header.length + body.length
    this.#uncompressed += header.length + uncompressed
  }

  /** Puts the levels before the values: into the room left for them, or into a new array together. */
  #withLevels(levels: PageLevels, buffer: Uint8Array, end: number): Uint8Array {
    const { entries, repetition, definition } = levels
    if (this.#maxDefinition === 0) return buffer.subarray(LEVELS_ROOM, end)
    if (this.#maxRepetition === 0 && !definition) {
      const run = encodedLevels(new Uint8Array(0), entries, this.#maxDefinition)
      const start = LEVELS_ROOM - run.length
      buffer.set(run, start)
      return buffer.subarray(start, end)
    }
    const parts: Uint8Array[] = []
    if (this.#maxRepetition > 0)
      parts.push(encodedLevels(repetition ?? new Uint8Array(entries), entries, this.#maxRepetition))
    parts.push(encodedLevels(definition ?? new Uint8Array(0), entries, this.#maxDefinition))
    parts.push(buffer.subarray(LEVELS_ROOM, end))
    return concat(parts)
  }
}

/** Levels after their length; an empty array stands for `entries` times the maximum. */
function encodedLevels(levels: Uint8Array, entries: number, max: number): Uint8Array {
  let out: Uint8Array
  let end: number
  if (levels.length === 0 && entries > 0) {
    out = new Uint8Array(LEVELS_ROOM)
    end = varint(out, 4, entries * 2)
    out[end++] = max
  } else {
    const width = bitWidth(max)
    out = new Uint8Array(4 + hybridBound(entries, width))
    end = encodeHybrid(levels, 0, entries, width, out, 4)
  }
  new DataView(out.buffer).setInt32(0, end - 4, true)
  return out.subarray(0, end)
}
