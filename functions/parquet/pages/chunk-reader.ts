import { inRange } from '../../base/at.ts'
import { crc32 } from '../../base/crc32.ts'
import { ENCODING, PAGE, widthOf } from '../metadata/format.ts'
import { checkPageHeader, type PageHeader, readPageHeader } from '../metadata/page-header.ts'
import { ParquetError, reading } from '../metadata/parquet-error.ts'
import type { ColumnChunk } from '../metadata/row-group.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import { ThriftReader } from '../metadata/thrift-reader.ts'
import type { Codecs } from './codecs.ts'
import type { Correction } from './corrected.ts'
import { byteStreamSplit, deltaByteArrays, deltaIntegers, deltaLengthByteArrays } from './delta.ts'
import { type ByteArrays, type PlainValues, plainValues } from './plain-values.ts'
import { bitWidth, decodeHybrid } from './rle.ts'

/** A data page that is not decompressed yet. */
export interface RawPage {
  readonly header: PageHeader
  readonly body: Uint8Array
}

/**
 * A decoded data page. A level array is null if all levels are at their maximum (definition) or there are none
 * (repetition). `values` holds the values that are not NULL.
 */
export interface Page {
  readonly entries: number
  readonly definition: Uint8Array | null
  readonly repetition: Uint8Array | null
  readonly values: PageValues
}

/** Indexes into the chunk's dictionary, or the values themselves. */
export type PageValues =
  | { readonly kind: 'codes'; readonly count: number; readonly codes: Int32Array }
  | { readonly kind: 'plain'; readonly count: number; readonly plain: PlainValues }

/** Reads a column chunk page by page, so that only one page at a time is in memory. Throws ParquetError. */
export class ChunkReader {
  readonly #bytes: Uint8Array
  readonly #chunk: ColumnChunk
  readonly #leaf: SchemaNode
  readonly #codecs: Codecs
  readonly #correction: Correction | null
  readonly #isExact: boolean
  #dictionary: PlainValues | null = null

  /**
   * `bytes` are those of the whole chunk; `correction` is that of its leaf (correctionOf). `isExact` refuses runs with more
   * values than their page, which do no harm here.
   */
  constructor(
    bytes: Uint8Array,
    chunk: ColumnChunk,
    leaf: SchemaNode,
    codecs: Codecs,
    correction: Correction | null = null,
    isExact = false,
  ) {
    this.#bytes = bytes
    this.#chunk = chunk
    this.#leaf = leaf
    this.#codecs = codecs
    this.#correction = correction
    this.#isExact = isExact
  }

  /** The dictionary, once its page has been read. */
  get dictionary(): PlainValues | null {
    return this.#dictionary
  }

  /** The data pages, in order. The dictionary page before them is decoded on the way. */
  *pages(): Generator<RawPage> {
    const bytes = this.#bytes
    const reader = new ThriftReader(bytes)
    let entries = 0
    while (entries < this.#chunk.values) {
      const header = reading(this.#what, () => readPageHeader(reader))
      checkPageHeader(header, bytes.length - reader.offset)
      const body = bytes.subarray(reader.offset, reader.offset + header.compressed)
      reader.offset += header.compressed
      if (header.type === PAGE.INDEX) continue
      if (header.crc !== undefined && header.crc !== crc32(body)) {
        throw new ParquetError(`${this.#what} has a page whose checksum does not match`)
      }
      if (header.type === PAGE.DICTIONARY) {
        this.#readDictionary(header, body)
        continue
      }
      if (header.type !== PAGE.DATA && header.type !== PAGE.DATA_V2) {
        throw new ParquetError(`${this.#what} has a page of unknown type ${header.type}`)
      }
      entries += header.entries
      // Pages without entries don't make a forged chunk endless: its bytes run out.
      if (entries > this.#chunk.values) throw new ParquetError(`${this.#what} has more values than its footer says`)
      yield { header, body }
    }
  }

  /** The data pages, decoded as they are asked for. */
  *decoded(): Generator<Page> {
    for (const page of this.pages()) yield this.decode(page)
  }

  decode(page: RawPage): Page {
    return reading(this.#what, () => (page.header.v2 ? this.#decodeV2(page) : this.#decodeV1(page)))
  }

  get #what(): string {
    return `column ${this.#leaf.element.name}`
  }

  #readDictionary(header: PageHeader, body: Uint8Array): void {
    if (this.#dictionary) throw new ParquetError(`${this.#what} has two dictionaries in a row group`)
    if (header.encoding !== ENCODING.PLAIN && header.encoding !== ENCODING.PLAIN_DICTIONARY) {
      throw new ParquetError(`${this.#what} has a dictionary in encoding ${header.encoding}`)
    }
    const { type, typeLength } = this.#leaf.element
    if (type === null || type === 'BOOLEAN') throw new ParquetError(`${this.#what} can't have a dictionary`)
    this.#dictionary = reading(this.#what, () => {
      const bytes = this.#codecs.decompress(this.#chunk.codec, body, header.uncompressed)
      return this.#corrected(plainValues(bytes, 0, header.entries, type, typeLength))
    })
  }

  #decodeV1({ header, body }: RawPage): Page {
    const { maxDefinition, maxRepetition } = this.#leaf
    const bytes = this.#codecs.decompress(this.#chunk.codec, body, header.uncompressed)
    const { entries } = header
    let offset = 0
    let repetition: Uint8Array | null = null
    let definition: Uint8Array | null = null
    if (maxRepetition > 0) {
      const end = levelsEnd(bytes, offset, header.repetitionEncoding)
      repetition = this.#levels(bytes, offset + 4, end, maxRepetition, entries)
      offset = end
    }
    if (maxDefinition > 0) {
      const end = levelsEnd(bytes, offset, header.definitionEncoding)
      definition = this.#definition(bytes, offset + 4, end, entries)
      offset = end
    }
    return this.#page(header, bytes, offset, definition, repetition)
  }

  #decodeV2({ header, body }: RawPage): Page {
    const { maxDefinition, maxRepetition } = this.#leaf
    const { entries, v2 } = header
    if (!v2) throw new ParquetError(`${this.#what} has a page without its header`)
    const valuesAt = v2.repetitionBytes + v2.definitionBytes
    const repetition = maxRepetition > 0 ? this.#levels(body, 0, v2.repetitionBytes, maxRepetition, entries) : null
    const definition = maxDefinition > 0 ? this.#definition(body, v2.repetitionBytes, valuesAt, entries) : null
    const length = header.uncompressed - valuesAt
    const codec = v2.compressed ? this.#chunk.codec : 'UNCOMPRESSED'
    // Some writers leave out the values of a page of NULLs altogether.
    const packed = body.subarray(valuesAt)
    const bytes = length === 0 && packed.length === 0 ? packed : this.#codecs.decompress(codec, packed, length)
    return this.#page(header, bytes, 0, definition, repetition)
  }

  #levels(bytes: Uint8Array, start: number, end: number, max: number, entries: number): Uint8Array {
    const out = new Uint8Array(entries)
    const highest = decodeHybrid(bytes, start, end, bitWidth(max), out, 0, entries, this.#isExact)
    if (highest > max) throw new ParquetError(`a level of ${highest} is above the maximum of ${max}`)
    return out
  }

  /** Definition levels; null if all are at the maximum, which is usually one run for the whole page. */
  #definition(bytes: Uint8Array, start: number, end: number, entries: number): Uint8Array | null {
    const max = this.#leaf.maxDefinition
    let run = 0
    for (let i = start, shift = 0; !this.#isExact && i < end && shift <= 28; i++, shift += 7) {
      const byte = inRange(bytes[i])
      run |= (byte & 0x7f) << shift
      if (byte < 0x80) {
        if ((run & 1) === 0 && run >>> 1 >= entries && i + 1 < end && bytes[i + 1] === max) return null
        break
      }
    }
    const out = this.#levels(bytes, start, end, max, entries)
    return countOf(out, max) === entries ? null : out
  }

  #page(
    { entries, encoding }: PageHeader,
    bytes: Uint8Array,
    offset: number,
    definition: Uint8Array | null,
    repetition: Uint8Array | null,
  ): Page {
    const count = definition ? countOf(definition, this.#leaf.maxDefinition) : entries
    return { entries, definition, repetition, values: this.#values(encoding, bytes, offset, count) }
  }

  #values(encoding: number, bytes: Uint8Array, offset: number, count: number): PageValues {
    if (encoding === ENCODING.PLAIN_DICTIONARY || encoding === ENCODING.RLE_DICTIONARY) {
      return { kind: 'codes', count, codes: this.#codes(bytes, offset, count) }
    }
    return { kind: 'plain', count, plain: this.#corrected(this.#plain(encoding, bytes, offset, count)) }
  }

  #corrected(values: PlainValues): PlainValues {
    return this.#correction ? this.#correction.apply(values) : values
  }

  #codes(bytes: Uint8Array, offset: number, count: number): Int32Array {
    const entries = this.#dictionary?.count
    if (entries === undefined) throw new ParquetError(`${this.#what} has no dictionary for its indexes`)
    const codes = new Int32Array(count)
    if (count === 0) return codes
    const width = bytes[offset]
    if (width === undefined) throw new ParquetError(`${this.#what} has a page that is cut short`)
    const max = decodeHybrid(bytes, offset + 1, bytes.length, width, codes, 0, count, this.#isExact)
    if (max >= entries) throw new ParquetError(`${this.#what} has the index ${max} into ${entries} dictionary entries`)
    return codes
  }

  #plain(encoding: number, bytes: Uint8Array, offset: number, count: number): PlainValues {
    const { type, typeLength } = this.#leaf.element
    if (type === null) throw new ParquetError(`${this.#what} has no type`)
    const width = widthOf(type, typeLength)
    switch (encoding) {
      case ENCODING.PLAIN:
        return plainValues(bytes, offset, count, type, typeLength)
      case ENCODING.RLE:
        if (type === 'BOOLEAN') {
          const out = new Uint8Array(count)
          const end = count > 0 ? levelsEnd(bytes, offset, ENCODING.RLE) : offset
          if (count > 0) decodeHybrid(bytes, offset + 4, end, 1, out, 0, count, this.#isExact)
          return { width: 1, count, bytes: out }
        }
        break
      case ENCODING.DELTA_BINARY_PACKED:
        if (type === 'INT32' || type === 'INT64') return deltaIntegers(bytes, offset, count, type === 'INT32' ? 4 : 8)
        break
      case ENCODING.DELTA_LENGTH_BYTE_ARRAY:
        if (type === 'BYTE_ARRAY') return deltaLengthByteArrays(bytes, offset, count)
        break
      case ENCODING.DELTA_BYTE_ARRAY:
        if (type === 'BYTE_ARRAY') return deltaByteArrays(bytes, offset, count, this.#codecs.limits)
        if (type === 'FIXED_LEN_BYTE_ARRAY')
          return fixed(deltaByteArrays(bytes, offset, count, this.#codecs.limits), typeLength)
        break
      case ENCODING.BYTE_STREAM_SPLIT:
        if (width !== null && type !== 'BOOLEAN' && type !== 'INT96')
          return byteStreamSplit(bytes, offset, count, width)
        break
    }
    throw new ParquetError(`${this.#what} is ${type} in encoding ${encoding}, which is not known`)
  }
}

/** Byte arrays that all have the same length, as values of a fixed width. */
function fixed(values: ByteArrays, width: number): PlainValues {
  const { count, bytes } = values
  const out = new Uint8Array(count * width)
  for (let i = 0; i < count; i++) {
    const start = inRange(values.starts[i]) + 4
    if (inRange(values.starts[i + 1]) - start !== width) throw new ParquetError(`a value does not have ${width} bytes`)
    out.set(bytes.subarray(start, start + width), i * width)
  }
  return { width, count, bytes: out }
}

/** Where the levels of a v1 page end: their length is in the four bytes before them. */
function levelsEnd(bytes: Uint8Array, offset: number, encoding: number): number {
  if (encoding !== ENCODING.RLE) throw new ParquetError(`levels in encoding ${encoding} are not known`)
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(offset, true)
  if (length > bytes.length - offset - 4) throw new ParquetError('the levels of a page are longer than the page')
  return offset + 4 + length
}

function countOf(levels: Uint8Array, wanted: number): number {
  let count = 0
  for (let i = 0; i < levels.length; i++) if (levels[i] === wanted) count++
  return count
}
