import assert from 'node:assert/strict'
import { ALL, batches, DAY, seen } from '../maintain/compact/packed-world.ts'
import { compact } from '../support/packable-lake.ts'
import { World } from '../support/world.ts'

describe('compactLake() with a day of small batches', () => {
  it('makes one file of 146 batches of one file, with equal rows', async () => {
    const many = new World()
    await many.addCustomers('1', [{ customer_id: '1', customer_name: 'one' }])
    for (let i = 0; i < 146; i++) {
      const customer_id = i % 10 === 0 ? '2' : '1'
      await many.addReviews(`${i}`, [
        { review_id: `a${i}`, customer_id, stars: 5 },
        { review_id: `b${i}`, customer_id: '1', stars: 2 },
      ])
      await many.run()
    }
    assert.equal((await batches(many)).length, 146)
    many.now += 10 * DAY
    await many.addReviews('later', [{ review_id: 'later', customer_id: '1', stars: 5 }])
    await many.run()
    const before = await seen(many)
    const [done] = await compact(many, { merge: true })
    assert.deepEqual([done?.files, done?.absorbs.length, done?.rows], [{ before: 146, after: 1 }, 145, 277])
    await many.run()
    assert.deepEqual(await seen(many), before)
    assert.equal(before.length, 278)
    assert.equal((await many.parked()).length, 15)
    await many.addCustomers('2', [{ customer_id: '2', customer_name: 'two' }])
    await many.run()
    assert.equal((await seen(many)).length, 293)
    await many.run(ALL)
    assert.equal((await seen(many)).length, 293)
  })
})
