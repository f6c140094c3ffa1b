import { ENCODING, PAGE } from './format.ts'
import { ParquetError } from './parquet-error.ts'
import { THRIFT, type ThriftReader } from './thrift-reader.ts'
import { encodeStruct } from './thrift-writer.ts'

/** A page as its header describes it. `entries` counts values and NULLs; sizes are in bytes. */
export interface PageHeader {
  readonly type: number
  readonly uncompressed: number
  readonly compressed: number
  readonly crc: number | undefined
  readonly entries: number
  readonly encoding: number
  /** Encoding of the levels in a v1 data page. */
  readonly definitionEncoding: number
  readonly repetitionEncoding: number
  /** What only a v2 data page has. */
  readonly v2: {
    readonly nulls: number
    readonly rows: number
    readonly definitionBytes: number
    readonly repetitionBytes: number
    readonly compressed: boolean
  } | null
}

/** Reads the header at the reader's offset and leaves the reader after it. */
export function readPageHeader(reader: ThriftReader): PageHeader {
  const top: number[] = [-1, -1, -1, -1]
  let crc: number | undefined
  let fields: number[] = []
  let compressed = true
  reader.struct((id, type) => {
    if (id <= 3 && type === THRIFT.I32) top[id] = reader.i32()
    else if (id === 4 && type === THRIFT.I32) crc = reader.i32()
    else if ((id === 5 || id === 7 || id === 8) && type === THRIFT.STRUCT) {
      fields = []
      reader.struct((field, fieldType) => {
        if (id === 8 && field === 7) compressed = fieldType !== THRIFT.FALSE
        if (fieldType !== THRIFT.I32) return false
        fields[field] = reader.i32()
        return true
      })
    } else return false
    return true
  })
  const [, type = -1, uncompressed = -1, size = -1] = top
  const v2 = type === PAGE.DATA_V2
  return {
    type,
    uncompressed,
    compressed: size,
    crc,
    entries: fields[1] ?? -1,
    encoding: (v2 ? fields[4] : fields[2]) ?? -1,
    definitionEncoding: (v2 ? undefined : fields[3]) ?? ENCODING.RLE,
    repetitionEncoding: (v2 ? undefined : fields[4]) ?? ENCODING.RLE,
    v2: v2
      ? {
          nulls: fields[2] ?? -1,
          rows: fields[3] ?? -1,
          definitionBytes: fields[5] ?? -1,
          repetitionBytes: fields[6] ?? -1,
          compressed,
        }
      : null,
  }
}

/** Checks that a page's sizes fit the bytes around it. */
export function checkPageHeader(header: PageHeader, bytesLeft: number): void {
  const { uncompressed, compressed, entries, v2 } = header
  if (compressed < 0 || uncompressed < 0 || compressed > bytesLeft) {
    throw new ParquetError(`a page claims ${compressed} bytes where ${bytesLeft} are left`)
  }
  if (header.type !== PAGE.INDEX && entries < 0) throw new ParquetError('a page has no count of values')
  if (!v2) return
  const levels = v2.definitionBytes + v2.repetitionBytes
  if (v2.definitionBytes < 0 || v2.repetitionBytes < 0 || levels > compressed || levels > uncompressed) {
    throw new ParquetError('the levels of a page are longer than the page')
  }
  if (v2.nulls < 0 || v2.nulls > entries) throw new ParquetError('a page has more NULLs than values')
}

/** The header of a dictionary page with `entries` PLAIN values. */
export function dictionaryPageHeader(entries: number, uncompressed: number, compressed: number): Uint8Array {
  return encodeStruct(thrift => {
    thrift.i32(1, PAGE.DICTIONARY)
    thrift.i32(2, uncompressed)
    thrift.i32(3, compressed)
    thrift.struct(7, () => {
      thrift.i32(1, entries)
      thrift.i32(2, ENCODING.PLAIN)
    })
  })
}

/** The header of a v1 data page. */
export function dataPageHeader(page: {
  readonly entries: number
  readonly encoding: number
  readonly uncompressed: number
  readonly compressed: number
}): Uint8Array {
  return encodeStruct(thrift => {
    thrift.i32(1, PAGE.DATA)
    thrift.i32(2, page.uncompressed)
    thrift.i32(3, page.compressed)
    thrift.struct(5, () => {
      thrift.i32(1, page.entries)
      thrift.i32(2, page.encoding)
      thrift.i32(3, ENCODING.RLE)
      thrift.i32(4, ENCODING.RLE)
    })
  })
}
