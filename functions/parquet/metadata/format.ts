import type { CompressionCodec, ConvertedType, FieldRepetitionType, ParquetType } from 'hyparquet'
import { CompressionCodecs, ConvertedTypes, FieldRepetitionTypes, ParquetTypes } from 'hyparquet/src/constants.js'

/**
 * The enumerations of the Parquet format, by their number in the file
 * (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
 */

export const PHYSICAL_TYPES: readonly ParquetType[] = ParquetTypes
export type PhysicalType = ParquetType

export const REPETITIONS: readonly FieldRepetitionType[] = FieldRepetitionTypes
export type Repetition = FieldRepetitionType

export const CODECS: readonly CompressionCodec[] = CompressionCodecs
export type CodecName = CompressionCodec

export const CONVERTED_TYPES: readonly ConvertedType[] = ConvertedTypes
export type { ConvertedType }

/** The encodings by number; 1 was never used. */
export const ENCODING = {
  PLAIN: 0,
  PLAIN_DICTIONARY: 2,
  RLE: 3,
  BIT_PACKED: 4,
  DELTA_BINARY_PACKED: 5,
  DELTA_LENGTH_BYTE_ARRAY: 6,
  DELTA_BYTE_ARRAY: 7,
  RLE_DICTIONARY: 8,
  BYTE_STREAM_SPLIT: 9,
} as const

export const PAGE = { DATA: 0, INDEX: 1, DICTIONARY: 2, DATA_V2: 3 } as const

/** `PAR1`, at both ends of a file; a file whose footer is encrypted ends with `PARE`. */
export const MAGIC = Uint8Array.of(0x50, 0x41, 0x52, 0x31)

const WIDTHS = { BOOLEAN: 1, INT32: 4, INT64: 8, INT96: 12, FLOAT: 4, DOUBLE: 8, BYTE_ARRAY: null } as const

/** Bytes of one value of a fixed-width type in memory (a BOOLEAN is unpacked to a byte), or null for BYTE_ARRAY. */
export function widthOf(type: PhysicalType, typeLength: number): number | null {
  return type === 'FIXED_LEN_BYTE_ARRAY' ? typeLength : WIDTHS[type]
}
