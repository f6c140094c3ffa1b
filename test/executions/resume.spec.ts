import assert from 'node:assert/strict'
import type { Store } from '../../functions/lake/store.ts'
import { parseSince } from '../../functions/protocol/input.ts'
import { World } from '../support/world.ts'

/** Records where each listing of bronze's reviews begins. */
function recording(world: World) {
  const { store } = world
  const starts: (string | undefined)[] = []
  const list: Store['list'] = (prefix, options = {}) => {
    if (prefix.startsWith('bronze/reviews/') && !prefix.includes('_spark')) starts.push(options.startAfter)
    return store.list(prefix, options)
  }
  return { starts, store: new Proxy(store, { get: (target, name) => (name === 'list' ? list : bind(target, name)) }) }
}

function bind(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name)
  return typeof value === 'function' ? value.bind(target) : value
}

const key = (name: string) => `bronze/reviews/${name}.parquet`

describe('an execution of many passes', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    world.maxFilesPerBatch = 2
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Ann' }])
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
    }
  })

  it('lists bronze once: each pass begins where the last one has come to', async () => {
    const { starts, store } = recording(world)
    const state = await world.runWith(world.workers(store).workers, store)
    assert.deepEqual(starts, [undefined, key('b'), key('d')])
    assert.equal(state.done.length, 3)
    assert.equal((await world.silver()).length, 5)
  })

  it('knows in later passes how much is left', async () => {
    const backlogs: number[] = []
    world.log = (_, { worker, backlogFiles }) => {
      if (worker === 'plan') backlogs.push(Number(backlogFiles))
    }
    await world.run()
    assert.deepEqual(backlogs, [5, 3, 1])
  })

  it('begins again where it began when its batch was void', async () => {
    const { starts, store } = recording(world)
    const { workers } = world.workers(store)
    const { commit } = workers
    let commits = 0
    workers.commit = async payload => {
      // takes a file of the second batch, between its plan and its commit
      if (++commits === 2) await world.run({ prefix: 'bronze/reviews/c' })
      return commit(payload)
    }
    await world.runWith(workers, store)
    assert.deepEqual(starts, [undefined, key('b'), key('b')])
    assert.equal((await world.silver()).length, 5)
  })
})

describe('bronzeSince', () => {
  it('is a key after which scheduled runs list, and backfills see everything', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Ann' }])
    for (const name of ['2025/a', '2026/b'])
      await world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }])
    world.since = parseSince('bronze/reviews/2026/', 'bronze/reviews/')
    assert.equal((await world.run()).backlog.files, 1)
    assert.equal((await world.run()).reason, 'nothing new')
    assert.equal((await world.run({ prefix: 'bronze/reviews/' })).reason, 'committed')
    assert.equal((await world.silver()).length, 2)
  })

  it('is a date before which files are left alone', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'Ann' }])
    await world.addReviews('a', [{ review_id: 'a', customer_id: '1', stars: 5 }])
    world.now += 86_400_000
    world.since = parseSince(new Date(world.now).toISOString(), 'bronze/reviews/')
    await world.addReviews('b', [{ review_id: 'b', customer_id: '1', stars: 5 }])
    await world.run()
    assert.deepEqual((await world.silver()).length, 1)
  })

  it('is refused when it is neither', () => {
    assert.equal(parseSince('none', 'bronze/reviews/'), null)
    for (const text of ['yesterday', 'silver/x', '2026-13-45']) {
      assert.throws(() => parseSince(text, 'bronze/reviews/'), { name: 'InvalidInput', message: /bronzeSince must be/ })
    }
  })
})
