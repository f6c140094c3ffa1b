import assert from 'node:assert/strict'
import { parquetMetadata } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { readCommit } from '../../../functions/log/read.ts'
import { physicalOf } from '../../../functions/parquet/metadata/column-type.ts'
import { columnsOf, leavesOf, readFooter } from '../../../functions/parquet/metadata/footer.ts'
import { valueReader } from '../../../functions/parquet/pages/values.ts'
import { printType } from '../../../functions/sql/type-text.ts'
import { Duck } from '../../support/duckdb.ts'
import { sourceOf } from '../../support/lake-files.ts'
import { withFooter } from '../../support/with-footer.ts'
import { World } from '../../support/world.ts'

describe('nested columns in silver', () => {
  let duck: Duck
  before(async () => {
    duck = await Duck.open()
  })
  after(() => duck.close())

  async function silverOf(...files: readonly Uint8Array<ArrayBuffer>[]): Promise<Uint8Array<ArrayBuffer>> {
    const world = new World({ sql: 'SELECT * FROM bronze_reviews' })
    for (const [i, bytes] of files.entries()) await world.store.put(`bronze/reviews/${i}.parquet`, bytes)
    await world.run()
    const commit = await readCommit(world.store, world.layout, 0)
    assert(commit && commit.operation !== 'abandon')
    assert.deepEqual(commit.quarantined, [])
    return await world.store.get(`${world.layout.roots.silver}${commit.location}${commit.silver[0]?.key}`)
  }

  const values = [
    "[uuid '00112233-4455-6677-8899-aabbccddeeff']",
    '[1::UINTEGER, 4294967295::UINTEGER, NULL]',
    '[18446744073709551615::UBIGINT]',
    "{'n': TIMESTAMP_NS '2020-01-01 00:00:00.123456789', 'm': TIMESTAMP_MS '2020-01-01 00:00:00.123'}",
    "MAP {'a': 7::UTINYINT}",
    "[{'a:b': 1, 'c,<d>)': 'x', 'e`f': [1.5::DECIMAL(5,2)]}]",
  ]

  it('have the values of bronze, and only annotations that Spark 3.5 knows', async () => {
    const columns = values.map((value, i) => `${value} AS c${i}`).join(', ')
    const bronze = await duck.parquet(`SELECT i AS id, ${columns} FROM range(3) t(i)`)
    for (const silver of [
      await silverOf(bronze),
      await silverOf(bronze, await duck.parquet('SELECT 9::BIGINT AS id')),
    ]) {
      const read = async (bytes: Uint8Array<ArrayBuffer>) =>
        JSON.stringify(
          await duck.rows(
            `SELECT c1::VARCHAR, c2::VARCHAR, left(c3.m::VARCHAR, 23), c4::VARCHAR, c5::VARCHAR FROM read_parquet('${duck.file(bytes)}') WHERE id < 9 ORDER BY id`,
          ),
        )
      assert.equal(await read(silver), await read(bronze))
      for (const { element } of leavesOf((await readFooter(sourceOf('s', silver))).schema)) {
        const { annotation } = physicalOf(element)
        assert.match(annotation, /^(none|string|int8|int16|date|decimal|millis|micros|local)$/, element.name)
        assert.match(element.logical?.kind ?? 'none', /^(none|string|date|decimal|timestamp)$/, element.name)
      }
    }
  })

  it('are lists of three levels if readers disagree about fewer: fields that repeat, elements of one field', async () => {
    const people = [{ phone: [{ number: 1n }, { number: null }] }, null, { phone: [] }]
    const list = new Uint8Array(
      parquetWriteBuffer({
        schema: [
          { name: 'root', num_children: 2 },
          { name: 'id', type: 'INT32', repetition_type: 'REQUIRED' },
          { name: 'person', repetition_type: 'OPTIONAL', num_children: 1 },
          { name: 'phone', repetition_type: 'REQUIRED', num_children: 1, converted_type: 'LIST' },
          { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
          { name: 'element', repetition_type: 'REQUIRED', num_children: 1 },
          { name: 'number', type: 'INT64', repetition_type: 'OPTIONAL' },
        ],
        columnData: [
          { name: 'id', data: [1, 2, 3] },
          { name: 'person', data: people },
        ],
      }),
    )
    const read = async (bytes: Uint8Array<ArrayBuffer>) =>
      duck.rows(`SELECT id, person FROM read_parquet('${duck.file(bytes)}') WHERE id < 9 ORDER BY id`)
    // what is required has no definition level, so that the pages are also those of forms without it
    for (const [at, name] of [
      [3, 'phone'], // a field that repeats
      [4, 'array'], // a list of two levels
    ] as const) {
      const bronze = withFooter(list, ({ schema, row_groups: groups }) => {
        schema.splice(at, 6 - at, { name, repetition_type: 'REPEATED', num_children: 1 })
        for (const { meta_data: chunk } of groups.flatMap(group => group.columns.slice(1))) {
          if (chunk) chunk.path_in_schema = schema.slice(2).map(element => element.name)
        }
      })
      for (const silver of [
        await silverOf(bronze),
        await silverOf(bronze, await duck.parquet('SELECT 9::INTEGER AS id')),
      ]) {
        assert.deepEqual(await read(silver), await read(list))
        const { schema } = parquetMetadata(silver.buffer)
        const names = schema.map(element => element.name)
        assert.deepEqual(names.slice(names.indexOf('person')), ['person', 'phone', 'list', 'element', 'number'])
      }
    }
  })

  it('have the types that their text says, whatever their fields are called', async () => {
    const bronze = await duck.parquet(`SELECT ${values.at(-1)} AS c, 1 AS id`)
    const type = columnsOf(await readFooter(sourceOf('b', bronze))).find(({ name }) => name === 'c')?.type
    assert.equal(type && printType(type), 'array<struct<`a:b`:int,`c,<d>)`:string,`e``f`:array<decimal(5,2)>>>')
    // the files have nothing of it: the column is written by its type alone
    const world = new World({ sql: 'SELECT * FROM bronze_reviews' })
    await world.store.put('bronze/reviews/1.parquet', bronze)
    await world.run()
    await world.store.put('bronze/reviews/2.parquet', await duck.parquet('SELECT 2 AS id'))
    await world.run()
    const commit = await readCommit(world.store, world.layout, 1)
    assert(commit && commit.operation !== 'abandon')
    const silver = await world.store.get(`${world.layout.roots.silver}${commit.location}${commit.silver[0]?.key}`)
    const columns = columnsOf(await readFooter(sourceOf('s', silver)))
    assert.deepEqual(
      columns.find(({ name }) => name === 'c'),
      { name: 'c', type },
    )
  })
})

describe('a half-precision number', () => {
  it('is read as a float', () => {
    const element = {
      ...({ name: 'h', type: 'FIXED_LEN_BYTE_ARRAY', typeLength: 2, repetition: 'OPTIONAL', children: 0 } as const),
      ...({ converted: null, scale: 0, precision: 0, logical: { kind: 'float16' } } as const),
    }
    const physical = physicalOf(element)
    assert.equal(physical.sql, 'float')
    const bits = [0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0xfc00, 0x7e00]
    const bytes = new Uint8Array(Uint16Array.from(bits).buffer)
    const read = valueReader(physical, 'float')
    assert.deepEqual(
      bits.map((_, i) => read({ width: 2, count: bits.length, bytes }, i)),
      [1, -2, 65504, 2 ** -24, -0, Infinity, -Infinity, Number.NaN],
    )
  })
})
