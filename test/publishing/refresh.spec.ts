import assert from 'node:assert/strict'
import { AthenaUnavailable } from '../../functions/runtime/errors.ts'
import { Faults } from '../support/faulty-store.ts'
import { World } from '../support/world.ts'

const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })

async function lake(): Promise<World> {
  const world = new World()
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('a', [review('a1')])
  return world
}

describe('RefreshPartitions', () => {
  it('is the moment at which rows appear: all of a batch, and not before its commit', async () => {
    const world = await lake()
    const { workers, store } = world.workers(world.store)
    const seen: number[] = []
    for (const name of ['join', 'commit', 'refresh'] as const) {
      const work = workers[name]
      workers[name] = async payload => {
        seen.push((await world.silver()).length)
        const result = await work(payload)
        seen.push((await world.silver()).length)
        return result
      }
    }
    await world.runWith(workers, store)
    assert.deepEqual(seen, [0, 0, 0, 0, 0, 1])
  })

  it('heals in the next run what Athena did not take', async () => {
    const world = await lake()
    const faults = new Faults(({ name }) =>
      name === 'setPartitions' ? { when: 'before', error: new AthenaUnavailable('Athena is away') } : undefined,
    )
    await assert.rejects(world.run({}, { faults }), { name: 'AthenaUnavailable' })
    assert.equal((await world.silver()).length, 0)
    const state = await world.run()
    assert.equal(state.reason, 'nothing new')
    assert.equal((await world.silver()).length, 1)
  })

  it('fails loudly, with both numbers, when a query counts other rows than were committed', async () => {
    const world = await lake()
    const { workers, store } = world.workers(world.store)
    const { commit } = workers
    workers.commit = async payload => {
      const state = await commit(payload)
      const [part] = [...world.store.objects.keys()].filter(
        key => /part-00000\.parquet$/.test(key) && key.includes('batch='),
      )
      // a stranger's file in the batch's directory doubles its rows
      if (part !== undefined) await world.store.put(part.replace('part-00000', 'stray'), await world.store.get(part))
      return state
    }
    await assert.rejects(world.runWith(workers, store), {
      name: 'CountMismatch',
      message: /batch \S+: a query sees 2 rows, its commit 0 has 1/,
    })
    await assert.rejects(world.run(), { name: 'CountMismatch' })
    for (const key of [...world.store.objects.keys()]) if (key.includes('stray')) await world.store.delete(key)
    await world.run()
    assert.equal((await world.silver()).length, 1)
  })

  it('tells everything again when the hint is lost or of another log', async () => {
    for (const hint of [undefined, '{"version": 99, "at": "2026-11-24T00:00:00Z"}', 'no JSON']) {
      const world = await lake()
      await world.run()
      world.catalog.partitions.clear()
      if (hint === undefined) await world.store.delete(world.layout.published)
      else await world.store.put(world.layout.published, new TextEncoder().encode(hint))
      await world.run()
      assert.equal((await world.silver()).length, 1, hint)
    }
  })

  it('works through a backlog in slices, each remembered', async () => {
    const world = new World({ maxFilesPerBatch: 1 })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    const { workers, store } = world.workers(world.store)
    workers.refresh = async payload => ({ ...(payload as { state: object }).state, refreshed: true, waitSeconds: 0 })
    for (let i = 0; i < 7; i++) await world.addReviews(`r${i}`, [review(`r${i}`)])
    await world.runWith(workers, store)
    assert.equal(world.catalog.partitions.size, 0)
    let slices = 0
    const counting = world.workers(world.store, undefined, { slice: 3 })
    const { refresh } = counting.workers
    counting.workers.refresh = async payload => {
      slices++
      return refresh(payload)
    }
    await world.runWith(counting.workers, counting.store)
    assert.equal(slices, 3)
    assert.equal((await world.silver()).length, 7)
  })
})
