import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { openFile } from '../../functions/parquet/metadata/footer.ts'
import { CODECS, MAGIC, PHYSICAL_TYPES } from '../../functions/parquet/metadata/format.ts'
import type { ColumnChunk } from '../../functions/parquet/metadata/row-group.ts'
import { ThriftWriter } from '../../functions/parquet/metadata/thrift-writer.ts'
import { sourceOf } from './lake-files.ts'

/** An element of a forged schema with what its chunk claims, if it is a leaf. */
interface ForgedElement {
  readonly name: string
  /** A physical type by its number, null for a group. */
  readonly type: number | null
  readonly typeLength: number
  readonly repetition: number
  readonly children: number
  readonly converted: number
  readonly scale: number
  readonly precision: number
  readonly logical: number
  /** Of time and timestamp the unit, of integers the bits. */
  readonly detail: number
  readonly flag: boolean
  readonly chunk: ForgedChunk
}

/** What differs from a real chunk; undefined for nothing. */
interface ForgedChunk {
  readonly real: number
  readonly codec: number | undefined
  readonly encoding: number | undefined
  readonly values: number | undefined
  readonly offset: number | undefined
  readonly bound: Uint8Array | undefined
  readonly isElsewhere: boolean
}

const NAMES = [
  'x',
  'X',
  'y',
  'a:b',
  'a,b',
  '<',
  ')>',
  '`',
  '',
  '\n',
  '\ufeffx',
  'stars',
  'batch',
  'customer_id',
  'CUSTOMER_ID',
]
const rarely = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

const chunk = fc.record({
  real: fc.nat(2),
  codec: rarely(fc.integer({ min: -1, max: 9 })),
  encoding: rarely(fc.integer({ min: -1, max: 12 })),
  values: rarely(fc.integer({ min: -2, max: 5 })),
  offset: rarely(fc.integer({ min: -5, max: 2000 })),
  bound: rarely(fc.uint8Array({ maxLength: 17 })),
  isElsewhere: fc.integer({ max: 30, min: 0 }).map(n => n === 30),
})

const element = (type: fc.Arbitrary<number | null>, children: fc.Arbitrary<number>): fc.Arbitrary<ForgedElement> =>
  fc.record({
    name: fc.constantFrom(...NAMES),
    type,
    typeLength: fc.constantFrom(-1, 0, 1, 2, 4, 12, 16, 17, 2 ** 30),
    repetition: fc.nat(2),
    children,
    converted: fc.oneof(fc.constant(-1), fc.integer({ min: 0, max: 23 })),
    scale: fc.constantFrom(-1, 0, 2, 39, -(2 ** 31)),
    precision: fc.constantFrom(-1, 0, 5, 18, 19, 38, 39, 2 ** 31 - 1),
    logical: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 19 })),
    detail: fc.constantFrom(1, 2, 3, 4, 8, 16, 32, 64, -1),
    flag: fc.boolean(),
    chunk,
  })

const leaf = element(fc.integer({ min: 0, max: 7 }), fc.constant(0)).map(each => [each])

/** A column: a leaf, or a group with leaves, or groups, below it; each depth first. */
const column: fc.Arbitrary<ForgedElement[]> = fc.letrec<{ node: ForgedElement[] }>(tie => ({
  node: fc.oneof(
    { withCrossShrink: true, depthSize: 'small' },
    leaf,
    fc
      .tuple(element(fc.constant(null), fc.constant(0)), fc.array(tie('node'), { maxLength: 3 }))
      .map(([group, nodes]) => [{ ...group, children: nodes.length }, ...nodes.flat()]),
  ),
})).node

/** Columns that no honest writer would make, to stand beside review_id and customer_id. */
export const forgedColumns = fc.array(column, { minLength: 1, maxLength: 3 })

const REAL = new Uint8Array(
  parquetWriteBuffer({
    columnData: [
      { name: 'review_id', type: 'STRING', data: ['forged', 'forged'] },
      { name: 'customer_id', type: 'STRING', data: ['1', '1'] },
      { name: 'stars', type: 'INT32', data: [5, 6] },
    ],
  }),
)

/** A leaf, or a group of `children`, that claims nothing false but for what is given. Its pages are those of review_id. */
export function forged(given: Partial<ForgedElement> & { readonly name: string }): ForgedElement {
  const chunk = {
    real: 0,
    codec: undefined,
    encoding: undefined,
    values: undefined,
    offset: undefined,
    bound: undefined,
  }
  return {
    ...{ type: 6, typeLength: 0, repetition: 1, children: 0, converted: -1, scale: 0, precision: 0 },
    ...{ logical: 0, detail: 1, flag: true, chunk: { ...chunk, isElsewhere: false } },
    ...given,
  }
}

/** A file of two rows: review_id and customer_id as they should be, then the columns given, over the bytes of real pages. */
export async function forgedFile(columns: readonly (readonly ForgedElement[])[]): Promise<Uint8Array> {
  const { footer } = await openFile(sourceOf('real', REAL))
  const chunks = footer.rowGroups[0]?.columns ?? []
  const elements = columns.flat()
  const leaves = elements.filter(({ type }) => type !== null)
  const thrift = new ThriftWriter()
  thrift.element(() => {
    thrift.i32(1, 1)
    thrift.structs(2, [null, 'review_id', 'customer_id', ...elements], each => {
      if (each === null) {
        thrift.string(4, 'schema')
        thrift.i32(5, columns.length + 2)
      } else if (typeof each === 'string') {
        thrift.i32(1, 6)
        thrift.i32(3, 1)
        thrift.string(4, each)
        thrift.i32(6, 0)
      } else writeElement(thrift, each)
    })
    thrift.i64(3, 2)
    thrift.structs(4, [null], () => {
      thrift.structs(1, [0, 1, ...leaves], each => {
        if (typeof each === 'number') writeChunk(thrift, chunks[each], 6, undefined)
        else writeChunk(thrift, chunks[each.chunk.real], each.type ?? 0, each.chunk)
      })
      thrift.i64(2, 100)
      thrift.i64(3, 2)
    })
    thrift.string(6, 'a forger')
  })
  const forged = thrift.finish()
  const bytes = new Uint8Array(footer.bodyEnd + forged.length + 8)
  bytes.set(REAL.subarray(0, footer.bodyEnd))
  bytes.set(forged, footer.bodyEnd)
  new DataView(bytes.buffer).setUint32(bytes.length - 8, forged.length, true)
  bytes.set(MAGIC, bytes.length - 4)
  return bytes
}

function writeElement(thrift: ThriftWriter, element: ForgedElement): void {
  const { type, logical, detail, flag } = element
  if (type !== null) thrift.i32(1, type)
  thrift.i32(2, element.typeLength)
  thrift.i32(3, element.repetition)
  thrift.string(4, element.name)
  if (type === null) thrift.i32(5, element.children)
  if (element.converted >= 0) thrift.i32(6, element.converted)
  thrift.i32(7, element.scale)
  thrift.i32(8, element.precision)
  if (logical === 0) return
  thrift.struct(10, () =>
    thrift.struct(logical, () => {
      if (logical === 5) {
        thrift.i32(1, element.scale)
        thrift.i32(2, element.precision)
      } else if (logical === 7 || logical === 8) {
        thrift.bool(1, flag)
        thrift.struct(2, () => thrift.struct(Math.max(1, detail), () => {}))
      } else if (logical === 10) {
        thrift.raw(1, 3, Uint8Array.of(detail & 0xff))
        thrift.bool(2, flag)
      }
    }),
  )
}

function writeChunk(
  thrift: ThriftWriter,
  real: ColumnChunk | undefined,
  type: number,
  forged: ForgedChunk | undefined,
): void {
  if (!real) return
  if (forged?.isElsewhere) thrift.string(1, 'elsewhere.parquet')
  thrift.i64(2, 0)
  thrift.struct(3, () => {
    thrift.i32(1, type < PHYSICAL_TYPES.length ? type : 0)
    thrift.numbers(2, forged?.encoding === undefined ? real.encodings : [forged.encoding])
    thrift.strings(3, ['x'])
    thrift.i32(4, forged?.codec ?? CODECS.indexOf(real.codec))
    thrift.i64(5, forged?.values ?? 2)
    thrift.i64(6, real.uncompressed)
    thrift.i64(7, real.compressed)
    thrift.i64(9, forged?.offset ?? real.dataPage)
    if (real.dictionaryPage !== null && forged?.offset === undefined) thrift.i64(11, real.dictionaryPage)
    if (forged?.bound) {
      const { bound } = forged
      thrift.struct(12, () => {
        for (const id of [1, 2]) thrift.binary(id, bound)
        thrift.i64(3, 0)
        for (const id of [5, 6]) thrift.binary(id, bound)
      })
    }
  })
}
