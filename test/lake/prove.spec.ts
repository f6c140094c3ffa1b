import assert from 'node:assert/strict'
import { translateS3 } from '../../functions/adapters/s3/s3-errors.ts'
import { World } from '../support/world.ts'

/** A lake with reviews that are new, in a store that counts its puts by key. */
async function newLake(keepsConditions: boolean) {
  const world = new World()
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('a', [{ review_id: 'a', customer_id: '1', stars: 5 }])
  const { store, layout } = world
  const put = store.put.bind(store)
  const puts: string[] = []
  store.put = (key, body, condition) => {
    puts.push(key)
    return put(key, body, keepsConditions ? condition : undefined)
  }
  return { world, puts, probes: () => puts.filter(key => key === layout.probe).length }
}

describe('a store', () => {
  it('that overwrites despite If-None-Match is refused before the first commit, by name', async () => {
    const { world, puts } = await newLake(false)
    for (let run = 1; run <= 2; run++) {
      await assert.rejects(world.run(), { name: 'StoreUnsuitable', message: /despite If-None-Match/ })
    }
    assert.deepEqual(
      puts.filter(key => key !== world.layout.probe && key !== world.layout.claim),
      [],
    )
  })

  it('is tested once: after the first commit, no run puts anything for it', async () => {
    const { world, probes } = await newLake(true)
    await world.run()
    assert.equal(probes(), 2)
    await world.addReviews('b', [{ review_id: 'b', customer_id: '1', stars: 5 }])
    await world.run()
    assert.equal(probes(), 2)
    assert.equal((await world.silver()).length, 2)
  })

  it('that answers 501 to a condition is refused by name, and the request is not repeated', () => {
    const error = Object.assign(new Error('not implemented'), {
      name: 'NotImplemented',
      $metadata: { httpStatusCode: 501 },
    })
    assert.throws(() => translateS3('k', error), { name: 'StoreUnsuitable', message: /conditional writes/ })
  })
})
