import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { printSink } from '../../functions/lake/spark-sink.ts'
import { readLog } from '../../functions/log/read.ts'
import { Meanwhile } from '../support/faulty-store.ts'
import { contents, ids } from '../support/loss.ts'
import { World } from '../support/world.ts'

const BAD = 'bronze/reviews/bad.parquet'
const DECLARED = `
  CREATE EXTERNAL TABLE bronze_reviews (review_id string, customer_id string, stars int)
  STORED AS PARQUET LOCATION 'bronze/reviews';`

const review = (id: string, customer = '1') => ({ review_id: id, customer_id: customer, stars: 5 })
const named = (id: string, name: string) => [{ customer_id: id, customer_name: name }]
const text = (content: string) => new TextEncoder().encode(content)

describe('a first run', () => {
  let world: World
  beforeEach(() => {
    world = new World()
  })

  describe('that finds reviews of which none can be read', () => {
    beforeEach(async () => {
      await world.addCustomers('c', named('1', 'one'))
      await world.store.put(BAD, text('no Parquet, and no rows'))
    })

    it('says which file it is and why, writes nothing, and works as soon as a good one comes', async () => {
      const before = contents(world)
      await assert.rejects(world.run(), {
        name: 'ReviewsUnreadable',
        message:
          /^the columns of bronze\/reviews\/ are not known yet, .*: bronze\/reviews\/bad\.parquet: .*PAR1.*: put a Parquet file there, or declare the columns in bronze\.sql \(docs/,
      })
      assert.deepEqual(contents(world), before)
      await world.addReviews('good', [review('r1')])
      await world.run()
      assert.deepEqual(await ids(world), ['r1'])
      assert.deepEqual(
        (await world.settled()).map(line => line.includes('PAR1') && line.startsWith(BAD)),
        [true, false],
      )
    })

    it('is told to run again when they are replaced while it looks at them', async () => {
      await world.store.delete(BAD)
      await world.addReviews('a', [review('r0')])
      const faults = new Meanwhile(async ({ name, key }) => {
        if (name === 'get' && key.endsWith('/a.parquet')) await world.addReviews('a', [review('r1')])
      })
      await assert.rejects(world.run({}, { faults }), {
        name: 'ReviewsUnreadable',
        message: /has changed .*: run again \(docs/,
      })
      await world.run()
      assert.deepEqual(await ids(world), ['r1'])
    })

    it('quarantines them at once where bronze.sql says what columns there are', async () => {
      world.declarations = DECLARED
      await world.run()
      assert.equal((await world.settled()).filter(line => line.startsWith(BAD) && line.includes('PAR1')).length, 1)
      assert.equal((await world.run()).reason, 'nothing new')
    })
  })

  describe('without customers', () => {
    beforeEach(() => world.addReviews('a', [review('r1')]))

    for (const [what, declarations] of [
      ['of unknown columns', null],
      [
        'that bronze.sql declares',
        `CREATE EXTERNAL TABLE bronze_customers (customer_id string, customer_name string)
         STORED AS PARQUET LOCATION 'bronze/customers'`,
      ],
    ] as const) {
      it(`${what} says where to put them, and joins when they are there`, async () => {
        world.declarations = declarations
        const before = contents(world)
        await assert.rejects(world.run(), {
          name: 'DimensionUnreadable',
          message: /^there are no customers under bronze\/customers\/: put their Parquet files there/,
        })
        assert.deepEqual(contents(world), before)
        await world.addCustomers('c', named('1', 'one'))
        await world.run()
        assert.deepEqual(await ids(world), ['r1'])
      })
    }

    it('names files of customers that do not go together', async () => {
      await world.addCustomers('c', named('1', 'one'))
      const columnData = [{ name: 'customer_id', type: 'INT64' as const, data: [1n] }]
      await world.store.put('bronze/customers/a.parquet', new Uint8Array(parquetWriteBuffer({ columnData })))
      await assert.rejects(world.run(), {
        name: 'DimensionUnreadable',
        message:
          /^customers file bronze\/customers\/c.parquet: column customer_id is string here and bigint .*: repair/,
      })
      await world.store.delete('bronze/customers/a.parquet')
      await world.run()
      assert.deepEqual(await ids(world), ['r1'])
    })

    it('needs none where the query does not ask for them, and then blames the query alone', async () => {
      world.sql = 'SELECT r.review_idd FROM bronze_reviews r'
      await assert.rejects(world.run(), { name: 'InvalidQuery', message: /review_idd/ })
      world.sql = 'SELECT r.review_id FROM bronze_reviews r'
      await world.run()
      assert.deepEqual(await ids(world), ['r1'])
    })
  })

  describe('whose customers are replaced while Plan reads them', () => {
    beforeEach(async () => {
      await world.addCustomers('c', named('1', 'old'))
      await world.addReviews('a', [review('r1')])
    })

    /** Replaces the customers before their file is read, so many times. */
    const replacing = (times: number) => {
      let reads = 0
      return new Meanwhile(async ({ name, key }) => {
        if (name !== 'get' || key !== 'bronze/customers/c.parquet' || reads === times) return
        await world.addCustomers('c', named('1', `name ${++reads}`))
      })
    }

    it('takes them as they are then', async () => {
      await world.run({}, { faults: replacing(4) })
      assert.deepEqual(
        (await world.silver()).map(row => JSON.parse(row).customer_name),
        ['name 4'],
      )
    })

    it('gives up when that does not end, and loses nothing', async () => {
      await assert.rejects(world.run({}, { faults: replacing(Number.POSITIVE_INFINITY) }), {
        name: 'DimensionChanged',
        message:
          'customers file bronze/customers/c.parquet was replaced while it was read: run again (docs/troubleshooting.md#dimensionchanged)',
      })
      assert.equal((await readLog(world.store, world.layout)).state.version, -1)
      await world.run()
      assert.deepEqual(await ids(world), ['r1'])
    })

    it('goes on without a file that is removed', async () => {
      await world.addCustomers('d', named('2', 'two'))
      const faults = new Meanwhile(async ({ name, key }) => {
        if (name === 'get' && key === 'bronze/customers/d.parquet') await world.store.delete(key)
      })
      await world.run({}, { faults })
      assert.deepEqual(await ids(world), ['r1'])
    })
  })

  describe("whose customers were written by Spark's file sink", () => {
    beforeEach(async () => {
      for (const id of ['1', '2']) await world.addCustomers(`part-${id}`, named(id, id))
      const path = 's3a://elsewhere/bronze/customers/part-1.parquet'
      const entry = printSink([{ path, size: 1, modificationTime: 1 }])
      await world.store.put('bronze/customers/_spark_metadata/0', text(entry))
      await world.addReviews('a', [review('r1', '1'), review('r2', '2')])
    })

    it('takes those alone that the sink has committed', async () => {
      await world.run()
      assert.deepEqual(await ids(world), ['r1'])
      assert.deepEqual(await world.parked(), ['r2'])
    })

    it("takes all of them where the sink's log is to be ignored", async () => {
      world.ignoreSparkMetadata = true
      await world.run()
      assert.deepEqual(await ids(world), ['r1', 'r2'])
    })
  })
})
