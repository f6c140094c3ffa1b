import assert from 'node:assert/strict'
import { checkLog } from '../../../functions/log/check.ts'
import { readLog } from '../../../functions/log/read.ts'
import { describeBatch } from '../../../functions/maintain/batch/describe-batch.ts'
import { batchPage } from '../../../functions/maintain/console/batch-page.ts'
import { LogIndex } from '../../../functions/maintain/console/log-index.ts'
import { batchesTable } from '../../../functions/maintain/log-tables/batches.ts'
import { explainReview } from '../../../functions/maintain/why/explain-review.ts'
import { flowOf } from '../../../functions/report/flow.ts'
import { assertVersions, readVersion } from '../../support/delta-reader.ts'
import { codecs } from '../../support/joining.ts'
import { lose, loseLog, loseReaders, rebuild } from '../../support/loss.ts'
import { compact, mergeableLake } from '../../support/packable-lake.ts'
import { SQL, World } from '../../support/world.ts'
import { ALL, batches, DAY, itComesBack, seen, status } from './packed-world.ts'

describe('compactLake() with the batches of a day put together', () => {
  let world: World
  let rows: string[]
  let lake: World
  let ids: string[]
  before(async () => {
    lake = await mergeableLake()
    ids = (await batches(lake)).map(({ batch }) => batch)
  })
  beforeEach(async () => {
    world = lake.clone()
    rows = await seen(world)
  })
  const merge = (of = world) => compact(of, { merge: true })

  it('makes one batch of one file of them, by one commit, and every reader has the same rows', async () => {
    const done = await merge()
    assert.deepEqual(
      done.map(({ batch, absorbs, outcome, files }) => [batch, absorbs, outcome, files]),
      [[ids[0], ids.slice(1, 4), 'packed', { before: 5, after: 1 }]],
    )
    assert.deepEqual(await seen(world), rows, 'before readers are told')
    await world.run()
    assert.deepEqual(await seen(world), rows, 'when they are')
    const after = await batches(world)
    assert.deepEqual(
      after.map(({ batch }) => batch),
      [ids[0], ids[4]],
    )
    assert.deepEqual([...(await world.catalog.locations()).keys()], [ids[0], ids[4]])
    assert.deepEqual(await merge(), [], 'once is enough')
    assert.deepEqual(await checkLog(world.store, world.layout), [])
    await assertVersions(world.store, world.layout, Number.NEGATIVE_INFINITY)
    const version = await readVersion(world.store, world.layout.deltaVersion(done[0]?.version ?? -1))
    assert.deepEqual(
      version.flatMap(({ add, remove }) => add?.dataChange ?? remove?.dataChange ?? []),
      [false, false, false, false, false, false],
    )
  })

  it('lets parked rows, reprocess and why go on as before', async () => {
    const reviews = ['a1', 'a2', 'a3', 'few', 'b1', 'c4', 'd2']
    const told = (text: string) => text.replaceAll(/(silver\/reviews\/ingest_date\S+|batch \S+)/g, 'IT')
    const before = await Promise.all(reviews.map(id => status(world, id)))
    await merge()
    await world.run()
    const after = await Promise.all(reviews.map(id => status(world, id)))
    assert.deepEqual(after.map(told), before.map(told))
    await world.addCustomers('e', [{ customer_id: '3', customer_name: 'three' }])
    await world.run()
    assert.equal((await seen(world)).length, rows.length + 1)
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 0')
    await world.run(ALL)
    assert.equal((await seen(world)).length, rows.length + 2)
    await world.run({ reprocess: { batches: [ids[2] ?? ''] } })
    assert.equal((await seen(world)).length, rows.length + 2)
    const waiting = (await world.parked()).length
    assert.equal(waiting, 1)
  })

  it('takes a changed file, with what was parked of it, as it is now', async () => {
    await merge()
    await world.addReviews('a', [{ review_id: 'a9', customer_id: '2', stars: 5 }])
    await world.run({ reprocess: { changed: true } })
    const now = (await seen(world)).map(row => JSON.parse(row).review_id)
    assert.deepEqual(now, ['a9', 'b1', 'c1', 'd1', 'd2', 'e1'])
    assert.deepEqual(await world.parked(), ['c4'])
  })

  it('loses what it took in of a version that is no more, though it is older than the batch that parked that', async () => {
    const two = new World()
    const review = (id: string, customer_id: string, stars = 5) => ({ review_id: id, customer_id, stars })
    await two.addCustomers('1', [{ customer_id: '1', customer_name: 'one' }])
    await two.addReviews('a', [review('a1', '1')])
    await two.run()
    await two.addReviews('b', [review('b2', '2')])
    await two.run()
    await two.addCustomers('2', [{ customer_id: '2', customer_name: 'two' }])
    await two.run()
    two.now += DAY
    const [done] = await compact(two, { merge: true, before: two.now })
    assert.equal(done?.absorbs.length, 1, 'the batch of b has no rows, and stays')
    await two.run()
    assert.equal((await seen(two)).length, 2)
    await two.addReviews('a', [review('a3', '1')])
    await two.addReviews('b', [review('b3', '1')])
    await two.run({ reprocess: { changed: true } })
    assert.deepEqual(
      (await seen(two)).map(row => JSON.parse(row).review_id),
      ['a3', 'b3'],
    )
  })

  it('is found by the id of each batch that was packed, and says so', async () => {
    const { store, layout } = world
    const index = new LogIndex(store, layout)
    await index.update()
    const { bronze, rows: counts } = flowOf(index.lines)
    await merge()
    const { state } = await readLog(store, layout)
    const facts = await describeBatch(world, state, ids[2] ?? '')
    assert.deepEqual([facts?.commit.batch, facts?.packedInto, facts?.absorbed], [ids[0], ids[0], ids.slice(1, 4)])
    assert.equal((await describeBatch(world, state, ids[0] ?? ''))?.packedInto, null)
    const { stories } = await explainReview({ codecs, store, layout, id: 'd1', column: 'review_id' })
    assert.equal(new Map(stories[0]).get('packed'), `joined by batch ${ids[3]}, which was packed into ${ids[0]}`)
    await index.update()
    const after = flowOf(index.lines)
    assert.deepEqual([after.bronze, after.rows, after.commits], [bronze, counts, 2])
    const page = await batchPage(world, index, ids[1] ?? '')
    assert.deepEqual([page?.packedInto, page?.flow.silver.files], [ids[0], 1])
    const slices = []
    for await (const slice of batchesTable.rows({ store, layout, log: await readLog(store, layout) }))
      slices.push(...slice)
    assert.deepEqual(
      slices.map(({ live, superseded_by, packed_into }) => [live, superseded_by, packed_into]),
      [
        [false, 5, null],
        [false, 5, ids[0]],
        [false, 5, ids[0]],
        [false, 5, ids[0]],
        [true, null, null],
        [true, null, null],
      ],
    )
  })

  it('is in the log’s snapshots', async () => {
    await merge()
    for (let i = 0; i < 21; i++) {
      await world.addReviews(`more${i}`, [{ review_id: `more${i}`, customer_id: '1', stars: 5 }])
      await world.run()
    }
    const { state, snapshot } = await readLog(world.store, world.layout)
    assert(snapshot > 6)
    assert.equal(state.batchOf(ids[3] ?? '')?.batch, ids[0])
    assert.deepEqual((await seen(world)).length, rows.length + 21)
  })

  itComesBack(
    'is there again when the log is rebuilt',
    () => ({ world, rows }),
    () => merge(),
    1,
  )

  it('is there again, or what it was packed from, whichever of that was removed before all else was lost', async () => {
    const places = (await batches(world)).map(({ location }) => world.layout.roots.silver + location)
    await merge()
    await world.run()
    for (let subset = 0; subset < 16; subset++) {
      const damaged = world.clone()
      await lose(damaged, key => places.some((place, i) => subset & (1 << i) && key.startsWith(place)))
      await loseLog(damaged)
      await loseReaders(damaged)
      await rebuild(damaged)
      await damaged.run()
      assert.deepEqual(await seen(damaged), rows, `without ${subset.toString(2)}`)
      assert.deepEqual(await damaged.parked(), await world.parked())
      await damaged.addCustomers('e', [{ customer_id: '3', customer_name: 'three' }])
      await damaged.run()
      await damaged.run(ALL)
      assert.equal((await seen(damaged)).length, rows.length + 1, `without ${subset.toString(2)}`)
      assert.deepEqual(await checkLog(damaged.store, damaged.layout), [])
    }
  })
})
