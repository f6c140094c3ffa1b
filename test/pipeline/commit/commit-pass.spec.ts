import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../../functions/base/errors.ts'
import { parseLogKey } from '../../../functions/lake/layout.ts'
import { readLog } from '../../../functions/log/read.ts'
import type { RunState } from '../../../functions/protocol/state.ts'
import { Faults } from '../../support/faulty-store.ts'
import { ids, lose } from '../../support/loss.ts'
import { World } from '../../support/world.ts'

const review = (id: string) => ({ review_id: id, customer_id: '1', stars: 5 })

async function lake(files: number, maxFilesPerBatch = 1): Promise<World> {
  const world = new World({ maxFilesPerBatch })
  await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
  for (let i = 0; i < files; i++) await world.addReviews(`r${i}`, [review(`r${i}`)])
  return world
}

function snapshots(world: World): number[] {
  return [...world.store.objects.keys()].flatMap(key => {
    const entry = parseLogKey(key)
    return entry?.snapshot === undefined ? [] : [entry.version]
  })
}

/** Runs an execution in whose first commit something else happens before or after. */
async function around(
  world: World,
  act: (commit: () => Promise<RunState>, attempt: string) => Promise<RunState>,
): Promise<RunState> {
  const { workers, store } = world.workers(world.store)
  const { commit } = workers
  let due = true
  workers.commit = payload => {
    if (!due) return commit(payload)
    due = false
    const { state } = payload as { state: RunState } // as the state machine gives it
    return act(() => commit({ state }) as Promise<RunState>, state.work?.attempt ?? '')
  }
  return world.runWith(workers, store)
}

const loseAttempt = (world: World, attempt: string) => lose(world, key => key.includes(`/${attempt}/part-`))

describe('a commit that is asked for again after its files were removed', () => {
  it('is the one that was made, whoever committed in between', async () => {
    const world = await lake(1)
    await around(world, async (commit, attempt) => {
      const first = await commit()
      await world.addReviews('other', [review('other')])
      await world.run()
      await loseAttempt(world, attempt)
      const second = await commit()
      assert.deepEqual(second.committed, first.committed)
      assert.equal(second.committed?.version, 0)
      return second
    })
    assert.equal((await readLog(world.store, world.layout)).state.version, 1)
  })

  it('is none where only others have committed', async () => {
    const world = await lake(2)
    const refused = around(world, async (commit, attempt) => {
      await world.run()
      await loseAttempt(world, attempt)
      return commit()
    })
    await assert.rejects(refused, { name: 'ResultRefused', message: /is missing: start a new execution/ })
    assert.deepEqual(await ids(world), ['r0', 'r1'])
  })
})

describe('snapshots of the log', () => {
  it('are written every 20 commits, and the newest two are kept', async () => {
    const world = await lake(20)
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
      await world.addReviews(`more${version}`, [review(`more${version}`)])
      await world.run()
      const wanted = expected[version]
      if (wanted) assert.deepEqual(snapshots(world), wanted, `version ${version}`)
    }
    assert.equal((await readLog(world.store, world.layout)).snapshot, 80)
    assert.equal((await ids(world)).length, 81)
  }).timeout(60_000)

  it('that can not be written stop no run, and the next commit writes one', async () => {
    const world = await lake(21)
    const faults = new Faults(({ name, key }) =>
      name === 'put' && key.includes('.snapshot.') ? { when: 'before', error: new StoreUnavailable('503') } : undefined,
    )
    await world.run({}, { faults })
    assert.deepEqual(snapshots(world), [])
    await world.addReviews('next', [review('next')])
    await world.run()
    assert.deepEqual(snapshots(world), [21])
  })
})
