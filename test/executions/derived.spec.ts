import assert from 'node:assert/strict'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { World } from '../support/world.ts'

const RANKED = `SELECT r.review_id, c.customer_name FROM bronze_reviews r JOIN (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY customer_name DESC) AS n FROM bronze_customers
) c ON r.customer_id = c.customer_id WHERE c.n = 1`

const review = (id: string, customer: string) => ({ review_id: id, customer_id: customer, stars: 5 })
const customer = (id: string, name: string) => ({ customer_id: id, customer_name: name })

async function silver(world: World): Promise<unknown[]> {
  return (await world.silver()).map(row => Object.values(JSON.parse(row)).slice(0, 2).join(' ')).sort()
}

async function snapshots(world: World): Promise<number> {
  let count = 0
  for await (const _ of world.store.list(`${world.layout.hidden}customers/`)) count++
  return count
}

describe('a derived dimension', () => {
  it('is computed once while its files stay, and again when they change; rows that wait for it are tried again', async () => {
    const world = new World({ sql: RANKED })
    await world.addCustomers('a', [customer('1', 'old'), customer('1', 'young'), customer('2', 'two')])
    await world.addReviews('a', [review('a1', '1'), review('a2', '2'), review('a3', '3')])
    await world.run()
    assert.deepEqual(await silver(world), ['a1 young', 'a2 two'])
    await world.addReviews('b', [review('b1', '1')])
    await world.run()
    assert.deepEqual([await snapshots(world), (await silver(world)).length], [1, 3])
    await world.addCustomers('b', [customer('3', 'three'), customer('1', 'zero')])
    await world.addReviews('c', [review('c1', '1')])
    await world.run()
    assert.equal(await snapshots(world), 2)
    assert.deepEqual(await silver(world), ['a1 young', 'a2 two', 'a3 three', 'b1 young', 'c1 zero'])
    const { state } = await readLog(world.store, world.layout)
    const commit = await readCommit(world.store, world.layout, state.version)
    assert(commit && commit.operation !== 'abandon')
    assert.deepEqual(
      commit.dimensions?.map(({ name, files }) => [name, files?.length]),
      [['derived', 2]],
    )
  })

  it('stops the run where a scalar subquery has several rows', async () => {
    const world = new World({
      sql: 'SELECT review_id, (SELECT customer_name FROM bronze_customers) AS n FROM bronze_reviews',
    })
    await world.addCustomers('a', [customer('1', 'one'), customer('2', 'two')])
    await world.addReviews('a', [review('a1', '1')])
    await assert.rejects(world.run(), /NotScalar|gives 2 rows/)
  })
})
