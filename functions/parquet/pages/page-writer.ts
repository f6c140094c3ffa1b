import type { Physical } from '../metadata/column-type.ts'
import { dataPageHeader, dictionaryPageHeader } from '../metadata/page-header.ts'
import type { PageBounds, PageLocation } from '../metadata/page-index.ts'
import { Bounds } from './bounds.ts'
import type { Codecs } from './codecs.ts'
import { bitWidth, encodeHybrid, hybridBound } from './rle.ts'

/** The levels of a page's entries; null where all are at the maximum (definition) or there are none (repetition). */
export interface PageLevels {
  readonly entries: number
  readonly rows: number
  readonly nulls: number
  readonly definition: Uint8Array | null
  readonly repetition: Uint8Array | null
}

/** Room in front of a page's values for levels that are one run: four bytes of length, a varint, a byte. */
export const LEVELS_ROOM = 16

/** Writes the pages of one column chunk and keeps count of what the footer and the page index say about them. */
export class PageWriter {
  readonly #codecs: Codecs
  readonly #maxDefinition: number
  readonly #maxRepetition: number
  #parts: Uint8Array[] = []
  readonly pages: (PageLocation & PageBounds & { readonly encoding: number })[] = []
  dictionaryBytes: number | null = null
  /** Bytes of all pages with their headers, and the same before compression. */
  compressed = 0
  uncompressed = 0
  entries = 0
  nulls = 0
  rows = 0
  readonly bounds: Bounds

  constructor(physical: Physical, maxDefinition: number, maxRepetition: number, codecs: Codecs) {
    this.#maxDefinition = maxDefinition
    this.#maxRepetition = maxRepetition
    this.#codecs = codecs
    this.bounds = new Bounds(physical)
  }

  /** Takes the bytes written since the last call, in the order of the file. */
  take(): Uint8Array[] {
    const parts = this.#parts
    this.#parts = []
    return parts
  }

  /** Writes the dictionary page, in front of all data pages. */
  dictionary(entries: number, plain: Uint8Array): void {
    const body = this.#codecs.compress(plain)
    this.#push(dictionaryPageHeader(entries, plain.length, body.length), body, plain.length)
    this.dictionaryBytes = this.compressed
  }

  /**
   * Writes a v1 data page. `buffer` holds the encoded values from LEVELS_ROOM to `end`; it may be used again afterwards.
   */
  data(levels: PageLevels, encoding: number, buffer: Uint8Array, end: number, bounds: Bounds | null): void {
    const plain = this.#withLevels(levels, buffer, end)
    const body = this.#codecs.compress(plain)
    const { entries, nulls } = levels
    const header = dataPageHeader({ entries, encoding, uncompressed: plain.length, compressed: body.length })
    if (bounds) this.bounds.merge(bounds)
    this.pages.push({
      offset: this.compressed,
      size: header.length + body.length,
      firstRow: this.rows,
      entries,
      nulls,
      min: bounds?.min ?? null,
      max: bounds?.max ?? null,
      encoding,
    })
    this.#push(header, body, plain.length)
    this.entries += entries
    this.nulls += nulls
    this.rows += levels.rows
  }

  #push(header: Uint8Array, body: Uint8Array, uncompressed: number): void {
    this.#parts.push(header, body)
    this.compressed += header.length + body.length
    this.uncompressed += header.length + uncompressed
  }

  /** Puts the levels in front of the values: into the room left for them, or with them into a new array. */
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
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }
}

/** Levels with their length in front; an empty array stands for `entries` times the maximum. */
function encodedLevels(levels: Uint8Array, entries: number, max: number): Uint8Array {
  let out: Uint8Array
  let end: number
  if (levels.length === 0 && entries > 0) {
    out = new Uint8Array(LEVELS_ROOM)
    end = 4
    for (let rest = entries * 2; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) {
        out[end++] = rest
        break
      }
      out[end++] = (rest % 128) + 128
    }
    out[end++] = max
  } else {
    const width = bitWidth(max)
    out = new Uint8Array(4 + hybridBound(entries, width))
    end = encodeHybrid(levels, 0, entries, width, out, 4)
  }
  new DataView(out.buffer).setInt32(0, end - 4, true)
  return out.subarray(0, end)
}
