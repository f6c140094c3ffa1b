import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { deltaRows, readDelta } from '../support/delta-reader.ts'
import { World } from '../support/world.ts'

const SQL = `SELECT r.review_id, c.customer_name AS city
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`

/** The rows of the newest version, by a reader that looks names up by case. */
async function byCase({ store, layout }: World): Promise<string[]> {
  return await deltaRows(store, layout, (await readDelta(store, layout)) ?? assert.fail())
}

describe('a query that spells a column differently from the table', () => {
  let world: World
  beforeEach(async () => {
    world = new World({ sql: SQL })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Rome' }])
    await world.addReviews('a', [{ review_id: 'a1', customer_id: '1', stars: 5 }])
    await world.run()
    world.sql = SQL.replace('AS city', 'AS CITY').replace('r.review_id', 'r.review_id AS Review_ID')
  })

  const row = (id: string) => JSON.stringify({ review_id: id, city: 'Rome' })

  it('writes it as the table does, so that readers by case find its values', async () => {
    await world.addReviews('b', [{ review_id: 'b1', customer_id: '1', stars: 5 }])
    await world.run()
    assert.deepEqual(await byCase(world), [row('a1'), row('b1')].sort())
    assert.deepEqual(
      (await readLog(world.store, world.layout)).state.schema.map(({ name }) => name),
      ['review_id', 'city'],
    )
  })

  it('writes it as the table does in a batch that is written again', async () => {
    const [batch = ''] = (await readLog(world.store, world.layout)).state.batches.keys()
    await world.run({ reprocess: { batches: [batch] } })
    assert.deepEqual(await byCase(world), [row('a1')])
  })
})
