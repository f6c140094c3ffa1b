import assert from 'node:assert/strict'
import { BrokenDelta } from '../../../functions/base/errors.ts'
import { readLog } from '../../../functions/log/read.ts'
import { athenaCatalogOf } from '../../../functions/readers/athena/athena-catalog.ts'
import { athenaOnDelta } from '../../../functions/readers/athena/athena-on-delta.ts'
import { type Catalog, swapsBatches } from '../../../functions/readers/athena/catalog.ts'
import { committedRows } from '../../../functions/readers/athena/differences.ts'
import { isOverDelta } from '../../../functions/readers/athena/glue-table.ts'
import { readPublished } from '../../../functions/readers/published.ts'
import { refreshReaders } from '../../../functions/readers/refresh.ts'
import { crashAt, Faults, faultyStore } from '../../support/faulty-store.ts'
import { loseSink, rebuild } from '../../support/loss.ts'
import { MemoryAthena } from '../../support/memory-glue.ts'
import { compact } from '../../support/packable-lake.ts'
import { countSlices, lakeOfReviews } from '../../support/review-lake.ts'
import { SQL, type World } from '../../support/world.ts'

const HOUR = 3_600_000

/** A lake of some reviews, one file a batch, and its table in Athena. */
async function lakeIn(goesBy: Catalog['goesBy'], files = 3) {
  const world = await lakeOfReviews(files)
  const athena = new MemoryAthena(world.store, world.layout)
  /** What an execution tells from now on. */
  const goBy = (next: Catalog['goesBy']) => {
    world.athena = athenaCatalogOf(next, athena)
  }
  goBy(goesBy)
  return { world, athena, goBy }
}

async function assertRows({ store, layout }: World, athena: MemoryAthena): Promise<void> {
  const { state } = await readLog(store, layout)
  const committed = [...state.batches.values()].map(each => [each.batch, committedRows(each)] as const)
  assert.deepEqual(new Map(await athena.counts()), new Map(committed.filter(([, rows]) => rows > 0)))
}

const more = (world: World, name: string) =>
  world.addReviews(name, [{ review_id: name, customer_id: '1', stars: 5 }]).then(() => world.run())

describe('Athena on the Delta log', () => {
  it('sees every row once, and those of a batch that was written again, by a table that is made and then left alone', async () => {
    const { world, athena } = await lakeIn('delta')
    await world.run()
    await assertRows(world, athena)
    assert(isOverDelta(athena.table ?? assert.fail()))
    athena.asked = []
    await more(world, 'x')
    await world.run({ reprocess: { all: true } })
    await assertRows(world, athena)
    assert.deepEqual([...new Set(athena.asked)], ['GetTable', 'count'])
    assert.equal(athena.partitions.size, 0)
  })

  it('is updated a pass at a time: one look at the table, and one count where there is a new batch', async () => {
    const { world, athena } = await lakeIn('delta', 1)
    await world.run()
    athena.asked = []
    await world.run()
    assert.deepEqual(athena.asked, ['GetTable'])
    athena.asked = []
    await more(world, 'x')
    assert.deepEqual(athena.asked, ['GetTable', 'count'])
  })

  it('gets the columns of a later query in Glue as well', async () => {
    const { world, athena } = await lakeIn('delta', 1)
    await world.run()
    world.sql = SQL.replace('c.customer_name', 'c.customer_name, r.stars + 1 AS More')
    await more(world, 'x')
    const { Columns = [], SerdeInfo, Location } = athena.table?.StorageDescriptor ?? {}
    assert.deepEqual(
      Columns.map(({ Name }) => Name),
      ['review_id', 'stars', 'customer_name', 'more'],
    )
    assert.deepEqual([SerdeInfo?.Parameters?.path, Location], [athena.root, athena.root])
  })

  it('is made again by any run, where somebody has dropped the table', async () => {
    const { world, athena } = await lakeIn('delta', 1)
    await world.run()
    athena.table = undefined
    assert.equal((await world.run()).reason, 'nothing new')
    await assertRows(world, athena)
  })

  it('counts a backlog in slices, after the Delta log was written in slices', async () => {
    const { world, athena } = await lakeIn('delta', 7)
    const { workers, store } = world.workers(world.store)
    workers.refresh = async payload => ({ ...(payload as { state: object }).state, refreshed: true, waitSeconds: 0 })
    await world.runWith(workers, store)
    assert.equal(await countSlices(world, 3), 5)
    await assertRows(world, athena)
  })

  it('is not updated where the Delta log could not be; the run says so, and a later one catches up', async () => {
    const { world, athena } = await lakeIn('delta', 1)
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key.startsWith(world.layout.deltaLog)
        ? { when: 'before', error: new BrokenDelta('no Delta today') }
        : undefined,
    )
    await assert.rejects(world.run({}, { faults }), { name: 'BrokenDelta' })
    assert.deepEqual(athena.asked, [])
    assert.equal((await readPublished(world.store, world.layout)).version, -1)
    await world.run()
    await assertRows(world, athena)
  })

  it('fails loudly when a query counts other rows, in every run until it is mended', async () => {
    const { world, athena } = await lakeIn('delta')
    const { workers, store } = world.workers(world.store)
    let miscounts = true
    const { run } = athena.athena
    const lying = {
      name: athena.name,
      root: athena.root,
      glue: athena.glue,
      athena: {
        run: async (sql: string) => (await run(sql)).map(([batch = null, n]) => [batch, miscounts ? '9' : (n ?? null)]),
      },
    }
    world.athena = athenaCatalogOf('delta', lying)
    const message = /batch \S+: a query sees 9 rows, its commit 0 has 1: files were .* writes it again/
    const lied = world.workers(world.store)
    await assert.rejects(world.runWith(lied.workers, store), { name: 'CountMismatch', message })
    await assert.rejects(world.run(), { name: 'CountMismatch', message })
    miscounts = false
    await world.runWith(workers, store)
    await world.run()
    assert.deepEqual((await readPublished(world.store, world.layout)).miscounted, [])
  })

  it('refuses a log that lacks what was counted before', async () => {
    const { world } = await lakeIn('delta', 1)
    await world.run()
    await world.store.delete(world.layout.commit(0))
    const catalog = world.athena
    assert(catalog?.goesBy === 'delta')
    const reader = athenaOnDelta({ ...world, catalog, clock: () => world.now })
    await assert.rejects(refreshReaders([reader], world, true), { name: 'BrokenLog' })
  })

  it('knows the committed locations when the log is lost, and has every row again at the run after a rebuild', async () => {
    const { world, athena } = await lakeIn('delta')
    await world.run()
    await world.run({ reprocess: { all: true } })
    const before = await athena.counts()
    for await (const { key } of world.store.list(world.layout.log)) await world.store.delete(key)
    await loseSink(world)
    await rebuild(world)
    await world.run()
    assert.deepEqual(await athena.counts(), before)
    await assertRows(world, athena)
  })

  it('has the Delta log compared with the commits once an hour', async () => {
    const { world, athena } = await lakeIn('delta')
    await world.run()
    await world.store.delete(world.layout.deltaVersion(1))
    world.now += 2 * HOUR
    await world.run()
    await assertRows(world, athena)
  })
})

describe('a run that dies while it updates Athena on the Delta log', () => {
  it('leaves the rest to the next one: all rows once, each batch counted, wherever it died', async () => {
    const { world: before } = await lakeIn('delta', 2)
    await before.run()
    await before.addReviews('x', [{ review_id: 'x', customer_id: '1', stars: 5 }])
    for (let died = true, k = 1; died; k++) {
      for (const when of ['before', 'after'] as const) {
        const world = before.clone()
        const athena = new MemoryAthena(world.store, world.layout)
        world.athena = athenaCatalogOf('delta', athena)
        const whole = world.workers(world.store)
        const faults = crashAt(k, when)
        const { workers } = world.workers(faultyStore(world.store, faults), faults)
        const error = await world
          .runWith({ ...whole.workers, refresh: workers.refresh }, world.store)
          .then(() => undefined, String)
        died = error !== undefined
        if (died) assert.match(error ?? '', /died at operation/)
        await world.run()
        await assertRows(world, athena)
        const { state } = await readLog(world.store, world.layout)
        const { version, miscounted } = await readPublished(world.store, world.layout)
        assert.deepEqual([version, miscounted], [state.version, []])
      }
      assert(k < 100)
    }
  })
})

describe('a stage that changes what Athena goes by', () => {
  it('to Delta: one change of the table shows the same rows, and the partitions are left alone', async () => {
    const { world, athena, goBy } = await lakeIn('partitions')
    await world.run()
    const { size } = athena.partitions
    goBy('delta')
    athena.asked = []
    await world.run()
    await assertRows(world, athena)
    assert.deepEqual([athena.asked, athena.partitions.size], [['GetTable', 'UpdateTable'], size])
  })

  it('and back: queries go by the Delta log until every partition is there and right', async () => {
    const { world, athena, goBy } = await lakeIn('partitions')
    await world.run()
    athena.partitions.set('2020-01-01/strange', `${athena.root}strange/`)
    goBy('delta')
    await more(world, 'x')
    await world.run({ reprocess: { all: true } })
    const { updateTable } = athena.glue
    const { create, update } = athena.glue
    const seen: string[] = []
    const glue = {
      ...athena.glue,
      create: async (...call: Parameters<typeof create>) => {
        await create(...call)
        await assertRows(world, athena)
      },
      update: async (...call: Parameters<typeof update>) => {
        await update(...call)
        await assertRows(world, athena)
      },
      updateTable: async (...call: Parameters<typeof updateTable>) => {
        seen.push('UpdateTable')
        await updateTable(...call)
        await assertRows(world, athena)
      },
    }
    const { name, root } = athena
    world.athena = athenaCatalogOf('partitions', { name, root, glue, athena: athena.athena })
    const { repairs } = await world.run()
    assert.deepEqual([repairs?.dropped, repairs?.moved, repairs?.restored], [1, 3, 1])
    assert.deepEqual(seen, ['UpdateTable'])
    assert(!isOverDelta(athena.table ?? assert.fail()))
    await more(world, 'y')
    await assertRows(world, athena)
  })

  it('and back, with a new batch in the same run, which is counted right', async () => {
    const { world, athena, goBy } = await lakeIn('delta')
    await world.run()
    goBy('partitions')
    await more(world, 'x')
    await assertRows(world, athena)
    assert(!isOverDelta(athena.table ?? assert.fail()))
    assert.deepEqual((await readPublished(world.store, world.layout)).miscounted, [])
  })

  it('and back, with more to register than one call takes', async () => {
    const { world, athena, goBy } = await lakeIn('delta', 7)
    await world.run()
    goBy('partitions')
    assert.equal(await countSlices(world, 3), 3)
    await assertRows(world, athena)
    assert.equal(athena.partitions.size, 7)
  })

  it('and back, after batches that have partitions were packed into one: no row twice, and none is missing', async () => {
    const { world, athena, goBy } = await lakeIn('partitions')
    await world.run()
    assert.equal(swapsBatches(world.athena ?? assert.fail()), false)
    goBy('delta')
    assert.equal(swapsBatches(world.athena ?? assert.fail()), true)
    await world.run()
    world.now += 2 * 24 * HOUR
    const [done] = await compact(world, { merge: true, before: world.now })
    assert.equal(done?.absorbs.length, 2)
    await world.run()
    await assertRows(world, athena)
    assert.equal(athena.partitions.size, 3)
    const { create, update, drop, updateTable } = athena.glue
    let calls = 0
    const looking =
      <A extends unknown[]>(call: (...given: A) => Promise<void>) =>
      async (...given: A) => {
        await call(...given)
        await assertRows(world, athena)
        calls++
      }
    const glue = {
      ...athena.glue,
      ...{ create: looking(create), update: looking(update), drop: looking(drop), updateTable: looking(updateTable) },
    }
    world.athena = athenaCatalogOf('partitions', { ...athena, glue, athena: athena.athena, root: athena.root })
    world.now += 2 * HOUR
    await world.run()
    await assertRows(world, athena)
    assert.deepEqual([athena.partitions.size, calls > 2], [1, true])
    assert(!isOverDelta(athena.table ?? assert.fail()))
  })
})
