import assert from 'node:assert/strict'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { SQL, World } from '../support/world.ts'

const review = (id: string, customer: string, stars = 5) => ({ review_id: id, customer_id: customer, stars })
const customer = (id: string, name = id) => ({ customer_id: id, customer_name: name })
const REPROCESS = { reprocess: { from: '2000-01-01', to: '2100-01-01' } }

async function ids(world: World): Promise<string[]> {
  return (await world.silver()).map(row => JSON.parse(row).review_id).sort()
}

async function newest(world: World) {
  const { state } = await readLog(world.store, world.layout)
  const commit = await readCommit(world.store, world.layout, state.version)
  assert(commit && commit.operation !== 'abandon')
  return commit
}

describe('a review whose customer is late', () => {
  let world: World
  beforeEach(async () => {
    world = new World()
    await world.addCustomers('a', [customer('1')])
    await world.addReviews('a', [review('a1', '1'), review('a2', '2'), review('a3', '3'), review('a4', '2', 1)])
    await world.run()
  })

  it('is parked, with where it comes from; one that the query filters is not', async () => {
    assert.deepEqual([await ids(world), await world.parked()], [['a1'], ['a2', 'a3']])
    const { parked, rows } = await newest(world)
    const head = await world.store.head('bronze/reviews/a.parquet')
    assert.deepEqual(
      parked.map(file => [file.rows, file.since, file.bronze]),
      [[2, '2026-11-24T07:16:00.000Z', [{ key: 'bronze/reviews/a.parquet', etag: head?.etag }]]],
    )
    assert.deepEqual([rows.unmatched, rows.filtered], [2, 1])
  })

  it('is joined once its customer comes; the others wait on, since when they were first parked', async () => {
    await world.addCustomers('b', [customer('2')])
    await world.run()
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], ['a3']])
    const { parked, unparked, rows } = await newest(world)
    assert.deepEqual([parked.map(({ since }) => since), unparked.length], [['2026-11-24T07:16:00.000Z'], 1])
    assert.deepEqual([rows.read, rows.matched, rows.unmatched], [2, 1, 1])
    assert.equal((await world.run()).reason, 'nothing new')
  })

  it('is not tried again as long as nothing has changed', async () => {
    assert.equal((await world.run()).reason, 'nothing new')
    await world.addReviews('b', [review('b1', '1')])
    await world.run()
    assert.deepEqual((await newest(world)).unparked, [])
  })

  it('is looked at again when customers came while a batch was under way', async () => {
    const { workers, store } = world.workers(world.store)
    const { join } = workers
    await world.addReviews('b', [review('b1', '2')])
    workers.join = async payload => {
      await world.addCustomers('b', [customer('2')]) // too late for this run's snapshot
      return join(payload)
    }
    await world.runWith(workers, store)
    assert.deepEqual(await world.parked(), ['a2', 'a3', 'b1'])
    await world.run()
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2', 'b1'], ['a3']])
  })

  it('is emitted once, also when its batch is written again, before or after', async () => {
    await world.run(REPROCESS)
    assert.deepEqual([await ids(world), await world.parked()], [['a1'], ['a2', 'a3']])
    await world.addCustomers('b', [customer('2')])
    await world.run(REPROCESS) // with the customer there, but the row belongs to its parked file
    assert.deepEqual([await ids(world), await world.parked()], [['a1'], ['a2', 'a3']])
    await world.run() // another batch takes a2, and parks a3 again
    await world.run(REPROCESS)
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], ['a3']])
    await world.addCustomers('c', [customer('3')])
    await world.run()
    await world.run(REPROCESS)
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2', 'a3'], []])
  })

  it('is parked by a replace, when the query lets it pass only then', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    await world.run(REPROCESS)
    assert.deepEqual(await world.parked(), ['a2', 'a3', 'a4'])
    await world.addCustomers('b', [customer('2'), customer('3')])
    await world.run()
    await world.run(REPROCESS)
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2', 'a3', 'a4'], []])
  })

  it('comes out when the query keeps reviews without a customer', async () => {
    world.sql = SQL.replace('JOIN', 'LEFT JOIN')
    await world.run()
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2', 'a3'], []])
  })

  it('is multiplied by a customer that is there twice', async () => {
    await world.addCustomers('b', [customer('2', 'once'), customer('2', 'twice')])
    await world.run()
    assert.deepEqual(await ids(world), ['a1', 'a2', 'a2'])
  })

  it('is dropped where that is wanted, and counted', async () => {
    const other = new World({ unmatched: 'drop' })
    await other.addCustomers('a', [customer('1')])
    await other.addReviews('a', [review('a1', '1'), review('a2', '2')])
    await other.run()
    assert.deepEqual(await other.parked(), [])
    assert.equal((await newest(other)).rows.unmatched, 1)
    await other.addCustomers('b', [customer('2')])
    assert.equal((await other.run()).reason, 'nothing new')
  })

  it('that waits is dropped where that is wanted from now on, and found again after a change back', async () => {
    world.unmatched = 'drop'
    await world.addCustomers('b', [customer('2')])
    await world.run()
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], []])
    world.unmatched = 'park'
    await world.run({ reprocess: { all: true } })
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], ['a3']])
  })

  it('stays in its file as long as nobody of it comes, whoever else does', async () => {
    const files = async () => [...(await readLog(world.store, world.layout)).state.parked.keys()]
    const before = await files()
    for (const id of ['7', '8', '9']) {
      await world.addCustomers(id, [customer(id)])
      await world.run()
      assert.deepEqual([(await newest(world)).unparked, (await newest(world)).rows.read], [[], 0])
      assert.equal((await world.run()).reason, 'nothing new')
    }
    assert.deepEqual(await files(), before)
    assert.equal([...world.store.objects.keys()].filter(key => key.includes('/parked/')).length, 1)
    await world.run(REPROCESS) // still its batch's, not that of those who looked at it
    await world.addCustomers('b', [customer('2')])
    await world.run()
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], ['a3']])
  })

  it('is not tried again because the query selects other columns, but when it joins otherwise', async () => {
    world.sql = SQL.replace('r.stars,', 'r.stars * 2 AS twice,')
    assert.equal((await world.run()).reason, 'nothing new')
    world.sql = SQL.replace('r.customer_id = c.customer_id', 'r.stars = c.customer_id')
    await world.run()
    assert.deepEqual((await newest(world)).parked.length, 1)
    assert.equal((await world.run()).reason, 'nothing new')
  })

  it('waits on when its file is gone; writing its batch again takes it from bronze', async () => {
    const [key = ''] = (await readLog(world.store, world.layout)).state.parked.keys()
    const bytes = await world.store.get(key)
    await world.store.delete(key)
    await world.addCustomers('b', [customer('2')])
    await world.run()
    const { deferred, parked } = await newest(world)
    assert.match(deferred[0]?.reason ?? '', /removed since it was planned: restore it, or reprocess the batch/)
    assert.equal(parked[0]?.key, key)
    assert.equal((await world.run()).reason, 'nothing new')
    const restored = world.clone()
    await restored.store.put(key, bytes)
    await restored.addCustomers('c', [customer('9')])
    await restored.run()
    assert.deepEqual([await ids(restored), await restored.parked()], [['a1', 'a2'], ['a3']])
    await world.run(REPROCESS)
    assert.deepEqual((await newest(world)).reclaimed, [key])
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2'], ['a3']])
    await world.addCustomers('c', [customer('3')])
    await world.run()
    await world.run(REPROCESS)
    assert.deepEqual([await ids(world), await world.parked()], [['a1', 'a2', 'a3'], []])
  })

  it('comes out once when its batch is written again while another takes it', async () => {
    await world.addCustomers('b', [customer('2')])
    for (const [input, other] of [
      [{}, REPROCESS],
      [REPROCESS, {}],
    ]) {
      const both = world.clone()
      const { workers, store } = both.workers(both.store)
      const { commit } = workers
      let first = true
      workers.commit = async payload => {
        if (first) {
          first = false
          await both.run(other)
        }
        return commit(payload)
      }
      await both.runWith(workers, store, input)
      assert.deepEqual([await ids(both), await both.parked()], [['a1', 'a2'], ['a3']])
    }
  })

  it('is had again, when its file is damaged or does not fit bronze.sql any more, by writing its batch again', async () => {
    const stars = (type: string) => `CREATE EXTERNAL TABLE bronze_reviews (review_id string, customer_id string,
      stars ${type}) STORED AS PARQUET LOCATION 'bronze/reviews'`
    const faults: [reason: RegExp, befall: (world: World, key: string) => unknown][] = [
      [/does not end in PAR1/, async ({ store }, key) => store.put(key, (await store.get(key)).subarray(0, 40))],
      [/it has 0 bytes/, ({ store }, key) => store.put(key, new Uint8Array())],
      [/stars is bigint here, and int is expected/, each => Object.assign(each, { declarations: stars('int') })],
    ]
    for (const [reason, befall] of faults) {
      const other = new World({ sql: SQL.replace('r.stars,', '') })
      other.declarations = stars('bigint')
      await other.addCustomers('a', [customer('1')])
      await other.addReviews('a', [review('a1', '1'), review('a2', '2')])
      await other.run()
      const [key = ''] = (await readLog(other.store, other.layout)).state.parked.keys()
      await befall(other, key)
      await other.addCustomers('b', [customer('2')])
      await other.run()
      assert.match((await newest(other)).deferred[0]?.reason ?? '', reason)
      assert.match((await newest(other)).deferred[0]?.reason ?? '', /reprocess the batch that parked it$/)
      await other.run(REPROCESS)
      assert.deepEqual([await ids(other), await other.parked()], [['a1', 'a2'], []])
    }
  })

  it('keeps its batch as it is when its file is damaged after others have taken it', async () => {
    const [key = ''] = (await readLog(world.store, world.layout)).state.parked.keys()
    await world.addCustomers('b', [customer('2'), customer('3')])
    await world.run()
    await world.addReviews('b', [review('b1', '1')])
    await world.run()
    await world.store.put(key, (await world.store.get(key)).subarray(0, 40))
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 4')
    await assert.rejects(world.run(REPROCESS), {
      name: 'ReplaceRefused',
      message: /parked rows come from can't be read/,
    })
    assert.deepEqual(await ids(world), ['a1', 'a2', 'a3', 'b1'])
  })

  it('is not committed as parked when its file does not hold it', async () => {
    await world.addReviews('b', [review('b1', '2'), review('b2', '3')])
    for (const [name, body] of [
      ['cut short', async (key: string) => (await world.store.get(key)).subarray(0, 40)],
      ['of other rows', async () => world.store.get('bronze/customers/a.parquet')],
    ] as const) {
      const { workers, store } = world.workers(world.store)
      const { join } = workers
      workers.join = async payload => {
        const result = (await join(payload)) as { parked: { key: string }[] }
        for (const { key } of result.parked) await world.store.put(key, await body(key))
        return result
      }
      await assert.rejects(
        world.runWith(workers, store),
        { name: 'ResultRefused', message: /_silversmith\/parked\// },
        name,
      )
    }
    await world.run()
    assert.deepEqual(await world.parked(), ['a2', 'a3', 'b1', 'b2'])
  })
})
