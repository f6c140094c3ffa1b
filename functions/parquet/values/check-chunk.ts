import { parquetHeader } from 'hyparquet/src/column.js'
import { type PageHeader, readPageHeader } from '../metadata/page-header.ts'
import { ParquetError, reading } from '../metadata/parquet-error.ts'
import type { ColumnChunk } from '../metadata/row-group.ts'
import type { SchemaNode } from '../metadata/schema.ts'
import { ThriftReader } from '../metadata/thrift-reader.ts'
import { ChunkReader } from '../pages/chunk-reader.ts'
import type { Codecs } from '../pages/codecs.ts'

/**
 * Throws ParquetError unless hyparquet gets to the end of a column chunk in time and memory that fit its size. On forged
 * bytes it can look for the end of a page forever, or fill an array with a run of a billion values. So every page is decoded
 * here first, no run may hold more than its page, and both readers must see the same headers.
 */
export function checkChunk(bytes: Uint8Array, chunk: ColumnChunk, leaf: SchemaNode, codecs: Codecs): void {
  const what = `column ${leaf.element.name}`
  reading(what, () => checkHeaders(bytes, chunk, what))
  const reader = new ChunkReader(bytes, chunk, leaf, codecs, null, true)
  for (const raw of reader.pages()) {
    const { entries, values } = reader.decode(raw)
    const { v2 } = raw.header
    if (v2 && v2.nulls !== entries - values.count)
      throw new ParquetError(`${what} has a page with another count of NULLs`)
  }
}

/** Walks the pages as both readers find them, up to the last value. */
function checkHeaders(bytes: Uint8Array, chunk: ColumnChunk, what: string): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const reader = new ThriftReader(bytes)
  let entries = 0
  while (entries < chunk.values) {
    const theirs = { view, offset: reader.offset }
    const header = readPageHeader(reader)
    if (!isSame(header, parquetHeader(theirs)) || theirs.offset !== reader.offset) {
      throw new ParquetError(`${what} has a page header that readers understand differently`)
    }
    if (header.compressed < 0 || header.compressed > bytes.length - reader.offset || header.entries < 0) {
      throw new ParquetError(`${what} has a page that is longer than its chunk`)
    }
    reader.offset += header.compressed
    if (TYPES[header.type] !== 'DICTIONARY_PAGE') entries += header.entries
  }
}

const TYPES = ['DATA_PAGE', 'INDEX_PAGE', 'DICTIONARY_PAGE', 'DATA_PAGE_V2'] as const

function isSame(own: PageHeader, theirs: ReturnType<typeof parquetHeader>): boolean {
  const { type, uncompressed_page_size, compressed_page_size, data_page_header, data_page_header_v2: v2 } = theirs
  if (type === 'INDEX_PAGE') return false // hyparquet does not read past it
  const counted = type === 'DATA_PAGE' ? data_page_header : type === 'DATA_PAGE_V2' ? v2 : theirs.dictionary_page_header
  return (
    type === TYPES[own.type] &&
    uncompressed_page_size === own.uncompressed &&
    compressed_page_size === own.compressed &&
    counted?.num_values === own.entries &&
    (own.v2 === null ||
      (v2?.num_nulls === own.v2.nulls &&
        v2.definition_levels_byte_length === own.v2.definitionBytes &&
        v2.repetition_levels_byte_length === own.v2.repetitionBytes &&
        v2.is_compressed === own.v2.compressed))
  )
}
