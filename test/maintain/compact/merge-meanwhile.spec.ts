import assert from 'node:assert/strict'
import { checkLog } from '../../../functions/log/check.ts'
import { readLog } from '../../../functions/log/read.ts'
import { athenaCatalogOf } from '../../../functions/readers/athena/athena-catalog.ts'
import { Crash, crashAt, faultyStore, Meanwhile } from '../../support/faulty-store.ts'
import { MemoryAthena } from '../../support/memory-glue.ts'
import { compact, mergeableLake } from '../../support/packable-lake.ts'
import { SQL, type World } from '../../support/world.ts'
import { ALL, batches, DAY, seen, vacuum } from './packed-world.ts'

describe('compactLake() with the batches of a day put together, while others are at work or it dies', () => {
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
  const merge = (of = world, store = of.store as Parameters<typeof faultyStore>[0]) =>
    compact(of, { merge: true, store })

  it('shows the same rows at every moment, to whoever reads between', async () => {
    const look = new Meanwhile(async ({ name }) => {
      if (name !== 'get' && name !== 'head') assert.deepEqual(await seen(world), rows)
    })
    await merge(world, faultyStore(world.store, look))
    await world.run({}, { faults: look })
    assert.deepEqual(await seen(world), rows)
    assert(look.count > 0)
  })

  it('shows them to Athena, where it goes by the Delta log', async () => {
    const athena = new MemoryAthena(world.store, world.layout)
    world.athena = athenaCatalogOf('delta', athena)
    await world.addReviews('f', [{ review_id: 'f', customer_id: '1', stars: 5 }])
    await world.run()
    const count = async () => [...(await athena.counts()).values()].reduce((sum, number) => sum + number, 0)
    const before = await count()
    assert.equal(before, rows.length + 1)
    const look = new Meanwhile(async ({ name }) => {
      if (name === 'put') assert.equal(await count(), before)
    })
    await merge(world, faultyStore(world.store, look))
    await world.run({}, { faults: look })
    assert.equal(await count(), before)
    assert.equal((await athena.counts()).size, 3)
  })

  it('may die anywhere, and is finished by the same command', async () => {
    let deaths = 0
    for (let k = 1; ; k++) {
      const dying = lake.clone()
      const faults = crashAt(k, k % 2 === 0 ? 'before' : 'after')
      const done = await merge(dying, faultyStore(dying.store, faults)).catch(error => {
        assert(error instanceof Crash, error)
        deaths++
      })
      assert.deepEqual(await seen(dying), rows, `died at ${k}`)
      await merge(dying)
      await dying.run()
      dying.now += 2 * DAY
      await vacuum(dying)
      assert.deepEqual(await seen(dying), rows, `died at ${k}`)
      assert.deepEqual(
        (await batches(dying)).map(({ batch }) => batch),
        [ids[0], ids[4]],
      )
      assert.deepEqual(await checkLog(dying.store, dying.layout), [])
      if (done) break
    }
    assert(deaths > 10)
  })

  it('is done once where two do it at once, and leaves nothing behind', async () => {
    const [mine = [], theirs = []] = await Promise.all([merge(), merge()])
    const outcomes = [...mine, ...theirs].map(({ outcome }) => outcome)
    assert.equal(outcomes.filter(outcome => outcome === 'packed').length, 1)
    await world.run()
    assert.deepEqual(await seen(world), rows)
    const known = (await readLog(world.store, world.layout)).state.attempts()
    for (const key of world.store.objects.keys())
      if (key.includes('/ingest_date=')) assert(known.has(key.split('/').at(-2) ?? ''), key)
  })

  it('leaves all as they are where one of them is written again meanwhile', async () => {
    let isFirst = true
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !key.startsWith(world.layout.log) || !isFirst) return
      isFirst = false
      await world.run({ reprocess: { batches: [ids[1] ?? ''] } })
    })
    const done = await merge(world, faultyStore(world.store, meanwhile))
    assert.deepEqual(
      done.map(({ outcome, reason }) => [outcome, reason?.slice(0, 5 + 1 + 25)]),
      [['kept', `batch ${ids[1]}`]],
    )
    assert.deepEqual(await seen(world), rows)
    assert.equal((await batches(world)).length, 5)
  })

  it('makes a batch void that was to be written again, and that is written again as a part of the other', async () => {
    let isFirst = true
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !/\/log\/\d+\.json$/.test(key) || !isFirst) return
      isFirst = false
      await merge()
    })
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 4')
    const state = await world.run({ reprocess: { batches: [ids[3] ?? ''] } }, { faults: meanwhile })
    assert.deepEqual(state.done, [ids[0]])
    assert.equal((await seen(world)).length, rows.length - 1)
  })

  it('lets an execution write each batch again once, where they are put together in its middle', async () => {
    let commits = 0
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !/\/log\/\d+\.json$/.test(key) || ++commits !== 2) return
      const done = await compact(world, { merge: true, before: Date.UTC(2026, 10, 24, 7, 20) })
      assert(done.some(({ outcome }) => outcome === 'packed'))
    })
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 4')
    await world.run(ALL, { faults: meanwhile })
    assert.equal((await seen(world)).length, rows.length - 1)
    const queries = new Set((await batches(world)).map(({ query }) => query))
    assert.equal(queries.size, 1)
  })

  it('puts batches of one query together, and no others', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars >= 2')
    await world.run({ reprocess: { batches: [ids[1] ?? ''] } })
    world.now += 10 * DAY
    await world.addReviews('f', [{ review_id: 'f', customer_id: '1', stars: 5 }])
    await world.run()
    const done = await merge()
    assert.deepEqual(
      done.map(({ batch, absorbs }) => [batch, absorbs]),
      [
        [ids[0], [ids[2], ids[3]]],
        [ids[1], []],
      ],
    )
    await world.run()
    assert.equal((await seen(world)).length, rows.length + 1)
  })

  it('names the batch that has a damaged file, and puts the others together', async () => {
    const third = (await batches(world))[2]
    const key = `${world.layout.roots.silver}${third?.location}part-00000.parquet`
    const bytes = await world.store.get(key)
    bytes.fill(0, 4, 60)
    await world.store.put(key, bytes)
    const done = await merge()
    assert.deepEqual(
      done.map(({ batch, outcome, absorbs }) => [batch, outcome, absorbs]),
      [
        [ids[2], 'refused', []],
        [ids[0], 'packed', [ids[1], ids[3]]],
      ],
    )
  })
})
