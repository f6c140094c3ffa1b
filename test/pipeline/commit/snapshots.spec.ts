import assert from 'node:assert/strict'
import { AccessDenied, StoreUnavailable } from '../../../functions/base/errors.ts'
import { parseLogKey } from '../../../functions/lake/layout.ts'
import { readLog } from '../../../functions/log/read.ts'
import { writeLogSnapshot } from '../../../functions/log/snapshot.ts'
import { Faults } from '../../support/faulty-store.ts'
import { aroundFirstCommit } from '../../support/first-commit.ts'
import { ids } from '../../support/loss.ts'
import { addReview, lakeOfReviews } from '../../support/review-lake.ts'
import type { World } from '../../support/world.ts'

function snapshots(world: World): number[] {
  return [...world.store.objects.keys()].flatMap(key => {
    const entry = parseLogKey(key)
    return entry?.snapshot === undefined ? [] : [entry.version]
  })
}

/** The snapshots can't be put. */
function noSnapshots(error: Error): Faults {
  return new Faults(({ name, key }) =>
    name === 'put' && key.includes('.snapshot.') ? { when: 'before', error } : undefined,
  )
}

describe('snapshots of the log', () => {
  it('are written every 20 commits, and the newest two are kept', async () => {
    const world = await lakeOfReviews(20)
    await world.run()
    assert.deepEqual(snapshots(world), [])
    const expected: Record<number, readonly number[]> = {
      20: [20],
      40: [20, 40],
      60: [40, 60],
      61: [40, 60],
      80: [60, 80],
    }
    for (let version = 20; version <= 80; version++) {
      await addReview(world, `more${version}`)
      await world.run()
      const wanted = expected[version]
      if (wanted) assert.deepEqual(snapshots(world), wanted, `version ${version}`)
    }
    assert.equal((await readLog(world.store, world.layout)).snapshot, 80)
    assert.equal((await ids(world)).length, 81)
  }).timeout(60_000)

  it('that cannot be written stop no run, and the next commit writes one', async () => {
    const world = await lakeOfReviews(21)
    await world.run({}, { faults: noSnapshots(new StoreUnavailable('503')) })
    assert.deepEqual(snapshots(world), [])
    await addReview(world, 'next')
    await world.run()
    assert.deepEqual(snapshots(world), [21])
  })

  it('that may not be written stop the run, which has committed: the rights are wrong', async () => {
    const world = await lakeOfReviews(21)
    const faults = noSnapshots(new AccessDenied('S3 refused'))
    await assert.rejects(world.run({}, { faults }), { name: 'AccessDenied' })
    assert.equal((await readLog(world.store, world.layout)).state.version, 20)
  })

  it('cost a commit nothing until twenty have come', async () => {
    const world = await lakeOfReviews(20)
    await world.run()
    const listed: number[] = []
    for (const id of ['at20', 'at21']) {
      await addReview(world, id)
      await aroundFirstCommit(world, async commit => {
        const { list } = world.store
        let lists = 0
        world.store.list = (...call) => {
          lists++
          return list.apply(world.store, call)
        }
        const state = await commit()
        world.store.list = list
        listed.push(lists)
        return state
      })
    }
    const [at20 = 0, at21] = listed
    assert(at20 > 0, 'the twentieth reads the log')
    assert.equal(at21, 0)
  })

  it('are not written where another run was quicker', async () => {
    const world = await lakeOfReviews(20)
    await world.run()
    await addReview(world, 'next')
    await aroundFirstCommit(world, async commit => {
      await writeLogSnapshot(world.store, world.layout, await readLog(world.store, world.layout))
      return commit()
    })
    assert.deepEqual(snapshots(world), [19])
  })
})
