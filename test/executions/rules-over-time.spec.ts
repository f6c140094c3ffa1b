import assert from 'node:assert/strict'
import { findRubbish, removeRubbish } from '../../functions/maintain/vacuum.ts'
import { explainReview } from '../../functions/maintain/why/explain-review.ts'
import { Crash, Faults } from '../support/faulty-store.ts'
import { codecs } from '../support/joining.ts'
import { loseLog, meaning, rebuild } from '../support/loss.ts'
import {
  DAY,
  ids,
  lastCommit,
  rejected,
  review,
  SELECT,
  STARS,
  vacuumOptions,
  worldOf,
} from '../support/ruled-world.ts'

describe('rules over time', () => {
  it('judge a review that waits when its customer arrives', async () => {
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 9, 'late'), review('a1', 5, 'late'), review('a2', 9)])
    await world.run()
    assert.deepEqual(await world.parked(), ['a0', 'a1'])
    assert.deepEqual(await rejected(world), [['a2', 'valid_stars', 'a.parquet 2']])
    await world.addCustomers('d', [{ customer_id: 'late', customer_name: 'late' }])
    await world.run()
    assert.deepEqual(await ids(world), ['a1'])
    assert.deepEqual(await world.parked(), [])
    assert.deepEqual(await rejected(world), [
      ['a0', 'valid_stars', 'a.parquet 0'],
      ['a2', 'valid_stars', 'a.parquet 2'],
    ])
    const { unparked, rows } = await lastCommit(world)
    assert.deepEqual([unparked[0]?.broken?.[0]?.violated, rows.rejected], [1, 1])
  })

  it('that have changed judge again when batches are written again; vacuum takes what was rejected before', async () => {
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 5), review('a1', 9), review('a2', 0)])
    await world.run()
    world.sql = `${STARS.replace('5', '10')}\n${SELECT}`
    await world.run({ reprocess: { from: '2000-01-01', to: '2100-01-01' } })
    assert.deepEqual(await ids(world), ['a0', 'a1'])
    assert.deepEqual(await rejected(world), [['a2', 'valid_stars', 'a.parquet 2']])
    const files = () => [...world.store.objects.keys()].filter(key => key.includes('/rejected/'))
    assert.equal(files().length, 2)
    world.now += 3 * DAY
    await world.run()
    world.now += 3 * DAY
    const options = vacuumOptions(world)
    for (const each of await findRubbish(options)) await removeRubbish(each, options)
    assert.equal(files().length, 1)
    assert.deepEqual(await rejected(world), [['a2', 'valid_stars', 'a.parquet 2']])
  })

  it('are told by a log that was lost and rebuilt as they were', async () => {
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 5), review('a1', 9)])
    await world.run()
    const before = await lastCommit(world)
    const rows = [await meaning(world), await rejected(world)]
    await loseLog(world)
    await rebuild(world)
    const after = await lastCommit(world)
    assert.deepEqual([after.rules, after.rejected, after.rows], [before.rules, before.rejected, before.rows])
    assert.deepEqual(after.bronze[0]?.broken, before.bronze[0]?.broken)
    assert.deepEqual([await meaning(world), await rejected(world)], rows)
    for (const key of [...world.store.objects.keys()]) if (key.includes('/rejected/')) await world.store.delete(key)
    await loseLog(world)
    const { notes } = await rebuild(world)
    assert(notes.some(note => /^missing: rejected rows \S+\.parquet: nothing is lost from silver/.test(note)))
    assert.deepEqual([(await lastCommit(world)).rules, await ids(world)], [before.rules, ['a0']])
  })

  it('reject once, though a run dies between: what it leaves behind is vacuum’s', async () => {
    for (const folder of ['rejected/', 'log/']) {
      const world = await worldOf(STARS)
      await world.addReviews('a', [review('a0', 5), review('a1', 9)])
      const faults = new Faults(({ name, key }) =>
        ['put', 'close'].includes(name) && key.startsWith(world.layout.hidden + folder)
          ? { when: 'after', error: new Crash('died') }
          : undefined,
      )
      await world.run({}, { faults }).then(
        () => assert.equal(folder, 'log/', 'the run should have died'),
        error => assert(error instanceof Crash),
      )
      await world.run()
      assert.deepEqual(await ids(world), ['a0'])
      assert.deepEqual(await rejected(world), [['a1', 'valid_stars', 'a.parquet 1']])
      const options = { ...vacuumOptions(world), now: world.now + 3 * DAY }
      const orphans = (await findRubbish(options)).filter(({ kind }) => kind === 'orphan')
      const isRejected = (key: string) => key.includes('/rejected/')
      assert.equal(orphans.flatMap(({ keys }) => keys).filter(isRejected).length, folder === 'log/' ? 0 : 1)
    }
  })

  it('are what why tells of a review', async () => {
    const world = await worldOf(STARS)
    await world.addReviews('a', [review('a0', 5), review('a1', 9)])
    await world.run()
    const { store, layout } = world
    const tell = async () => {
      const { stories } = await explainReview({ store, layout, codecs, id: 'a1', column: 'review_id' })
      return stories[0]?.find(([name]) => name === 'status')?.[1]
    }
    const { batch } = await lastCommit(world)
    const told = `rejected: it breaks valid_stars; silver.rejected of batch ${batch} has it`
    assert.equal(await tell(), told)
    // and when its plan is gone, and its file
    for (const key of [...store.objects.keys()]) if (key.includes('/runs/')) await store.delete(key)
    assert.equal(await tell(), `${told}, as far as its id says; the batch's plan or its customers are gone`)
    await store.delete(`${layout.roots.reviews}a.parquet`)
    assert.equal(await tell(), told)
  })

  it('leave no trace where a query has none', async () => {
    const world = await worldOf('')
    await world.addReviews('a', [review('a0', 9)])
    await world.run()
    const { rules, rejected, rows, bronze } = await lastCommit(world)
    assert.deepEqual([rules, rejected, rows.rejected, bronze[0]?.broken], [undefined, undefined, undefined, undefined])
  })
})
