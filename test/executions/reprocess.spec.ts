import assert from 'node:assert/strict'
import { readLog } from '../../functions/log/read.ts'
import { Crash, Faults } from '../support/faulty-store.ts'
import { SQL, World } from '../support/world.ts'

const HOUR = 3_600_000
const review = (id: string, stars = 5) => ({ review_id: id, customer_id: '1', stars })
const ALL = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

async function ids(world: World): Promise<string[]> {
  return (await world.silver()).map(row => JSON.parse(row).review_id).sort()
}

async function batches(world: World) {
  const { state } = await readLog(world.store, world.layout)
  return [...state.batches.values()]
}

async function firstModified(world: World, batch: string): Promise<string> {
  const times: string[] = []
  for await (const entry of (await readLog(world.store, world.layout)).bronze()) {
    if (entry.batch === batch) times.push(entry.modified)
  }
  return times.sort()[0] ?? ''
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
    const from = await firstModified(world, first?.batch ?? '')
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
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    await assert.rejects(world.run(ALL), { name: 'ReplaceRefused', message: /bronze\/reviews\/a\.parquet is gone/ })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'b2', 'c1', 'c2'], 'the others are written')
    await world.addReviews('a', [review('a9')])
    await assert.rejects(world.run(ALL), { name: 'ReplaceRefused', message: /a\.parquet has changed/ })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'b2', 'c1', 'c2'])
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
    // nothing of the old version waits: later plans need not know of it
    assert.deepEqual((await readLog(world.store, world.layout)).state.superseded, [])
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

  it('takes all batches, or those behind one', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    const [first] = await batches(world)
    await world.run({ reprocess: { all: true, after: first?.batch ?? '' } })
    assert.deepEqual(await ids(world), ['a1', 'b1', 'b2', 'c1', 'c2'])
    await world.run({ reprocess: { all: true } })
    assert.deepEqual(await ids(world), ['a1', 'a2', 'b1', 'b2', 'c1', 'c2'])
    const after = '20200101T000000Z-00000000'
    await assert.rejects(world.run({ reprocess: { all: true, after } }), { name: 'InvalidInput', message: /2020/ })
  })

  it('knows each file by its own time, not by those of its batch', async () => {
    const other = new World()
    await other.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    await other.addReviews('early', [review('e1'), review('e2', 1)])
    other.now += 3 * HOUR
    await other.addReviews('late', [review('l1')])
    await other.run()
    other.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    const at = (hours: number) => new Date(Date.UTC(2026, 10, 24, 7, 15) + hours * HOUR).toISOString()
    assert.equal((await other.run({ reprocess: { from: at(1), to: at(2) } })).reason, 'nothing new')
    await other.run({ reprocess: { from: at(0), to: at(1) } })
    assert.deepEqual(await ids(other), ['e1', 'e2', 'l1'])
  })

  it('takes, with a file, the batches that took in its rows later', async () => {
    const from = new Date(world.now).toISOString()
    await world.addReviews('late', [{ review_id: 'late1', customer_id: '2', stars: 5 }])
    const to = new Date(world.now + HOUR).toISOString()
    await world.run()
    world.now += 2 * HOUR
    await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
    await world.run()
    world.sql = SQL.replace('r.stars,', 'r.stars * 10 AS stars,')
    assert.equal((await world.run({ reprocess: { from, to } })).done.length, 2)
    const stars = (await world.silver()).map(row => JSON.parse(row)).map(row => [row.review_id, row.stars])
    assert.deepEqual(Object.fromEntries(stars), { a1: 5, b1: 5, c1: 5, late1: 50 })
  })

  it('stops before the history of an execution is full, and says how to go on', async () => {
    const many = new World({ maxFilesPerBatch: 1 })
    await many.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    const names = Array.from({ length: 103 }, (_, i) => `r${String(i).padStart(3, '0')}`)
    for (const name of names) await many.addReviews(name, [review(`${name}+`), review(`${name}-`, 1)])
    assert.equal((await many.run()).reason, 'too many passes')
    await many.run()
    many.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    const error = await many.run({ reprocess: { all: true } }).catch(each => each)
    assert(error instanceof Error)
    assert.equal(error.name, 'Unfinished')
    const [, next = ''] = /start another execution with (\{.*\}) \(docs/.exec(error.message) ?? []
    assert.equal((await ids(many)).length, 103 + 99)
    assert.equal((await many.run(JSON.parse(next))).done.length, 4)
    assert.equal((await ids(many)).length, 206)
  }).timeout(60_000)

  describe('a file whose old content comes back', () => {
    const A = [review('a1'), { review_id: 'a2', customer_id: '2', stars: 5 }]
    const B = [review('other')]
    let world: World
    beforeEach(async () => {
      world = new World()
      await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
      await world.addReviews('a', A)
      await world.run()
      await world.addReviews('a', B)
    })

    it('has its rows once, those that waited too', async () => {
      await world.run({ reprocess: { changed: true } })
      assert.deepEqual([await ids(world), await world.parked()], [['other'], []])
      await world.addReviews('a', A) // with the etag that it had before
      await world.run({ reprocess: { changed: true } })
      assert.deepEqual([await ids(world), await world.parked()], [['a1'], ['a2']])
      await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
      await world.run()
      await world.run({ reprocess: { all: true } })
      assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], []])
    })

    it('has its rows once, when those that waited had come out in between', async () => {
      await world.addCustomers('d', [{ customer_id: '2', customer_name: 'two' }])
      await world.run()
      await world.run({ reprocess: { changed: true } })
      assert.deepEqual(await ids(world), ['other'])
      await world.addReviews('a', A)
      await world.run({ reprocess: { changed: true } })
      assert.deepEqual(await ids(world), ['a1', 'a2'])
      await world.run({ reprocess: { all: true } })
      assert.deepEqual(await ids(world), ['a1', 'a2'])
    })
  })
})
