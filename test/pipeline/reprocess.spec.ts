import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { Crash, Faults } from '../support/faulty-store.ts'
import { SQL, World } from '../support/world.ts'

const review = (id: string, stars = 5) => ({ review_id: id, customer_id: '1', stars })
const ALL = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

async function ids(world: World): Promise<string[]> {
  return (await world.silver()).map(row => JSON.parse(row).review_id).sort()
}

async function batches(world: World) {
  const { state } = await readLog(world.store, world.layout)
  return [...state.batches.values()]
}

describe('reprocess', () => {
  let world: World
  beforeEach(async () => {
    world = new World({ maxFilesPerBatch: 1 })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    for (const name of ['a', 'b', 'c']) {
      await world.addReviews(name, [review(`${name}1`), review(`${name}2`, 1)])
      world.now += 3_600_000
    }
    await world.run()
  })

  it('writes every batch again with the query of now, and swaps each at once', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    const before = await batches(world)
    const state = await world.run(ALL)
    assert.equal(state.done.length, 3)
    assert.deepEqual(await ids(world), ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
    for (const [i, { batch, location, superseded }] of (await batches(world)).entries()) {
      assert.equal(batch, before[i]?.batch)
      assert.notEqual(location, before[i]?.location)
      assert.deepEqual(
        superseded.map(old => old.location),
        [before[i]?.location],
      )
    }
  })

  it('takes the batches that are named, or those that hold files of a time range', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    const [first, second] = await batches(world)
    await world.run({ reprocess: { batches: [second?.batch ?? ''] } })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'b2', 'c1'])
    const { first: from = '' } = first?.modified ?? {}
    await world.run({ reprocess: { from, to: new Date(Date.parse(from) + 1).toISOString() } })
    assert.deepEqual(await ids(world), ['a1', 'a2', 'b1', 'b2', 'c1'])
  })

  it('shows each batch wholly old or wholly new when it dies, and is finished by the same command', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    let commits = 0
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key.startsWith(world.layout.log) && ++commits === 2
        ? { when: 'before', error: new Crash('died at the second commit') }
        : undefined,
    )
    await assert.rejects(world.run(ALL, { faults }), Crash)
    assert.deepEqual(await ids(world), ['a1', 'a2', 'b1', 'c1'])
    await world.run(ALL)
    assert.deepEqual(await ids(world), ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
  })

  it('leaves a batch alone whose files are missing or changed, and names them', async () => {
    await world.store.delete('bronze/reviews/a.parquet')
    await assert.rejects(world.run(ALL), { name: 'ReplaceRefused', message: /bronze\/reviews\/a\.parquet is gone/ })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'c1'])
    await world.addReviews('a', [review('a9')])
    await assert.rejects(world.run(ALL), { name: 'ReplaceRefused', message: /a\.parquet has changed/ })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'c1'])
  })

  it('leaves a batch alone when a file changes under the join', async () => {
    const { workers, store } = world.workers(world.store)
    const { plan } = workers
    workers.plan = async payload => {
      const state = await plan(payload)
      await world.addReviews('a', [review('a9')])
      return state
    }
    await assert.rejects(world.runWith(workers, store, ALL), {
      name: 'ReplaceRefused',
      message: /it has changed since it was planned/,
    })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'c1'])
  })

  it('takes changed files as they are now where that is asked for, and says before that they have changed', async () => {
    await world.addReviews('b', [review('b8'), review('b9')])
    const state = await world.run()
    assert.deepEqual([state.reason, state.changed], ['nothing new', 1])
    assert.deepEqual(await ids(world), ['a1', 'b1', 'c1'])
    await world.run({ reprocess: { changed: true } })
    assert.deepEqual(await ids(world), ['a1', 'b8', 'b9', 'c1'])
    assert.equal((await world.run()).changed, 0)
  })

  it('refuses batches that the log does not have', async () => {
    const batch = '20200101T000000Z-00000000'
    await assert.rejects(world.run({ reprocess: { batches: [batch] } }), {
      name: 'InvalidInput',
      message: /has no batch 2020/,
    })
  })

  it('goes on while new files come', async () => {
    await world.addReviews('d', [review('d1')])
    await world.run(ALL)
    assert.deepEqual(await ids(world), ['a1', 'b1', 'c1'])
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'b1', 'c1', 'd1'])
  })
})
