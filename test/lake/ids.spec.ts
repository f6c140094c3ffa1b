import assert from 'node:assert/strict'
import { clockTime, passIds } from '../../functions/lake/ids.ts'
import { parsePlanRequest } from '../../functions/pipeline/plan/plan-pass.ts'
import { World } from '../support/world.ts'

const OUTSIDE = [
  ['-000001-01-01T00:00:00.000Z', Date.parse('-000001-01-01T00:00:00.000Z')],
  ['1969-12-31T23:59:59.999Z', -1],
  ['+010000-01-01T00:00:00.000Z', Date.UTC(10_000, 0)],
  ['+275760-09-13T00:00:00.000Z', 8.64e15],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
] as const

describe('the clock', () => {
  for (const [name, time] of OUTSIDE) {
    it(`at ${name} cannot name a batch, and says so`, async () => {
      const expected = { name: 'ClockOutOfRange', message: /the clock says .*1970 to 9999: set the clock/ }
      assert.throws(() => clockTime(time), expected)
      await assert.rejects(passIds('e', 0, time), expected)
    })
  }

  it('names batches from the first moment to the last', async () => {
    assert.match((await passIds('e', 0, 0)).batch, /^19700101T000000Z-/)
    assert.match((await passIds('e', 0, Date.UTC(10_000, 0) - 1)).batch, /^99991231T235959Z-/)
  })

  it('that is out of range ends a run by name, before it writes anything', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [{ review_id: 'a', customer_id: '1', stars: 5 }])
    for (const now of [Date.UTC(12_000, 0), -Date.UTC(2000, 0)]) {
      world.now = now
      await assert.rejects(world.run(), { name: 'ClockOutOfRange' })
    }
    const startTime = '+012000-01-01T00:00:00.000Z'
    assert.equal(parsePlanRequest({ execution: 'e', startTime, input: {}, state: {} }).startTime, startTime)
    for await (const { key } of world.store.list('silver/')) assert.fail(key)
  })
})
