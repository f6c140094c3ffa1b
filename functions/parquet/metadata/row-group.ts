import { CODECS, type CodecName, ENCODING, PHYSICAL_TYPES, type PhysicalType } from './format.ts'
import { THRIFT, type ThriftReader } from './thrift-reader.ts'

/** A row group as the footer describes it. Sizes are in bytes. */
export interface RowGroup {
  readonly rows: number
  readonly columns: readonly ColumnChunk[]
  readonly sorting: readonly SortingColumn[]
}

export interface SortingColumn {
  /** The index of the leaf. */
  readonly leaf: number
  readonly descending: boolean
  readonly nullsFirst: boolean
}

/** A piece of the file that a footer points to. */
export interface Section {
  readonly offset: number
  readonly length: number
}

/** A column chunk: from `start` to before `end` of the file lie its dictionary page, if any, and its data pages. */
export interface ColumnChunk {
  readonly type: PhysicalType
  readonly encodings: readonly number[]
  readonly codec: CodecName
  readonly values: number
  readonly uncompressed: number
  readonly compressed: number
  readonly dataPage: number
  readonly dictionaryPage: number | null
  readonly start: number
  readonly end: number
  /** The Statistics struct as it stands in the file. */
  readonly statistics: Uint8Array | undefined
  /** The list of PageEncodingStats as it stands in the file. */
  readonly encodingStats: Uint8Array | undefined
  /** The SizeStatistics struct as it stands in the file. */
  readonly sizeStatistics: Uint8Array | undefined
  readonly bloomFilter: { readonly offset: number; readonly length: number | undefined } | undefined
  readonly offsetIndex: Section | undefined
  readonly columnIndex: Section | undefined
  /** Why the chunk can't be read, if it can't; then nothing else here counts. */
  readonly fault: string | null
}

const KNOWN_ENCODINGS: ReadonlySet<number> = new Set(Object.values(ENCODING))

/** Reads a RowGroup struct. */
export function readRowGroup(reader: ThriftReader): RowGroup {
  const columns: ColumnChunk[] = []
  const sorting: SortingColumn[] = []
  let rows = -1
  reader.struct((id, type) => {
    if (id === 1 && type === THRIFT.LIST) reader.list(THRIFT.STRUCT, () => columns.push(readColumnChunk(reader)))
    else if (id === 3 && type === THRIFT.I64) rows = reader.i64()
    else if (id === 4 && type === THRIFT.LIST) reader.list(THRIFT.STRUCT, () => sorting.push(readSorting(reader)))
    else return false
    return true
  })
  return { rows, columns, sorting }
}

function readSorting(reader: ThriftReader): SortingColumn {
  let leaf = -1
  let descending = false
  let nullsFirst = false
  reader.struct((id, type) => {
    if (id === 2) descending = type === THRIFT.TRUE
    else if (id === 3) nullsFirst = type === THRIFT.TRUE
    if (id !== 1 || type !== THRIFT.I32) return false
    leaf = reader.i32()
    return true
  })
  return { leaf, descending, nullsFirst }
}

function readColumnChunk(reader: ThriftReader): ColumnChunk {
  let metadata: ReturnType<typeof readColumnMetadata> | undefined
  const at: { [id: number]: number } = {}
  let fault: string | null = null
  reader.struct((id, type) => {
    if (id === 1) fault = 'lies in another file'
    if (id === 8 || id === 9) fault = 'is encrypted'
    if (id === 3 && type === THRIFT.STRUCT) metadata = readColumnMetadata(reader)
    else if ((id === 4 || id === 6) && type === THRIFT.I64) at[id] = reader.i64()
    else if ((id === 5 || id === 7) && type === THRIFT.I32) at[id] = reader.i32()
    else return false
    return true
  })
  if (!metadata) fault ??= 'has no metadata'
  metadata ??= NO_METADATA
  return {
    ...metadata,
    fault: fault ?? metadata.fault,
    offsetIndex: section(at[4], at[5]),
    columnIndex: section(at[6], at[7]),
  }
}

const NO_METADATA: Omit<ColumnChunk, 'offsetIndex' | 'columnIndex'> = {
  type: 'BOOLEAN',
  encodings: [],
  codec: 'UNCOMPRESSED',
  values: 0,
  uncompressed: 0,
  compressed: 0,
  dataPage: 0,
  dictionaryPage: null,
  start: 0,
  end: 0,
  statistics: undefined,
  encodingStats: undefined,
  sizeStatistics: undefined,
  bloomFilter: undefined,
  fault: null,
}

function readColumnMetadata(reader: ThriftReader): Omit<ColumnChunk, 'offsetIndex' | 'columnIndex'> {
  let type = ''
  let encodings: number[] = []
  let codec = -1
  const numbers: { [id: number]: number } = {}
  const raw: { [id: number]: Uint8Array } = {}
  reader.struct((id, field) => {
    if (id === 1 && field === THRIFT.I32) type = PHYSICAL_TYPES[reader.i32()] ?? ''
    else if (id === 2 && field === THRIFT.LIST) encodings = reader.numbers()
    else if (id === 4 && field === THRIFT.I32) codec = reader.i32()
    else if (field === THRIFT.I64) numbers[id] = reader.i64()
    else if (id === 15 && field === THRIFT.I32) numbers[id] = reader.i32()
    else if (field === THRIFT.STRUCT || id === 13) raw[id] = reader.raw(field)
    else return false
    return true
  })
  const physical = PHYSICAL_TYPES.find(name => name === type)
  const codecName = CODECS[codec]
  if (!physical || !codecName || codecName === 'LZO') {
    const what = physical ? `codec ${codecName ?? codec}` : 'a physical type'
    return { ...NO_METADATA, fault: `has ${what}${physical ? ', which' : ' that'} is not known` }
  }
  const unknown = encodings.find(encoding => !KNOWN_ENCODINGS.has(encoding))
  const dataPage = numbers[9] ?? -1
  // Some writers give 0, or leave the offset out and count the dictionary page among the data pages.
  const dictionary = numbers[11] ?? 0
  const start = dictionary > 0 && dictionary < dataPage ? dictionary : dataPage
  const compressed = numbers[7] ?? -1
  return {
    type: physical,
    encodings,
    codec: codecName,
    values: numbers[5] ?? -1,
    uncompressed: numbers[6] ?? 0,
    compressed,
    dataPage,
    dictionaryPage: start < dataPage ? start : null,
    start,
    end: start + compressed,
    statistics: raw[12],
    encodingStats: raw[13],
    sizeStatistics: raw[16],
    bloomFilter: numbers[14] === undefined ? undefined : { offset: numbers[14], length: numbers[15] },
    fault: unknown === undefined ? null : `has encoding ${unknown}, which is not known`,
  }
}

function section(offset: number | undefined, length: number | undefined): Section | undefined {
  return offset && length ? { offset, length } : undefined
}
