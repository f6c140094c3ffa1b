import { THRIFT, ThriftReader } from './thrift-reader.ts'
import { encodeStruct } from './thrift-writer.ts'

/** What the page index says about one data page. Offsets and sizes are in bytes and include the page's header. */
export interface PageLocation {
  readonly offset: number
  readonly size: number
  /** The first row of the page within its row group. */
  readonly firstRow: number
}

/** A bound as it is written. `exact` is false where it was cut. */
export interface Bound {
  readonly bytes: Uint8Array
  readonly exact: boolean
}

export interface PageBounds {
  readonly entries: number
  readonly nulls: number
  readonly min: Bound | null
  readonly max: Bound | null
}

/** An OffsetIndex (PageIndex.md). */
export function offsetIndex(pages: readonly PageLocation[]): Uint8Array {
  return encodeStruct(thrift => {
    thrift.structs(1, pages, page => {
      thrift.i64(1, page.offset)
      thrift.i32(2, page.size)
      thrift.i64(3, page.firstRow)
    })
  })
}

/** An OffsetIndex whose pages have moved by `distance` bytes; anything else in it (sizes of byte arrays) is dropped. */
export function movedOffsetIndex(bytes: Uint8Array, distance: number): Uint8Array {
  const pages: PageLocation[] = []
  const reader = new ThriftReader(bytes)
  reader.struct((id, type) => {
    if (id !== 1 || type !== THRIFT.LIST) return false
    reader.list(THRIFT.STRUCT, () => {
      let offset = 0
      let size = 0
      let firstRow = 0
      reader.struct((field, fieldType) => {
        if (field === 1 && fieldType === THRIFT.I64) offset = reader.i64()
        else if (field === 2 && fieldType === THRIFT.I32) size = reader.i32()
        else if (field === 3 && fieldType === THRIFT.I64) firstRow = reader.i64()
        else return false
        return true
      })
      pages.push({ offset: offset + distance, size, firstRow })
    })
    return true
  })
  return offsetIndex(pages)
}

/** A ColumnIndex, or null if a page with values has no bounds. It claims no order of its pages. */
export function columnIndex(pages: readonly PageBounds[]): Uint8Array | null {
  const nullPages = pages.map(page => page.nulls === page.entries)
  if (pages.some((page, i) => !nullPages[i] && !(page.min && page.max))) return null
  const bytesOf = (bound: 'min' | 'max') => pages.map(page => page[bound]?.bytes ?? new Uint8Array(0))
  return encodeStruct(thrift => {
    thrift.bools(1, nullPages)
    thrift.binaries(2, bytesOf('min'))
    thrift.binaries(3, bytesOf('max'))
    thrift.i32(4, 0)
    thrift.longs(
      5,
      pages.map(page => page.nulls),
    )
  })
}

/** A Statistics struct with the bounds in the order of the column's type. */
export function statisticsOf(nulls: number, min: Bound | null, max: Bound | null): Uint8Array {
  return encodeStruct(thrift => {
    thrift.i64(3, nulls)
    if (!min || !max) return
    thrift.binary(5, max.bytes)
    thrift.binary(6, min.bytes)
    thrift.bool(7, max.exact)
    thrift.bool(8, min.exact)
  })
}

/** A copied Statistics struct without its bounds: for files that don't say which order they follow. */
export function withoutBounds(statistics: Uint8Array): Uint8Array {
  const reader = new ThriftReader(statistics)
  return encodeStruct(thrift => {
    reader.struct((id, type) => {
      if ((id !== 3 && id !== 4) || type !== THRIFT.I64) return false
      thrift.i64(id, reader.i64())
      return true
    })
  })
}
