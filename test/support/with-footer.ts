import { type FileMetaData, parquetMetadata } from 'hyparquet'
import { ByteWriter } from 'hyparquet-writer'
import { writeMetadata } from 'hyparquet-writer/src/metadata.js'

/** The same body with another footer. */
export function withFooter(
  bytes: Uint8Array<ArrayBuffer>,
  change: (metadata: FileMetaData) => void,
): Uint8Array<ArrayBuffer> {
  const metadata = parquetMetadata(bytes.buffer)
  const body = bytes.subarray(0, bytes.length - 8 - metadata.metadata_length)
  change(metadata)
  const { metadata_length: _, ...rest } = metadata
  const writer = new ByteWriter()
  writer.appendBytes(body)
  writeMetadata(writer, rest as FileMetaData) // the length is what this writes
  writer.appendUint32(0x31524150)
  return writer.getBytes().slice()
}
