import { parquetMetadata } from 'hyparquet'
import { checkPageHeader, readPageHeader } from './page-header.ts'
import { ThriftReader } from './thrift-reader.ts'

/**
 * Walks the page headers of a whole file and throws at one whose sizes are not sound: hyparquet, when it is to read such a
 * page, can look for its end for ever.
 */
export function checkPages(bytes: Uint8Array<ArrayBuffer>): void {
  for (const { columns } of parquetMetadata(bytes.buffer).row_groups) {
    for (const { meta_data: chunk } of columns) {
      if (!chunk) throw new Error('a column chunk has no metadata')
      let at = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset)
      const end = Math.min(at + Number(chunk.total_compressed_size), bytes.length)
      while (at < end) {
        const reader = new ThriftReader(bytes, at, end)
        const header = readPageHeader(reader)
        checkPageHeader(header, end - reader.offset)
        at = reader.offset + header.compressed
      }
    }
  }
}
