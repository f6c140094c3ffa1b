import assert from 'node:assert/strict'
import { AthenaFailed, AthenaUnavailable } from '../../functions/base/errors.ts'
import { readLog } from '../../functions/log/read.ts'
import type { RunState } from '../../functions/protocol/state.ts'
import { Faults } from '../support/faulty-store.ts'
import { countSlices, lakeOfReviews } from '../support/review-lake.ts'
import { SQL, World } from '../support/world.ts'

const HOUR = 3_600_000
const review = (id: string, customer = '1') => ({ review_id: id, customer_id: customer, stars: 5 })

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

  it('lets no reader wait for another that fails, says so in every pass, and heals it in the next', async () => {
    const world = await lake()
    world.maxFilesPerBatch = 1
    await world.addReviews('b', [review('b1')])
    let refusals = 1
    const faults = new Faults(({ name }) =>
      name === 'setPartitions' && refusals-- > 0
        ? { when: 'before', error: new AthenaFailed('Athena refuses') }
        : undefined,
    )
    const { workers, store } = world.workers(world.store, faults)
    const { refresh } = workers
    const seen: unknown[] = []
    workers.refresh = async payload => {
      const state = (await refresh(payload)) as RunState // Refresh's
      seen.push([state.failures, (await world.silver()).length, (await world.spark()).length])
      return state
    }
    await world.runWith(workers, store)
    const failures = [{ reader: 'Athena', message: 'Athena refuses' }]
    assert.deepEqual(seen.slice(0, 2), [
      [failures, 0, 1],
      [undefined, 2, 2],
    ])
    refusals = 100
    await world.addReviews('c', [review('c1')])
    await assert.rejects(world.runWith(workers, store), { name: 'AthenaFailed' })
    assert.equal((await world.spark()).length, 3)
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
    const other = world.clone()
    for (const key of [...world.store.objects.keys()]) if (key.includes('stray')) await world.store.delete(key)
    await world.run()
    assert.equal((await world.silver()).length, 1)
    const [, input = ''] =
      /(\{.*\}) writes it again \(docs/.exec(String(await other.run().catch(error => error.message))) ?? []
    await other.run(JSON.parse(input))
    assert.equal((await other.silver()).length, 1)
  })

  it('keeps no other batch, and no reader by path, from its rows, when a batch is miscounted', async () => {
    const world = await lake()
    world.maxFilesPerBatch = 1
    await world.run()
    const part = [...world.store.objects.keys()].find(key => key.endsWith('part-00000.parquet')) ?? ''
    await world.store.put(part.replace('part-00000', 'stray'), await world.store.get(part))
    await world.store.delete(world.layout.published)
    for (const name of ['b', 'c', 'd']) await world.addReviews(name, [review(`${name}1`)])
    await assert.rejects(world.run(), { name: 'CountMismatch' })
    await world.store.delete(world.layout.published)
    world.catalog.partitions.clear()
    const { workers, store } = world.workers(world.store, undefined, { slice: 1 })
    await assert.rejects(world.runWith(workers, store), { name: 'CountMismatch' })
    const seen = async (rows: Promise<string[]>) => [...new Set((await rows).map(row => JSON.parse(row).review_id))]
    assert.deepEqual(await seen(world.silver()), ['a1', 'b1', 'c1', 'd1'])
    assert.deepEqual(await seen(world.spark()), ['a1', 'b1', 'c1', 'd1'])
  })

  it('publishes everything again when the hint is lost', async () => {
    for (const hint of [undefined, '{"version": "0"}', 'no JSON']) {
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
    assert.equal(await countSlices(world, 3), 3)
    assert.equal((await world.silver()).length, 7)
  })

  it('writes nothing when there is no news', async () => {
    const world = await lake()
    await world.run()
    await world.run({ reprocess: { all: true } })
    await world.run()
    const before = new Map(world.store.objects)
    await world.run()
    assert.deepEqual(world.store.objects, before)
  })

  it('has no partition for a batch that never had a row, and one for a batch that lost its rows', async () => {
    const world = await lake()
    await world.addReviews('nobody', [review('x1', 'nobody')])
    world.maxFilesPerBatch = 1
    await world.run()
    assert.equal(world.catalog.partitions.size, 1)
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 5')
    await world.run({ reprocess: { all: true } })
    assert.equal((await world.silver()).length, 0)
    world.catalog.partitions.clear()
    world.now += 25 * HOUR
    await world.run()
    // of a batch that was written again readers may know the old location
    assert.equal(world.catalog.partitions.size, 2)
  })
})

describe('a catalog that has lost what was published to it', () => {
  it('is updated by the next run that has news', async () => {
    const world = await lake()
    await world.run()
    world.catalog.partitions.clear()
    assert.equal((await world.run()).reason, 'nothing new')
    assert.equal(world.catalog.partitions.size, 0)
    await world.addReviews('b', [review('b1')])
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })

  it('is updated by any run where the table is gone, as after a deploy onto a bucket that was left', async () => {
    const world = await lake()
    await world.run()
    world.catalog.partitions.clear()
    world.catalog.columns = []
    assert.equal((await world.run()).reason, 'nothing new')
    assert.equal((await world.silver()).length, 1)
    assert.equal(world.catalog.columns.length, 3)
  })

  it('is updated after an hour, news or not', async () => {
    const world = await lake()
    await world.run()
    world.now += HOUR
    await world.run()
    world.catalog.partitions.clear()
    world.now += HOUR / 2
    await world.run()
    assert.equal(world.catalog.partitions.size, 0)
    world.now += HOUR / 2
    await world.run()
    assert.equal(world.catalog.partitions.size, 1)
    assert.equal(world.catalog.columns.length, 3)
  })

  it('is updated slice by slice', async () => {
    const world = await lakeOfReviews(7)
    await world.run()
    world.catalog.partitions.clear()
    world.now += 25 * HOUR
    assert.equal(await countSlices(world, 3), 3)
    assert.equal((await world.silver()).length, 7)
  })
})

describe('the location of a batch that was written again', () => {
  it('is published again while a slower run may have set it back, and once after that', async () => {
    const world = await lake()
    await world.run()
    const [[batch, old] = ['', undefined]] = world.catalog.partitions
    assert(old)
    await world.run({ reprocess: { all: true } })
    const setBack = () => world.catalog.partitions.set(batch, { ...old, replaced: true, absorbs: [] })
    const isOld = () => world.catalog.partitions.get(batch)?.location === old.location
    for (const wait of [0, HOUR, 22 * HOUR, HOUR]) {
      setBack()
      world.now += wait
      await world.run()
      assert(!isOld(), `${wait} ms later`)
    }
    setBack() // what no worker that still lives can do: the next comparison finds it all the same
    await world.run()
    assert(isOld())
    world.now += HOUR
    await world.run()
    assert(!isOld())
  })

  it('is not published where it is right, however many there are', async () => {
    const world = await lakeOfReviews(21)
    await world.run()
    await world.run({ reprocess: { all: true } })
    const told = countTold(world)
    for (const wait of [0, HOUR, 24 * HOUR]) {
      world.now += wait
      await world.run()
    }
    assert.deepEqual(told, [])
  })

  it('is updated slice by slice', async () => {
    const world = await lakeOfReviews(7)
    await world.run()
    const old = new Map(
      [...world.catalog.partitions].map(([key, each]) => [key, { ...each, replaced: true, absorbs: [] }]),
    )
    await world.run({ reprocess: { all: true } })
    await world.catalog.setPartitions([...old.values()])
    const told = countTold(world)
    assert.equal(await countSlices(world, 3), 3)
    assert.deepEqual(told, [3, 3, 1])
    const { state } = await readLog(world.store, world.layout)
    for (const { batch, location } of state.batches.values())
      assert.equal(world.catalog.partitions.get(batch)?.location, location)
  })

  it('is published to a partition that has another one', async () => {
    const world = await lake()
    const location = 'ingest_date=2026-11-24/batch=elsewhere/'
    const { workers, store } = world.workers(world.store)
    const { commit } = workers
    workers.commit = async payload => {
      const state = await commit(payload)
      const batch = (state as { done: string[] }).done[0] ?? ''
      world.catalog.partitions.set(batch, { ingestDate: '2026-11-24', batch, location, replaced: false, absorbs: [] })
      return state
    }
    await world.runWith(workers, store)
    assert.equal((await world.silver()).length, 1)
  })
})

/** How many partitions each statement sets from now on. */
function countTold({ catalog }: World): number[] {
  const { setPartitions } = catalog
  const told: number[] = []
  catalog.setPartitions = partitions => {
    told.push(partitions.length)
    return setPartitions.call(catalog, partitions)
  }
  return told
}
