import assert from 'node:assert/strict'
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { columnsOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { column, equal, joinQuery, literal, output, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { sourceOf } from '../../support/lake-files.ts'

/** What each type can be encoded in, and its values. */
const TYPES = {
  STRING: {
    encodings: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'],
    value: fc.string({ unit: 'grapheme', maxLength: 20 }),
  },
  BYTE_ARRAY: {
    encodings: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_LENGTH_BYTE_ARRAY', 'DELTA_BYTE_ARRAY'],
    value: fc.uint8Array({ maxLength: 70 }),
  },
  INT32: { encodings: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'], value: fc.integer() },
  INT64: {
    encodings: ['PLAIN', 'RLE_DICTIONARY', 'DELTA_BINARY_PACKED', 'BYTE_STREAM_SPLIT'],
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  },
  FLOAT: { encodings: ['PLAIN', 'RLE_DICTIONARY', 'BYTE_STREAM_SPLIT'], value: fc.float() },
  DOUBLE: { encodings: ['PLAIN', 'RLE_DICTIONARY', 'BYTE_STREAM_SPLIT'], value: fc.double() },
  BOOLEAN: { encodings: ['PLAIN', 'RLE'], value: fc.boolean() },
} as const

const arbitraryColumn = fc.constantFrom(...(Object.keys(TYPES) as (keyof typeof TYPES)[])).chain(type =>
  fc.record({
    type: fc.constant(type),
    encoding: fc.constantFrom(...TYPES[type].encodings),
    nullable: fc.boolean(),
    values: fc.array<unknown>(TYPES[type].value, { minLength: 1, maxLength: 40 }),
    /** A NULL at each so many rows. */
    nulls: fc.constantFrom(0, 0, 2, 5, 1),
  }),
)
const arbitraryCase = fc.record({
  columns: fc.array(arbitraryColumn, { minLength: 1, maxLength: 5 }),
  files: fc.array(
    fc.record({
      rows: fc.integer({ min: 1, max: 300 }),
      shift: fc.nat(50),
      codec: fc.constantFrom('UNCOMPRESSED', 'SNAPPY', 'GZIP', 'ZSTD', 'BROTLI'),
      pageSize: fc.constantFrom(32, 200, 1 << 20),
      rowGroupSize: fc.constantFrom(1000, 64, 9),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  known: fc.constantFrom(1, 3, 10),
  duplicates: fc.constantFrom(1, 1, 2),
  filtered: fc.boolean(),
  native: fc.boolean(),
})

describe('property: silver read by hyparquet is the row-by-row join', function () {
  this.timeout(300_000)
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  it('for all encodings, page sizes, row groups and NULLs', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryCase, async one => {
        const rowsOf = ({ rows, shift }: { rows: number; shift: number }) =>
          Array.from({ length: rows }, (_, i) => {
            const row: Record<string, unknown> = {
              id: i,
              customer_id: (i + shift) % 7 === 6 ? null : `k${(i * 3 + shift) % 10}`,
              flag: i % 3 === 0 ? 'N' : 'Y',
            }
            one.columns.forEach(({ values, nulls, nullable }, k) => {
              const value = values[(i * 7 + shift) % values.length]
              row[`c${k}`] = nullable && nulls > 0 && (i + shift) % nulls === 0 ? null : value
            })
            return row
          })
        const files = one.files.map(file => {
          const rows = rowsOf(file)
          const { codec, pageSize, rowGroupSize } = file
          const data = (name: string) => rows.map(row => row[name])
          const buffer = parquetWriteBuffer({
            codec,
            pageSize,
            rowGroupSize,
            compressors: { GZIP: gzipSync, ZSTD: zstdCompressSync, BROTLI: brotliCompressSync },
            columnData: [
              { name: 'id', type: 'INT32', data: data('id'), nullable: false },
              { name: 'customer_id', type: 'STRING', data: data('customer_id') },
              { name: 'flag', type: 'STRING', data: data('flag') },
              ...one.columns.map(({ type, encoding, nullable }, k) => {
                return { name: `c${k}`, type, encoding, nullable, columnIndex: true, data: data(`c${k}`) }
              }),
            ],
          })
          return { rows, bytes: new Uint8Array(buffer) }
        })
        const customersRows = Array.from({ length: one.known * one.duplicates }, (_, i) => ({
          customer_id: `k${i % one.known}`,
          name: i % 3 === 0 ? null : `n${i}`,
        }))
        const customersBytes = new Uint8Array(
          parquetWriteBuffer({
            columnData: [
              { name: 'customer_id', type: 'STRING', data: customersRows.map(row => row.customer_id) },
              { name: 'name', type: 'STRING', data: customersRows.map(row => row.name) },
            ],
          }),
        )
        const sources = files.map(({ bytes }, i) => sourceOf(`f${i}`, bytes))
        const [first] = sources
        assert.ok(first)
        const customersFile = sourceOf('customers', customersBytes)
        const all = joinQuery(columnsOf(await readFooter(first)), columnsOf(await readFooter(customersFile)))
        const text = { op: 'call', name: 'cast', args: [column('reviews', 'id', 'int')], type: 'string' } as const
        const wider = { ...all, output: [...all.output, output('id_text', text)] }
        const query = one.filtered ? withFilter(wider, equal(column('reviews', 'flag'), literal('Y'))) : wider
        const customers = await customersOf([customersFile], query)
        // The codecs in JavaScript have no Brotli.
        const isNative = one.native || one.files.some(({ codec }) => codec === 'BROTLI')
        const { silver } = await joined(query, customers, sources, isNative ? {} : { native: {} })

        const expected: Record<string, unknown>[] = files.flatMap(({ rows }) =>
          rows
            .filter(row => !one.filtered || row.flag === 'Y')
            .flatMap(row =>
              customersRows
                .filter(({ customer_id }) => customer_id === row.customer_id)
                .map(({ name }) => ({ ...row, name, id_text: String(row.id) })),
            ),
        )
        const file = silver.buffer
        const utf8 = { utf8: false, compressors }
        assert.deepEqual((await parquetReadObjects({ file, ...utf8 })).map(canonical), expected.map(canonical))
        const columns = query.output
          .map(({ name, type }) => (type === 'binary' ? `hex(${name}) AS ${name}` : name))
          .join(', ')
        const byDuck = await duck.rows(`SELECT ${columns} FROM read_parquet('${duck.file(silver)}')`)
        assert.deepEqual(
          byDuck.map(row => row.id),
          expected.map(row => row.id),
        )
        one.columns.forEach(({ type }, k) => {
          const name = `c${k}`
          const wanted = expected.map(row => row[name])
          assert.deepEqual(
            byDuck.map(row => row[name]),
            wanted.map(value => duckValue(value, type)),
          )
        })
      }),
      { numRuns: Number(process.env.PROPERTY_RUNS ?? 20) },
    )
  })
})

/** Values that assert compares as they are: -0, NaN and bytes too. */
function canonical(row: Record<string, unknown>): unknown {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Array.from(value) : (value ?? null),
    ]),
  )
}

/** A value as DuckDB's JSON has it. */
function duckValue(value: unknown, type: keyof typeof TYPES): unknown {
  if (value === null || value === undefined) return null
  if (value instanceof Uint8Array)
    return Array.from(value, byte => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && !Number.isFinite(value))
    return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity'
  if (type === 'FLOAT' && typeof value === 'number') return Math.fround(value)
  return value
}
