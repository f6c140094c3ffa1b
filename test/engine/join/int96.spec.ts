import assert from 'node:assert/strict'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { elementAt } from '../../../functions/base/at.ts'
import type { SourceFile } from '../../../functions/engine/sources/source-file.ts'
import { columnsOf, leavesOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { column, equal, joinQuery, literal, withFilter } from '../../support/compiled-queries.ts'
import { Duck } from '../../support/duckdb.ts'
import { int96File } from '../../support/int96-file.ts'
import { customersOf, joined } from '../../support/joining.ts'
import { diskSource, sourceOf } from '../../support/lake-files.ts'

const DAY = 86_400_000_000n
/** Microseconds since 1970: now, before 1970, before 1582, beyond what nanoseconds in 64 bits hold, none. */
const INSTANTS = [1_700_000_000_123_456n, -1n, -20_000_000_000_000_001n, 253_370_764_800_123_456n, null]
const ROWS = INSTANTS.length * 4

describe('timestamps as INT64, of files that have INT96', () => {
  let duck: Duck
  let customers: SourceFile
  before(async () => {
    duck = await Duck.open()
    customers = sourceOf('c', await duck.parquet("SELECT 'k' || i AS customer_id, i AS n FROM range(4) t(i)"))
  })
  after(() => duck.close())

  const instants = Array.from({ length: ROWS }, (_, i) => elementAt(INSTANTS, i % INSTANTS.length))
  const keys = Array.from({ length: ROWS }, (_, i) => `k${i % 4}`)

  async function silverOf(sources: readonly SourceFile[], filtered = false): Promise<SourceFile> {
    const of = async (file: SourceFile) => columnsOf(await readFooter(file))
    const all = { ...joinQuery(await of(elementAt(sources, 0)), await of(customers)), timestamps: 'int64' as const }
    const query = filtered ? withFilter(all, equal(column('reviews', 'customer_id'), literal('k0'))) : all
    const { silver } = await joined(query, await customersOf([customers], query), sources, { smallRows: ROWS })
    return sourceOf('silver', silver)
  }

  /** The microseconds of the column `at`, by two readers that share no code with ours. */
  async function microsOf(silver: SourceFile): Promise<(bigint | null)[]> {
    const bytes = await silver.read({ start: 0, end: silver.size })
    const rows = await duck.rows(`SELECT epoch_us("at") AS us, n FROM read_parquet('${duck.file(bytes)}')`)
    const micros = rows.map(({ us }) => (us === null ? null : BigInt(String(us))))
    const parsers = { timestampFromMicroseconds: (value: bigint) => value }
    const read = await parquetReadObjects({ file: bytes.slice().buffer, compressors, parsers: parsers as never })
    assert.deepEqual(
      read.map(row => row.at ?? null),
      micros,
    )
    return micros
  }

  for (const dictionary of [true, false]) {
    const kind = dictionary ? 'a dictionary' : 'plain values'
    it(`leave the body as it is if all rows stay, and are a chunk after it: ${kind}`, async () => {
      const source = sourceOf('f', await int96File(instants, keys, { dictionary, groups: 2 }))
      const silver = await silverOf([source])
      const [before, after] = [await readFooter(source), await readFooter(silver)]
      const { bodyEnd } = before
      assert.deepEqual(await silver.read({ start: 0, end: bodyEnd }), await source.read({ start: 0, end: bodyEnd }))
      assert.deepEqual(await microsOf(silver), [...instants, ...instants])
      assert.deepEqual(
        after.schema.children.map(({ element }) => [element.name, element.type, element.converted]),
        [
          ['customer_id', 'BYTE_ARRAY', 'UTF8'],
          ['at', 'INT64', 'TIMESTAMP_MICROS'],
          ['n', 'INT64', null],
        ],
      )
      assert.equal(after.rowGroups.length, 2)
      for (const [i, { columns }] of after.rowGroups.entries()) {
        const [kept, made] = columns
        assert.equal(kept?.dataPage, before.rowGroups[i]?.columns[0]?.dataPage)
        assert(made && made.start >= bodyEnd)
        assert.equal(made.dictionaryPage !== null, dictionary)
      }
    })
  }

  it('have the bounds of their instants', async () => {
    const silver = await silverOf([sourceOf('f', await int96File(instants, keys))])
    const path = duck.file(await silver.read({ start: 0, end: silver.size }))
    const [bounds] = await duck.rows(
      `SELECT epoch_us(stats_min_value::TIMESTAMPTZ) AS low, epoch_us(stats_max_value::TIMESTAMPTZ) AS high, stats_null_count AS nulls
       FROM parquet_metadata('${path}') WHERE path_in_schema = 'at'`,
    )
    assert.deepEqual([bounds?.low, bounds?.high, bounds?.nulls].map(String), [
      '-20000000000000001',
      '253370764800123456',
      '4',
    ])
  })

  it('are the same if rows are left out or files are merged', async () => {
    const source = sourceOf('f', await int96File(instants, keys))
    assert.deepEqual(await microsOf(await silverOf([source, source])), [...instants, ...instants])
    const some = instants.filter((_, i) => i % 4 === 0)
    assert.deepEqual(await microsOf(await silverOf([source], true)), some)
  })

  it('are rewritten with the rest if they are the first column: Spark finds a row group by its first chunk', async () => {
    const silver = await silverOf([sourceOf('f', await int96File(instants, keys, { atFirst: true }))])
    assert.deepEqual(await microsOf(silver), instants)
    const { rowGroups, schema } = await readFooter(silver)
    assert.equal(schema.children[0]?.element.type, 'INT64')
    assert.equal(rowGroups[0]?.columns[0]?.start, 4)
  })

  it('are INT64 inside lists and structs too', async () => {
    const source = diskSource('test/fixtures/spark-calendar/int96-legacy.parquet', 'f')
    const types = ({ schema }: Awaited<ReturnType<typeof readFooter>>) =>
      new Set(leavesOf(schema).map(({ element }) => element.type))
    assert(types(await readFooter(source)).has('INT96'))
    assert(!types(await readFooter(await silverOf([source]))).has('INT96'))
  })

  it('quarantine a file with one that 64 bits of microseconds cannot hold', async () => {
    const far = [...instants.slice(1), 107_000_000n * DAY]
    await assert.rejects(silverOf([sourceOf('f', await int96File(far, keys))]), {
      name: 'UnreadableFile',
      key: 'f',
      reason: 'an INT96 is beyond what a timestamp of microseconds can hold',
    })
  })
})
