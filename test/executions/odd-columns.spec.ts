import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { readCommit } from '../../functions/log/read.ts'
import { forged, forgedFile } from '../support/forged-files.ts'
import { World } from '../support/world.ts'

type Forged = Parameters<typeof forged>[0]

const JOINED = `SELECT r.*, c.customer_name FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`
const NARROW = JOINED.replace('r.*', 'r.review_id')
const DECLARED = `CREATE EXTERNAL TABLE bronze_reviews (review_id string, customer_id string, odd string) STORED AS PARQUET
  LOCATION 'bronze/reviews'`

/** What can't be read, and what is said of it. Numbers are those of parquet.thrift. */
const ODD: readonly (readonly [what: string, columns: readonly Forged[], reason: RegExp])[] = [
  ['a TIME', [{ name: 'odd', type: 2, converted: 8 }], /column odd is TIME on INT64/],
  [
    'an INTERVAL',
    [{ name: 'odd', type: 7, typeLength: 12, converted: 21 }],
    /odd is INTERVAL on FIXED_LEN_BYTE_ARRAY\(12\)/,
  ],
  ['more digits than 38', [{ name: 'odd', converted: 5, precision: 39 }], /odd is DECIMAL\(39,0\)/],
  ['a scale beyond the precision', [{ name: 'odd', converted: 5, precision: 5, scale: 6 }], /odd is DECIMAL\(5,6\)/],
  [
    'more digits than INT64 holds',
    [{ name: 'odd', type: 2, converted: 5, precision: 19 }],
    /odd is DECIMAL\(19,0\) on INT64/,
  ],
  ['UINT_64 on INT32', [{ name: 'odd', type: 1, converted: 14 }], /odd is UINT_64 on INT32/],
  ['DATE on INT64', [{ name: 'odd', type: 2, converted: 6 }], /odd is DATE on INT64/],
  ['an integer of 12 bits', [{ name: 'odd', type: 1, logical: 10, detail: 12 }], /odd is INT_12 on INT32/],
  ['a struct without fields', [{ name: 'odd', type: null }], /odd is a struct without fields/],
  [
    'a map without a value',
    [
      { name: 'odd', type: null, children: 1, converted: 1 },
      { name: 'kv', type: null, repetition: 2, children: 1 },
      { name: 'key', repetition: 0 },
    ],
    /odd is a MAP without key and value/,
  ],
  [
    'fields that differ in case',
    [{ name: 'odd', type: null, children: 2 }, { name: 'f' }, { name: 'F' }],
    /two fields of the name F/,
  ],
  [
    'a codec nobody knows',
    [{ name: 'odd', chunk: { ...forged({ name: '' }).chunk, codec: 3 } }],
    /odd has codec LZO, which is not known/,
  ],
  [
    'an encoding nobody knows',
    [{ name: 'odd', chunk: { ...forged({ name: '' }).chunk, encoding: 11 } }],
    /odd has encoding 11/,
  ],
  [
    'another file',
    [{ name: 'odd', chunk: { ...forged({ name: '' }).chunk, isElsewhere: true } }],
    /odd lies in another file/,
  ],
  [
    'a place behind the end',
    [{ name: 'odd', chunk: { ...forged({ name: '' }).chunk, offset: 5000 } }],
    /odd lies outside of the file's body/,
  ],
]

async function worldWith(columns: readonly Forged[], sql: string): Promise<World> {
  const world = new World({ sql })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('good', [{ review_id: 'good', customer_id: '1', stars: 5 }])
  await world.store.put('bronze/reviews/odd.parquet', await forgedFile([columns.map(forged)]))
  return world
}

async function reasonOf(world: World): Promise<string | undefined> {
  const commit = await readCommit(world.store, world.layout, 0)
  assert(commit && commit.operation !== 'abandon')
  return commit.quarantined.find(({ key }) => key === 'bronze/reviews/odd.parquet')?.reason
}

describe('a column that cannot be read', () => {
  for (const [what, columns, reason] of ODD) {
    it(`quarantines its file, and no other, where the query needs it: ${what}`, async () => {
      const world = await worldWith(columns, JOINED)
      await world.run()
      assert.match((await reasonOf(world)) ?? '', reason)
      assert.equal((await world.silver()).length, 1)
    })

    it(`is nothing to a query that does not need it: ${what}`, async () => {
      const world = await worldWith(columns, NARROW)
      await world.run()
      assert.equal(await reasonOf(world), undefined)
      assert.equal((await world.silver()).length, 3)
    })
  }

  it('is needed where bronze.sql declares it', async () => {
    const world = await worldWith([{ name: 'odd', type: 2, converted: 8 }], NARROW)
    world.declarations = DECLARED
    await world.run()
    assert.match((await reasonOf(world)) ?? '', /odd is TIME/)
  })

  it('may be of another type than in the other files, or there twice, while no query needs it', async () => {
    for (const columns of [[{ name: 'stars' }], [{ name: 'Stars' }, { name: 'stars' }]]) {
      const file = await forgedFile(columns.map(column => [forged(column)]))
      for (const [sql, joined] of [
        [NARROW, true],
        [JOINED, false],
      ] as const) {
        const world = await worldWith([{ name: 'x' }], sql)
        await world.addReviews('good-2', [{ review_id: 'good', customer_id: '1', stars: 4 }])
        await world.store.put('bronze/reviews/odd.parquet', file)
        await world.run()
        assert.equal((await reasonOf(world)) === undefined, joined, sql)
      }
    }
  })

  it('stops a run where it is one of the customers and the query needs it, with the name of the file', async () => {
    const file = await forgedFile([[forged({ name: 'odd', type: 2, converted: 8 })]])
    const world = await worldWith([{ name: 'x' }], NARROW.replace('customer_name', 'review_id AS by'))
    await world.store.delete('bronze/customers/c.parquet')
    await world.store.put('bronze/customers/odd.parquet', file)
    await world.run()
    assert.equal((await world.silver()).length, 6, 'each of three reviews meets two customers')
    world.sql = NARROW.replace('customer_name', 'odd')
    await world.addReviews('more', [{ review_id: 'more', customer_id: '1', stars: 4 }])
    await assert.rejects(world.run(), {
      name: 'DimensionUnreadable',
      message: /^customers file bronze\/customers\/odd\.parquet: column odd is TIME on INT64.*: repair or remove it/,
    })
  })

  it('is named with its file where that is the only one of the first batch', async () => {
    const twins = await forgedFile([[forged({ name: 'x' })], [forged({ name: 'X' })]])
    for (const sql of ['SELECT * FROM bronze_reviews', JOINED, JOINED.replace('r.*', 'r.x')]) {
      const world = await worldWith([{ name: 'x' }], sql)
      await world.store.delete('bronze/reviews/good.parquet')
      await world.store.put('bronze/reviews/odd.parquet', twins)
      await assert.rejects(world.run(), {
        name: 'ReviewsUnreadable',
        message: /bronze\/reviews\/odd\.parquet: columns x and X differ only in case/,
      })
    }
  })

  it('is named with its file where the query cannot be asked without it', async () => {
    const world = await worldWith([{ name: 'odd', type: 2, converted: 8 }], JOINED.replace('r.*', 'r.odd'))
    await assert.rejects(world.run(), {
      name: 'InvalidQuery',
      message: /unknown column r\.odd.*; bronze\/reviews\/odd\.parquet is left out: column odd is TIME/,
    })
  })

  it('names its file also where it is of the customers, and they have nothing else', async () => {
    const world = await worldWith([{ name: 'x' }], JOINED.replace('c.customer_name', 'c.x'))
    await world.store.put(
      'bronze/customers/c.parquet',
      await forgedFile([[forged({ name: 'x' })], [forged({ name: 'X' })]]),
    )
    await assert.rejects(world.run(), {
      name: 'DimensionUnreadable',
      message: /^customers file bronze\/customers\/c\.parquet: columns x and X differ only in case/,
    })
  })
})

describe('a column that is NULL in every row', () => {
  const text = (name: string, data: (string | null)[]) => ({ name, type: 'STRING' as const, data })
  const typed = new Uint8Array(
    parquetWriteBuffer({
      columnData: [text('review_id', ['t', 'u']), text('customer_id', ['1', '1']), text('note', ['x', null])],
    }),
  )
  const nulls = () => forgedFile([[forged({ name: 'note', type: 1, logical: 11 })]])
  const notes = async (world: World) => (await world.silver()).map(row => JSON.parse(row).note ?? null).sort()

  it('has no type yet: the table gets it with the first file that has values', async () => {
    const world = await worldWith([{ name: 'x' }], JOINED.replace('r.*', 'r.review_id, r.note'))
    await world.store.put('bronze/reviews/odd.parquet', await nulls())
    await world.run()
    assert.deepEqual(await notes(world), [null, null, null])
    await world.store.put('bronze/reviews/typed.parquet', typed)
    await world.run()
    assert.deepEqual(await notes(world), [null, null, null, null, 'x'])
    await world.store.put('bronze/reviews/more.parquet', await nulls())
    await world.run()
    assert.equal((await notes(world)).length, 7)
    const commit = await readCommit(world.store, world.layout, 2)
    assert(commit && commit.operation !== 'abandon')
    assert.deepEqual(commit.quarantined, [])
    assert.deepEqual(
      commit.schema.find(({ name }) => name === 'note'),
      { name: 'note', type: 'string' },
    )
  })

  it('has the type of the other files of its batch, or the one that bronze.sql declares', async () => {
    for (const declarations of [null, DECLARED.replace('odd', 'note')]) {
      const world = await worldWith([{ name: 'x' }], JOINED.replace('r.*', 'r.note'))
      world.declarations = declarations
      await world.store.put('bronze/reviews/odd.parquet', await nulls())
      if (!declarations) await world.store.put('bronze/reviews/typed.parquet', typed)
      await world.run()
      const commit = await readCommit(world.store, world.layout, 0)
      assert(commit && commit.operation !== 'abandon')
      assert.deepEqual(commit.quarantined, [])
      assert.deepEqual(commit.schema[0], { name: 'note', type: 'string' })
    }
  })

  it('can be computed with, and joined by, as NULL is', async () => {
    const world = await worldWith(
      [{ name: 'x' }],
      `SELECT r.review_id, coalesce(r.note, 'none') AS note
      FROM bronze_reviews r LEFT JOIN bronze_customers c ON r.note = c.customer_id WHERE r.note IS NULL`,
    )
    await world.store.delete('bronze/reviews/good.parquet')
    await world.store.put('bronze/reviews/odd.parquet', await nulls())
    await world.run()
    assert.deepEqual(await notes(world), ['none', 'none'])
  })
})
