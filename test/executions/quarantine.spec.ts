import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import { Faults } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

const review = { review_id: 'a1', customer_id: '1', stars: 5 }

describe('quarantine', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review])
    const bytes = await world.store.get('bronze/reviews/a.parquet')
    await world.store.put('bronze/reviews/a.parquet', bytes.slice(0, -3)) // as if its writer were not done yet
    await world.addReviews('b', [{ ...review, review_id: 'b1' }])
    await world.run()
  })

  it('keeps a file away that cannot be read, with the reason', async () => {
    assert.equal((await world.silver()).length, 1)
    assert((await world.settled()).some(line => line.startsWith('bronze/reviews/a.parquet') && line.includes('PAR1')))
    assert.equal((await world.run()).reason, 'nothing new')
  })

  it('ends when the file is another', async () => {
    await world.addReviews('a', [review])
    await world.run()
    assert.equal((await world.silver()).length, 2)
    assert((await world.settled()).every(line => !line.includes('PAR1')))
  })

  it('is looked at again when asked to', async () => {
    const state = await world.run({ quarantined: true })
    assert.equal(state.work?.files, 1)
    assert.equal((await world.run()).reason, 'nothing new')
  })

  it('is for bad files, never for a bad store: the run fails, and nothing is committed', async () => {
    await world.addReviews('x', [{ ...review, review_id: 'x1' }])
    const before = await world.settled()
    for (const name of ['get', 'head'] as const) {
      const faults = new Faults(operation =>
        operation.name === name && operation.key.includes(name === 'get' ? 'x.parquet' : 'part-')
          ? { when: 'before', error: new StoreUnavailable('S3 is away') }
          : undefined,
      )
      await assert.rejects(world.run({}, { faults }), { name: 'StoreUnavailable' })
      assert.deepEqual(await world.settled(), before)
    }
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })
})
