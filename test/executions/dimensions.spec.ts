import assert from 'node:assert/strict'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { parkedReviews } from '../../functions/maintain/read-parked.ts'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { explainReview } from '../../functions/maintain/why/explain-review.ts'
import { codecs } from '../support/joining.ts'
import { dieBeforeCommit, loseLog, meaning, rebuild } from '../support/loss.ts'
import { World } from '../support/world.ts'

const SQL = `SELECT r.review_id, c.customer_name, p.label FROM bronze_reviews r
JOIN bronze_customers c ON r.customer_id = c.customer_id JOIN bronze_products p ON r.stars = p.stars`

const review = (id: string, customer: string, stars = 5) => ({ review_id: id, customer_id: customer, stars })
const customer = (id: string) => ({ customer_id: id, customer_name: `name ${id}` })

async function addTable(world: World, key: string, rows: readonly { stars: number | null; label: string }[]) {
  const columnData = [
    { name: 'stars', type: 'INT32' as const, nullable: true, data: rows.map(({ stars }) => stars) },
    { name: 'label', type: 'STRING' as const, data: rows.map(({ label }) => label) },
  ]
  await world.store.put(key, new Uint8Array(parquetWriteBuffer({ columnData })))
}

async function silver(world: World): Promise<unknown[]> {
  return (await world.silver()).map(row => Object.values(JSON.parse(row)).slice(0, 3).join(' '))
}

async function newest(world: World) {
  const { state } = await readLog(world.store, world.layout)
  const commit = await readCommit(world.store, world.layout, state.version)
  assert(commit && commit.operation !== 'abandon')
  return commit
}

async function snapshots(world: World): Promise<number> {
  let count = 0
  for await (const _ of world.store.list(`${world.layout.hidden}customers/`)) count++
  return count
}

describe('two dimensions', () => {
  let world: World
  beforeEach(async () => {
    world = new World({ sql: SQL })
    await world.addCustomers('a', [customer('1'), customer('2')])
    await addTable(world, 'bronze/products/a.parquet', [
      { stars: 5, label: 'five' },
      { stars: null, label: 'none' },
    ])
    await world.addReviews('a', [review('a1', '1'), review('a2', '2', 4), review('a3', '3'), review('a4', '3', 4)])
    await world.run()
  })

  it('are found by their folder, joined, and named in the commit with their files', async () => {
    assert.deepEqual(await silver(world), ['a1 name 1 five'])
    const { customers, dimensions, rows } = await newest(world)
    assert.equal(customers?.rows, 2)
    const [products, none] = dimensions ?? []
    assert.deepEqual([products?.name, products?.rows, none], ['products', 2, undefined])
    assert.deepEqual(
      products?.files.map(({ key }) => key),
      ['bronze/products/a.parquet'],
    )
    assert.deepEqual([rows.read, rows.matched, rows.unmatched], [4, 1, 3])
  })

  it('park a review that either lacks, and try it again when either changes', async () => {
    assert.deepEqual(await world.parked(), ['a2', 'a3', 'a4'])
    assert.equal((await world.run()).reason, 'nothing new')
    await world.addCustomers('b', [customer('3')])
    await world.run()
    assert.deepEqual(
      [await silver(world), await world.parked()],
      [
        ['a1 name 1 five', 'a3 name 3 five'],
        ['a2', 'a4'],
      ],
    )
    assert.equal((await world.run()).reason, 'nothing new')
    await addTable(world, 'bronze/products/b.parquet', [{ stars: 4, label: 'four' }])
    await world.run()
    assert.deepEqual(await silver(world), ['a1 name 1 five', 'a2 name 2 four', 'a3 name 3 five', 'a4 name 3 four'])
    assert.deepEqual(await world.parked(), [])
  })

  it('are named by why and among the parked reviews, with the key that is missing', async () => {
    const { store, layout } = world
    const status = async (id: string) => {
      const { stories } = await explainReview({ codecs, store, layout, id, column: 'review_id' })
      return stories[0]?.find(([name]) => name === 'status')?.[1].replace(/ \(.*/, '')
    }
    assert.match((await status('a1')) ?? '', /^in silver: /)
    assert.equal(await status('a2'), 'parked since 2026-11-24T07:16:00.000Z: products has no row with its key 4 yet')
    assert.equal(await status('a4'), 'parked since 2026-11-24T07:16:00.000Z: its customer 3 is not known yet')
    await world.addCustomers('b', [customer('3')])
    await world.run()
    assert.equal(await status('a4'), 'parked since 2026-11-24T07:16:00.000Z: products has no row with its key 4 yet')
    const { state } = await readLog(store, layout)
    const waiting: unknown[] = []
    const columns = { id: 'review_id', customer: undefined }
    for await (const { id, dimension, customer } of parkedReviews({ store, layout, codecs }, state, columns)) {
      waiting.push([id, dimension, customer])
    }
    assert.deepEqual(waiting, [
      ['a2', 'products', '4'],
      ['a4', 'products', '4'],
    ])
  })

  it('hold a review back whole while one of its rows lacks something', async () => {
    world.sql = `SELECT r.review_id, c.customer_name, p.label FROM bronze_reviews r
      JOIN bronze_customers c ON r.customer_id = c.customer_id JOIN bronze_products p ON c.customer_name = p.label`
    await world.addCustomers('twice', [{ customer_id: '9', customer_name: 'x' }])
    await world.addCustomers('again', [{ customer_id: '9', customer_name: 'y' }])
    await addTable(world, 'bronze/products/x.parquet', [{ stars: 1, label: 'x' }])
    await world.addReviews('b', [review('b1', '9')])
    await world.run()
    assert.deepEqual([await silver(world), (await world.parked()).includes('b1')], [['a1 name 1 five'], true])
    await addTable(world, 'bronze/products/y.parquet', [{ stars: 1, label: 'y' }])
    await world.run()
    assert.deepEqual(await silver(world), ['a1 name 1 five', 'b1 x x', 'b1 y y'])
  })

  it('are loaded again only where they changed, and their snapshots are kept while they are needed', async () => {
    assert.equal(await snapshots(world), 2)
    await addTable(world, 'bronze/products/b.parquet', [{ stars: 3, label: 'three' }])
    await world.addReviews('b', [review('b1', '1', 3)])
    await world.run()
    assert.equal(await snapshots(world), 3)
    world.now += 100 * 86_400_000
    const { store, layout, now, executions, patience } = world
    const options = { store, layout, now, olderThan: 1, executions, patience }
    for (const found of await findRubbish(options)) await removeRubbish(found, options)
    assert.equal(await snapshots(world), 2)
  })

  it('do not keep a review waiting that a condition on an earlier one filters', async () => {
    for (const join of ['JOIN', 'LEFT JOIN']) {
      world = new World({ sql: SQL.replace('JOIN bronze_customers', `${join} bronze_customers`) })
      world.sql += " WHERE c.customer_name <> 'name 2' AND r.stars + length(c.customer_name) > 4"
      await world.addCustomers('a', [customer('1'), customer('2')])
      await addTable(world, 'bronze/products/a.parquet', [{ stars: 5, label: 'five' }])
      await world.addReviews('a', [review('a1', '1'), review('a2', '2', 4), review('a3', '1', 3)])
      await world.run()
      assert.deepEqual([await silver(world), await world.parked()], [['a1 name 1 five'], ['a3']])
      const { rows } = await newest(world)
      assert.deepEqual([rows.filtered, rows.unmatched], [1, 1])
      const { store, layout } = world
      const { stories } = await explainReview({ codecs, store, layout, id: 'a2', column: 'review_id' })
      assert.match(String(stories[0]?.find(([name]) => name === 'status')?.[1]), /c\.customer_name <> 'name 2'/)
    }
  })

  it('are named by a log that was lost and rebuilt, which goes on with them', async () => {
    const before = await meaning(world)
    const { customers, dimensions } = await newest(world)
    await loseLog(world)
    await rebuild(world)
    assert.deepEqual(await meaning(world), before)
    const commit = await newest(world)
    assert.deepEqual([commit.customers?.snapshot, commit.dimensions], [customers?.snapshot, dimensions])
    await addTable(world, 'bronze/products/b.parquet', [{ stars: 4, label: 'four' }])
    await world.run()
    assert.deepEqual(
      [await silver(world), await world.parked()],
      [
        ['a1 name 1 five', 'a2 name 2 four'],
        ['a3', 'a4'],
      ],
    )
  })

  it('are joined once where a run died before its commit, though one has changed since', async () => {
    await world.addReviews('b', [review('b1', '1'), review('b2', '2', 4)])
    await dieBeforeCommit(world)
    await addTable(world, 'bronze/products/b.parquet', [{ stars: 4, label: 'four' }])
    await world.run()
    assert.deepEqual(await silver(world), ['a1 name 1 five', 'a2 name 2 four', 'b1 name 1 five', 'b2 name 2 four'])
    assert.deepEqual(await world.parked(), ['a3', 'a4'])
  })

  it('are not read where the query does not name them', async () => {
    await world.store.put('bronze/products/broken.parquet', new Uint8Array(100))
    world.sql = 'SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN bronze_customers c USING (customer_id)'
    await world.addReviews('b', [review('b1', '1')])
    await world.run()
    assert.equal((await newest(world)).dimensions, undefined)
  })

  it('stop the run where a file of one cannot be read, which is named', async () => {
    await world.store.put('bronze/products/broken.parquet', new Uint8Array(100))
    await world.addReviews('b', [review('b1', '1')])
    await assert.rejects(world.run(), {
      name: 'DimensionUnreadable',
      message: /^products file bronze\/products\/broken\.parquet can't be read: .*: repair or remove it /,
    })
  })

  it('are written again with the dimensions of now', async () => {
    await world.store.delete('bronze/products/a.parquet')
    await addTable(world, 'bronze/products/a.parquet', [{ stars: 5, label: 'FIVE' }])
    await world.run({ reprocess: { from: '2000-01-01', to: '2100-01-01' } })
    assert.deepEqual(await silver(world), ['a1 name 1 FIVE'])
  })
})

describe('a declared dimension', () => {
  const declare = (location: string, columns = '(stars BIGINT, label STRING)') =>
    `CREATE EXTERNAL TABLE goods ${columns} STORED AS PARQUET LOCATION '${location}'`
  const sql = 'SELECT r.review_id, g.label, g.stars FROM bronze_reviews r LEFT JOIN goods g ON r.stars = g.stars'

  async function run(declarations: string): Promise<unknown[]> {
    const world = new World({ sql })
    world.declarations = declarations
    await addTable(world, 'bronze/products/a.parquet', [{ stars: 5, label: 'five' }])
    await world.addReviews('a', [review('a1', '1')])
    await world.run()
    return await silver(world)
  }

  it('goes by its name, with its columns or those of its files', async () => {
    assert.deepEqual(await run(declare('s3://bucket/bronze/products/')), ['a1 five 5'])
    assert.deepEqual(await run(declare('bronze/products', '')), ['a1 five 5'])
  })

  it('lies beside the customers', async () => {
    for (const location of ['elsewhere', 'bronze', 'bronze/_hidden', 'bronze/reviews/x', 'silver/reviews']) {
      await assert.rejects(run(declare(location)), {
        name: 'InvalidInput',
        message: /goods lies at .* beside the customers/,
      })
    }
  })

  it('must have files', async () => {
    await assert.rejects(run(declare('bronze/none')), {
      name: 'DimensionUnreadable',
      message: /^there are no goods under bronze\/none\/: put their Parquet files there /,
    })
  })
})

describe('a join without a key', () => {
  const sql = 'SELECT r.review_id, p.label FROM bronze_reviews r JOIN bronze_products p ON r.stars < p.stars'

  it('lets a review wait that no row of the dimension fits', async () => {
    const world = new World({ sql })
    await addTable(world, 'bronze/products/a.parquet', [
      { stars: 3, label: 'three' },
      { stars: 4, label: 'four' },
    ])
    await world.addReviews('a', [review('a1', '1', 2), review('a2', '1', 4)])
    await world.run()
    assert.deepEqual([await silver(world), await world.parked()], [['a1 four', 'a1 three'], ['a2']])
  })

  it('is refused where a file makes too many pairs, before anything is joined', async () => {
    const world = new World({ sql })
    const many = Array.from({ length: 40_000 }, (_, i) => ({ stars: i, label: '' }))
    await addTable(world, 'bronze/products/a.parquet', many)
    await world.addReviews(
      'a',
      many.slice(0, 30_000).map(({ stars }) => review('a', '1', stars)),
    )
    await assert.rejects(world.run(), {
      name: 'JoinTooLarge',
      message:
        /^the join with products has no equality, so each of the 30,000 rows of bronze\/reviews\/a\.parquet would be compared with 40,000: at most 1,000,000,000 pairs are compared for one file/,
    })
  })
})

describe('VALUES', () => {
  it('needs no file, and lets reviews wait like any other dimension', async () => {
    const valued = (rows: string) =>
      `SELECT r.review_id, v.label, r.stars FROM bronze_reviews r JOIN (VALUES ${rows}) AS v(id, label) ON r.stars = v.id`
    const world = new World({ sql: valued("(5, 'five')") })
    await world.addReviews('a', [review('a1', '1'), review('a2', '1', 4)])
    await world.run()
    assert.deepEqual([await silver(world), await world.parked()], [['a1 five 5'], ['a2']])
    assert.deepEqual(
      (await newest(world)).dimensions?.map(({ name, files }) => [name, files]),
      [['values', []]],
    )
    world.sql = valued("(5, 'five'), (4, 'four')")
    await world.run()
    assert.deepEqual([await silver(world), await world.parked()], [['a1 five 5', 'a2 four 4'], []])
  })
})
