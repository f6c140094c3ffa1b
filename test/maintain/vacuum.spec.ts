import assert from 'node:assert/strict'
import { renewClaim } from '../../functions/lake/claim.ts'
import { readLog } from '../../functions/log/read.ts'
import { defaultAge, findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { deltaRows, readDelta } from '../support/delta-reader.ts'
import { Crash, Faults } from '../support/faulty-store.ts'
import { loseLog } from '../support/loss.ts'
import { World } from '../support/world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** A lake with one review that is joined and one that waits. */
async function lived(): Promise<World> {
  const world = new World()
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  await world.addReviews('a', [
    { review_id: 'a1', customer_id: '1', stars: 5 },
    { review_id: 'a2', customer_id: '2', stars: 5 },
  ])
  await world.run()
  return world
}

/** Lets a run die right before its commit, so that its attempt is left behind. */
async function orphan(world: World, name: string): Promise<void> {
  await world.addReviews(name, [
    { review_id: `${name}1`, customer_id: '1', stars: 5 },
    { review_id: `${name}2`, customer_id: '2', stars: 5 },
  ])
  const faults = new Faults(({ name, key }) =>
    name === 'put' && key.startsWith(world.layout.log) ? { when: 'before', error: new Crash('died') } : undefined,
  )
  await assert.rejects(world.run({}, { faults }), Crash)
}

function options(world: World, olderThan = DAY) {
  const { store, layout, now, executions, patience } = world
  return { store, layout, now, olderThan, executions, patience }
}

async function vacuum(world: World, olderThan = DAY) {
  const found = await findRubbish(options(world, olderThan))
  for (const each of found) await removeRubbish(each, options(world, olderThan))
  return found.map(({ kind, keys }) => [kind, keys.length])
}

describe('vacuum', () => {
  it('keeps what versions of the Delta table need for as long as it is asked, and no longer', async () => {
    const world = await lived()
    const { store, layout } = world
    await world.run({ reprocess: { all: true } })
    await world.run({ reprocess: { all: true } })
    const old = await readDelta(store, layout, 0)
    assert(old)
    world.now += 6 * DAY
    await world.run()
    assert.equal(await defaultAge(world), 7 * DAY)
    assert.deepEqual(await vacuum(world, 7 * DAY), [])
    assert.equal((await deltaRows(store, layout, old)).length, 1)
    world.now += 2 * DAY
    assert.deepEqual(
      (await vacuum(world, 7 * DAY)).filter(([kind]) => kind === 'superseded'),
      [
        ['superseded', 1],
        ['superseded', 1],
      ],
    )
    await assert.rejects(deltaRows(store, layout, old), { name: 'ObjectMissing' })
    const newest = await readDelta(store, layout)
    assert.equal(newest && (await deltaRows(store, layout, newest)).length, 1)
  })

  it('takes a day for its age where there is no Delta table', async () => {
    assert.equal(await defaultAge(new World()), DAY)
  })

  it('finds nothing in a lake whose runs have ended well, but their old plans and reports', async () => {
    const world = await lived()
    assert.deepEqual(await vacuum(world), [])
    world.now += 2 * DAY
    assert.deepEqual(await vacuum(world), [['run', 3]])
    assert.equal((await world.silver()).length, 1)
    assert.deepEqual(await world.parked(), ['a2'])
  })

  it('refuses a lake whose log is lost, of which all would look like rubbish', async () => {
    const world = await lived()
    await loseLog(world)
    world.now += 2 * DAY
    await assert.rejects(vacuum(world), { name: 'BrokenLog' })
    assert.equal((await world.silver()).length, 1)
  })

  it('removes an attempt that was never committed, once it is old enough', async () => {
    const world = await lived()
    await orphan(world, 'b')
    world.now += DAY - HOUR
    assert.deepEqual(await vacuum(world), [])
    world.now += 2 * HOUR
    // silver file, parked file, plan.json, query.json
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'orphan'),
      [['orphan', 4]],
    )
    const { state } = await readLog(world.store, world.layout)
    assert.equal(state.abandoned.size, 1)
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })

  it('leaves the attempt of an execution alone that is still running', async () => {
    const world = await lived()
    await orphan(world, 'b')
    world.now += 2 * DAY
    world.running.add('arn:aws:states:local:0:execution:silver:run-2')
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'orphan'),
      [],
    )
  })

  it('leaves alone the attempt of an execution of which nothing is known, as long as it renews its claim', async () => {
    const world = await lived()
    await orphan(world, 'b')
    world.now += 2 * DAY
    const execution = 'arn:aws:states:local:0:execution:silver:run-2'
    world.unknown.add(execution)
    const { patience } = world
    world.patience = { ...patience, wait: () => renewClaim({ ...world, execution }) }
    const orphans = async () => (await findRubbish(options(world))).filter(({ kind }) => kind === 'orphan').length
    assert.equal(await orphans(), 0)
    world.patience = patience
    assert.equal(await orphans(), 1)
  })

  it('keeps an execution that is redriven from committing what is gone', async () => {
    const world = await lived()
    const { workers, store } = world.workers(world.store)
    const { commit } = workers
    let late: unknown
    workers.commit = async payload => {
      late = payload
      throw new Crash('died before its commit')
    }
    await world.addReviews('b', [{ review_id: 'b1', customer_id: '1', stars: 5 }])
    await assert.rejects(world.runWith(workers, store), Crash)
    world.now += 2 * DAY
    await vacuum(world)
    const state = (await commit(late)) as { reason: string; more: boolean }
    assert.deepEqual([state.reason, state.more], ['void', true])
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })

  it('commits what it would have removed when the execution was quicker', async () => {
    const world = await lived()
    await orphan(world, 'b')
    world.now += 2 * DAY
    const [found] = (await findRubbish(options(world))).filter(({ kind }) => kind === 'orphan')
    assert(found)
    const query = found.keys.find(key => key.endsWith('query.json'))
    const { workers } = world.workers(world.store)
    const state = await world.clone().run() // of another attempt
    await workers.commit({ state: { ...state, query, done: [] } })
    assert.equal(await removeRubbish(found, options(world)), false)
    await world.run()
    assert.equal((await world.silver()).length, 2)
  })

  it('removes a superseded location a day after the newer one was published, not before', async () => {
    const world = await lived()
    await world.run({ reprocess: { from: '2000-01-01', to: '2100-01-01' } })
    const kinds = async () => (await vacuum(world)).filter(([kind]) => kind === 'superseded')
    world.now += DAY - HOUR
    assert.deepEqual(await kinds(), [])
    world.now += 2 * HOUR
    assert.deepEqual(await kinds(), [['superseded', 1]])
    assert.equal((await world.silver()).length, 1)
    assert.deepEqual(await world.parked(), ['a2'])
  })

  it('never removes a superseded location as long as the newer one is not published', async () => {
    const world = await lived()
    const { workers, store } = world.workers(world.store)
    workers.refresh = async () => {
      throw new Crash('Athena is away')
    }
    await assert.rejects(world.runWith(workers, store, { reprocess: { from: '2000-01-01', to: '2100-01-01' } }), Crash)
    world.now += 10 * DAY
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'superseded'),
      [],
    )
    assert.equal((await world.silver()).length, 1)
  })

  it('removes customers snapshots that no commit will use again', async () => {
    const world = await lived()
    await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
    await world.run()
    world.now += 2 * DAY
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'customers'),
      [['customers', 1]],
    )
    await world.addReviews('z', [{ review_id: 'z1', customer_id: '2', stars: 5 }])
    await world.run()
    assert.equal((await world.silver()).length, 3)
  })

  /** The customers snapshots that are there. */
  const snapshots = (world: World) => [...world.store.objects.keys()].filter(key => key.endsWith('.snapshot'))

  it('removes the customers snapshot of an earlier version, under another name', async () => {
    const world = await lived()
    await world.store.put(`${world.layout.hidden}customers/${'0'.repeat(64)}.arrow`, new Uint8Array(8))
    assert.deepEqual(await vacuum(world), [])
    world.now += 2 * DAY
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'customers'),
      [['customers', 1]],
    )
  })

  it('keeps the customers snapshot of an execution that is running, however old it is', async () => {
    const world = await lived()
    await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
    await orphan(world, 'b')
    await world.store.delete('bronze/customers/d.parquet')
    await world.addReviews('z', [{ review_id: 'z1', customer_id: '1', stars: 5 }])
    world.now += 2 * DAY
    const before = snapshots(world)
    assert.equal(before.length, 2)
    world.running.add('arn:aws:states:local:0:execution:silver:run-2')
    await vacuum(world)
    assert.deepEqual(snapshots(world), before)
    world.running.clear()
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'orphan' || kind === 'customers'),
      [
        ['orphan', 4],
        ['customers', 1],
      ],
    )
  })

  it('does not take an old snapshot from an attempt that has begun with it just now', async () => {
    const world = await lived()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'another' }])
    await world.addReviews('b', [{ review_id: 'b1', customer_id: '1', stars: 5 }])
    await world.run()
    world.now += 2 * DAY
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }]) // the first version comes back
    await world.addReviews('d', [{ review_id: 'd1', customer_id: '1', stars: 5 }])
    const { workers, store } = world.workers(world.store)
    const { loadDimensions } = workers
    workers.loadDimensions = async payload => {
      const loaded = await loadDimensions(payload)
      assert.deepEqual(loaded, { loaded: [{ name: 'customers', rows: 1, reused: true }] })
      await vacuum(world)
      return loaded
    }
    await world.runWith(workers, store)
    assert.deepEqual(
      (await world.silver()).map(row => JSON.parse(row)).filter(row => row.review_id === 'd1'),
      [{ review_id: 'd1', stars: 5, customer_name: 'one' }],
    )
  })

  it('removes the plan of an attempt that another version of the code made, rather than fail at it', async () => {
    const world = await lived()
    await orphan(world, 'b')
    const [query] = [...world.store.objects.keys()].filter(key => key.endsWith('query.json')).slice(-1)
    const plan = JSON.parse(new TextDecoder().decode(await world.store.get(query ?? '')))
    await world.store.put(query ?? '', new TextEncoder().encode(JSON.stringify({ ...plan, format: 0 })))
    world.now += 2 * DAY
    assert.deepEqual(
      (await vacuum(world)).filter(([kind]) => kind === 'orphan'),
      [['orphan', 4]],
    )
  })
})
