import assert from 'node:assert/strict'
import { checkLog } from '../../../functions/log/check.ts'
import { readLog } from '../../../functions/log/read.ts'
import { Crash, crashAt, faultyStore, Meanwhile } from '../../support/faulty-store.ts'
import { compact, packableLake } from '../../support/packable-lake.ts'
import { SQL, type World } from '../../support/world.ts'

import { ALL, batches, DAY, seen, vacuum } from './packed-world.ts'

describe('compactLake(), while others are at work or it dies', () => {
  let world: World
  let rows: string[]
  let lake: World
  before(async () => {
    lake = await packableLake()
  })
  beforeEach(async () => {
    world = lake.clone()
    rows = await seen(world)
  })

  it('shows the same rows at every moment, to whoever reads between', async () => {
    const look = new Meanwhile(async ({ name }) => {
      if (name !== 'get' && name !== 'head') assert.deepEqual(await seen(world), rows)
    })
    await compact(world, { store: faultyStore(world.store, look) })
    await world.run({}, { faults: look })
    assert.deepEqual(await seen(world), rows)
    assert(look.count > 0)
  })

  it('may die anywhere, and is finished by the same command', async () => {
    let deaths = 0
    for (let k = 1; ; k += 3) {
      const dying = lake.clone()
      const faults = crashAt(k, k % 2 === 0 ? 'before' : 'after')
      const done = await compact(dying, { store: faultyStore(dying.store, faults) }).catch(error => {
        assert(error instanceof Crash, error)
        deaths++
      })
      await compact(dying)
      await dying.run()
      dying.now += 2 * DAY
      await vacuum(dying)
      assert.deepEqual(await seen(dying), rows, `died at ${k}`)
      assert.deepEqual(
        (await batches(dying)).map(({ silver }) => silver.length),
        [1, 1, 1],
      )
      assert.deepEqual(await checkLog(dying.store, dying.layout), [])
      if (done) break
    }
    assert(deaths > 10)
  })

  it('packs each batch once where two do it at once, and leaves nothing behind', async () => {
    const [mine = [], theirs = []] = await Promise.all([compact(world), compact(world)])
    const packed = [...mine, ...theirs].filter(({ outcome }) => outcome === 'packed').map(({ batch }) => batch)
    assert.equal(packed.length, 2)
    assert.equal(new Set(packed).size, 2)
    await world.run()
    assert.deepEqual(await seen(world), rows)
    const known = new Set(
      (await batches(world)).flatMap(({ attempt, superseded }) => [attempt, ...superseded.map(old => old.attempt)]),
    )
    for (const key of world.store.objects.keys())
      if (key.includes('/ingest_date=')) assert(known.has(key.split('/').at(-2) ?? ''), key)
  })

  it('leaves a batch alone that is written again meanwhile', async () => {
    let isFirst = true
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !key.startsWith(world.layout.log) || !isFirst) return
      isFirst = false
      world.sql = SQL.replace('r.stars > 1', 'r.stars > 4')
      await world.run(ALL)
    })
    const done = await compact(world, { store: faultyStore(world.store, meanwhile) })
    assert.deepEqual(
      done.map(({ outcome }) => outcome),
      ['kept', 'kept'],
    )
    assert.match(done[0]?.reason ?? '', /^batch \S+ was committed by attempt/)
    await world.run()
    const expected = rows.filter(row => JSON.parse(row).stars > 4)
    assert.deepEqual(await seen(world), expected)
    assert(expected.length < rows.length)
  })

  it('has a reprocess that did not know of it start over', async () => {
    world.sql = SQL.replace('r.stars > 1', 'r.stars > 4')
    const { workers, store } = world.workers(world.store)
    const { commit } = workers
    let voids = 0
    workers.commit = async payload => {
      await compact(world)
      const state = await commit(payload)
      if (JSON.stringify(state).includes('"reason":"void"')) voids++
      return state
    }
    await world.runWith(workers, store, ALL)
    assert(voids > 0)
    assert.deepEqual(
      await seen(world),
      rows.filter(row => JSON.parse(row).stars > 4),
    )
  })

  it('leaves the table its newest comment, also where a commit comes between', async () => {
    const comment = async () => (await readLog(world.store, world.layout)).state.comment
    world.sql = `-- the second${SQL}`
    await world.addReviews('n', [{ review_id: 'n', customer_id: '1', stars: 5 }])
    await world.run()
    assert.equal(await comment(), 'the second')
    let isFirst = true
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !key.startsWith(world.layout.log) || !isFirst) return
      isFirst = false
      world.sql = `-- the third${SQL}`
      await world.addReviews('o', [{ review_id: 'o', customer_id: '1', stars: 5 }])
      await world.run()
    })
    const done = await compact(world, { store: faultyStore(world.store, meanwhile) })
    assert.equal(done.length, 2)
    assert.equal(await comment(), 'the third')
  })

  it('does not keep a run from committing a new batch', async () => {
    let isFirst = true
    const meanwhile = new Meanwhile(async ({ name, key }) => {
      if (name !== 'put' || !key.startsWith(world.layout.log) || !isFirst) return
      isFirst = false
      await world.addReviews('n', [{ review_id: 'n', customer_id: '1', stars: 5 }])
      await world.run()
    })
    const done = await compact(world, { store: faultyStore(world.store, meanwhile) })
    assert.deepEqual(
      done.map(({ outcome }) => outcome),
      ['packed', 'packed'],
    )
    await world.run()
    assert.equal((await seen(world)).length, rows.length + 1)
  })
})
