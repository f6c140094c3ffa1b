import assert from 'node:assert/strict'
import { lose } from '../support/loss.ts'
import { World } from '../support/world.ts'

const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })

describe('a customers snapshot', () => {
  let world: World
  let snapshot: string
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await world.addReviews('a', [review('a1')])
    await world.run()
    snapshot = [...world.store.objects.keys()].find(key => key.startsWith(`${world.layout.hidden}customers/`)) ?? ''
    await world.addReviews('b', [review('b1')])
  })

  const remove = () => lose(world, key => key === snapshot)

  it('that is damaged stops the run, which says what to do', async () => {
    const bytes = await world.store.get(snapshot)
    for (const damaged of [bytes.subarray(0, 100), bytes.subarray(-100), new Uint8Array()]) {
      await world.store.put(snapshot, damaged)
      await assert.rejects(world.run(), {
        name: 'DimensionUnreadable',
        message: /is damaged \(.+\): remove it, and start/,
      })
    }
    await remove()
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })

  it('that is removed during a run stops it; the next one makes it again', async () => {
    const { workers, store } = world.workers(world.store)
    const { join } = workers
    workers.join = async payload => {
      await remove()
      return join(payload)
    }
    await assert.rejects(world.runWith(workers, store), {
      name: 'DimensionUnreadable',
      message: /removed: start a new/,
    })
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })
})
