import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { contents, dieBeforeCommit, lose, loseHints, loseReaders, loseSink, meaning, rebuild } from '../support/loss.ts'
import { SQL, World } from '../support/world.ts'

const HOUR = 3_600_000
const review = (id: string, customer = '1') => ({ review_id: id, customer_id: customer, stars: 5 })
const addCustomer = (world: World, id: string) =>
  world.addCustomers(id, [{ customer_id: id, customer_name: `of ${id}` }])

describe('each commit of a rebuilt log', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await addCustomer(world, '1')
  })

  /** A batch that parks, one that takes that in, and the first written again. */
  async function parkedTakenReplaced(): Promise<void> {
    await world.addReviews('a', [review('a1'), review('a2', '2')])
    await world.run()
    await addCustomer(world, '2')
    await world.run()
    const [first = ''] = (await readLog(world.store, world.layout)).state.batches.keys()
    await world.run({ reprocess: { batches: [first] } })
  }

  it('lets no row wait again that was taken in, whichever commit is lost', async () => {
    await parkedTakenReplaced()
    for (const version of [0, 1, 2]) {
      const other = world.clone()
      const before = await meaning(other)
      await other.store.delete(other.layout.commit(version))
      await rebuild(other)
      await addCustomer(other, '9') // what waits is tried again
      await other.run()
      assert.deepEqual(await meaning(other), before, `version ${version}`)
    }
  })

  it('is as it was where only a hint of an earlier version names another attempt', async () => {
    await parkedTakenReplaced()
    const before = await meaning(world)
    const { attempt } = (await readLog(world.store, world.layout)).state
    const other = attempt.slice(0, -1) + (attempt.endsWith('0') ? '1' : '0')
    const hint = JSON.stringify({ format: 1, version: 2, attempt: other, at: '2026-11-24T07:00:00.000Z' })
    await world.store.put(world.layout.published, new TextEncoder().encode(hint))
    const log = [...contents(world)].filter(([key]) => key.startsWith(world.layout.log))
    await assert.rejects(world.run(), { name: 'BrokenLog', message: /version 2 is not the one that .*published\.json/ })
    await rebuild(world)
    assert.deepEqual(
      [...contents(world)].filter(([key]) => key.startsWith(world.layout.log)),
      log,
    )
    await addCustomer(world, '9')
    await world.run()
    assert.deepEqual(await meaning(world), before)
  })

  it('has the newest of a batch where its commit is lost and an older one is left, and no reader knows', async () => {
    await world.addReviews('a', [review('a1')])
    await world.run()
    world.sql = SQL.replace('r.stars,', 'r.stars * 10 AS stars,')
    await world.run({ reprocess: { all: true } })
    const before = await meaning(world)
    await world.store.delete(world.layout.commit(1))
    await loseReaders(world)
    const { notes } = await rebuild(world)
    assert.match(notes.join(), /it is newer than \S+, and nothing is left that says whether it was committed/)
    await world.run()
    assert.deepEqual(await meaning(world), before)
  })

  it('keeps the version of each commit, and says of one that is lost for good that it is', async () => {
    await parkedTakenReplaced()
    await world.addReviews('c', [review('c1')])
    await dieBeforeCommit(world)
    const options = {
      ...{ store: world.store, layout: world.layout, executions: { isRunning: async () => false } },
      ...{ now: world.now + 48 * HOUR, olderThan: 24 * HOUR },
    }
    for (const found of await findRubbish(options)) await removeRubbish(found, options)
    await world.run()
    const versions = async () => {
      const { batches } = (await readLog(world.store, world.layout)).state
      return [...batches.values()].map(({ batch, version }) => [batch, version])
    }
    const before = await versions()
    await world.store.delete(world.layout.commit(3))
    const { commits, notes } = await rebuild(world)
    assert.deepEqual(await versions(), before)
    assert.equal(commits[3]?.operation, 'abandon')
    assert.match(notes.join(), /version 3 is lost, and no attempt that is left is known for it/)
  })

  it('is found by the catalog where a batch without rows was written again', async () => {
    await world.addReviews('a', [{ ...review('a1', '2'), stars: 1 }])
    await world.run() // filtered
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    await world.run({ reprocess: { all: true } })
    assert.deepEqual(await world.parked(), ['a1'])
    await world.store.delete(world.layout.commit(1))
    await loseHints(world)
    await loseSink(world)
    await rebuild(world)
    await world.run()
    assert.deepEqual(await world.parked(), ['a1'])
  })

  it('keeps rows waiting that a batch parked before it was written again, where its first commit is lost', async () => {
    const { store, layout, executions } = {
      ...world,
      layout: world.layout,
      executions: { isRunning: async () => false },
    }
    await world.addReviews('a', [review('a1'), review('a2', '2')])
    await world.run()
    await world.run({ reprocess: { all: true } })
    for (const vacuumed of [false, true]) {
      if (vacuumed) {
        const options = { store, layout, executions, now: world.now + 48 * HOUR, olderThan: 24 * HOUR }
        for (const found of await findRubbish(options)) await removeRubbish(found, options)
      }
      const other = world.clone()
      await other.store.delete(layout.commit(0))
      await rebuild(other)
      assert.deepEqual(await other.parked(), ['a2'])
      await addCustomer(other, '2')
      await other.run()
      assert.equal((await meaning(other)).silver.length, 2)
      assert.deepEqual(await other.parked(), [])
    }
  })

  it('parks what a later commit of the batch has parked there, not before', async () => {
    await world.addReviews('a', [{ ...review('a1', '2'), stars: 1 }])
    await world.run() // filtered
    await world.run({ reprocess: { all: true } })
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    for (const _ of [1, 2]) await world.run({ reprocess: { all: true } }) // parked, then left out
    const [first = ''] = [...world.store.objects.keys()].filter(key => key.includes('/ingest_date=')).sort()
    await lose(world, key => key === first || key === world.layout.commit(0))
    await rebuild(world)
    await world.run()
    assert.deepEqual(await world.parked(), ['a1'])
  })
})
