import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../../functions/base/errors.ts'
import { needCommit, readLog } from '../../../functions/log/read.ts'
import { commitPass } from '../../../functions/pipeline/commit/commit-pass.ts'
import { readResult } from '../../../functions/protocol/result.ts'
import type { RunState, WorkState } from '../../../functions/protocol/state.ts'
import { batchReport } from '../../../functions/report/batch-report.ts'
import { aroundFirstCommit } from '../../support/first-commit.ts'
import { ids } from '../../support/loss.ts'
import { addReview, lakeOfReviews } from '../../support/review-lake.ts'
import { SQL, type World } from '../../support/world.ts'

/** A rule that every review breaks which lakeOfReviews has. */
const FAIL = 'CONSTRAINT known EXPECT (stars <> 5) ON VIOLATION FAIL UPDATE'

/** Lets a pass come to its commit, which `spoil` keeps from being made; then commits from other states of the run. */
async function atCommit(
  world: World,
  spoil: (state: RunState) => Promise<unknown>,
  act: (
    commit: (changes?: Partial<WorkState>, random?: number) => Promise<RunState>,
    state: WorkState,
  ) => Promise<unknown>,
): Promise<void> {
  const { store, layout } = world
  await aroundFirstCommit(world, async (_, { work, ...rest }) => {
    assert(work)
    const state = { ...rest, work }
    await spoil(state)
    const clock = () => world.now
    await act(
      (changes = {}, random = 0) =>
        commitPass({ ...state, ...changes }, { store, layout, clock, random: () => random }),
      state,
    )
    return { ...state, reason: 'void', more: true, voids: 1, waitSeconds: 0 }
  })
}

describe('a pass whose batch is void', () => {
  /** Another run takes the file in between. */
  const taken = (world: World) => () => world.run()

  it('wants another pass after a random pause of at most ten seconds', async () => {
    const world = await lakeOfReviews(1)
    await atCommit(world, taken(world), async (commit, state) => {
      for (const [random, waitSeconds] of [
        [0, 0],
        [0.5, 5],
        [0.9999, 10],
      ] as const) {
        const next = await commit({ voids: 3, more: false }, random)
        assert.deepEqual(next, { ...state, reason: 'void', more: true, voids: 4, waitSeconds })
      }
    })
  })

  it('is tried 20 times in a row, and then says why', async () => {
    const world = await lakeOfReviews(1)
    await atCommit(world, taken(world), async (commit, { work }) => {
      assert.equal((await commit({ voids: 19 })).voids, 20)
      await assert.rejects(commit({ voids: 20 }), {
        name: 'TooManyConflicts',
        message: new RegExp(
          `^${work?.batch} was void 21 times in a row: bronze file bronze/reviews/r0.parquet is in batch \\S+: ` +
            'run again when fewer runs are active',
        ),
      })
    })
  })

  it('says that its files are not at rest, where all of them had changed each time', async () => {
    const world = await lakeOfReviews(1)
    const { workers, store } = world.workers(world.store)
    const { join, commit } = workers
    workers.join = async payload => {
      await world.store.put('bronze/reviews/r0.parquet', new Uint8Array(1))
      return join(payload)
    }
    workers.commit = async payload => {
      const { state } = payload as { state: RunState } // as the state machine gives it
      return commit({ state: { ...state, voids: 20 } })
    }
    await assert.rejects(world.runWith(workers, store), {
      name: 'TooManyConflicts',
      message: /: all of its files had changed or gone when they were joined: run again when they no longer change/,
    })
  })

  it('plans again where its plan was removed', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    await addReview(world, 'r1')
    await atCommit(
      world,
      ({ query }) => world.store.delete(query),
      async commit => {
        assert.deepEqual([(await commit()).reason, (await commit()).more], ['void', true])
        await assert.rejects(commit({ voids: 20 }), {
          name: 'TooManyConflicts',
          message: /the plan \S+query\.json was removed/,
        })
      },
    )
    assert.deepEqual(await ids(world), ['r0', 'r1'])
  })
})

describe('a pass whose commit fails', () => {
  it('fails with that error: it is not void', async () => {
    const world = await lakeOfReviews(1)
    await atCommit(
      world,
      async () => undefined,
      async (commit, { query }) => {
        const { get } = world.store
        world.store.get = async (...call) => {
          if (call[0] === query) throw new StoreUnavailable('503')
          return get.apply(world.store, call)
        }
        await assert.rejects(commit(), { name: 'StoreUnavailable' })
        world.store.get = get
      },
    )
  })

  it('fails with the rule that a new batch breaks', async () => {
    const world = await lakeOfReviews(1)
    world.sql = `${FAIL} ${SQL}`
    await assert.rejects(
      aroundFirstCommit(world, commit => commit()),
      { name: 'RuleViolated' },
    )
    assert.deepEqual(await ids(world), [])
  })
})

describe('a pass that has committed', () => {
  it('adds the batch and what it holds to the state, and forgets that others were void', async () => {
    const world = await lakeOfReviews(1)
    await atCommit(
      world,
      async () => undefined,
      async (commit, state) => {
        const before = { voids: 7, done: ['first'], more: false, waitSeconds: 9 }
        const { committed, ...next } = await commit(before)
        assert.equal(committed?.rows.written, 1)
        assert.deepEqual(next, {
          ...{ ...state, reason: 'committed', more: false, voids: 0, waitSeconds: 0 },
          done: ['first', state.work?.batch],
        })
        assert.equal((await needCommit(world.store, world.layout, 0)).batch, state.work.batch)
      },
    )
  })

  it('has written the report of its batch, and leaves one that is there', async () => {
    const world = await lakeOfReviews(1)
    const { store, layout } = world
    await atCommit(
      world,
      async () => undefined,
      async commit => {
        await commit()
        const made = await needCommit(store, layout, 0)
        assert(made.operation === 'append')
        const report = layout.report(made)
        const text = async () => new TextDecoder().decode(await store.get(report))
        assert.equal(await text(), batchReport(made, [await readResult(store, layout.silverFile(made, 0))]))
        await store.put(report, new TextEncoder().encode('an earlier one'))
        assert.equal((await commit()).committed?.version, 0)
        assert.equal(await text(), 'an earlier one')
      },
    )
  })

  it('lists its files again where their worker died, for each to be tried alone', async () => {
    const world = await lakeOfReviews(2, 2)
    const { workers, store } = world.workers(world.store)
    const { join, commit } = workers
    workers.join = async payload => {
      const { item, died } = payload as { item: { bronze: object[] }; died?: unknown } // the state machine's
      if (item.bronze.length > 1 && !died) throw Object.assign(new Error(), { name: 'Runtime.ExitError' })
      return join(payload)
    }
    const passes: RunState[] = []
    workers.commit = async payload => {
      const { state } = payload as { state: RunState } // as the state machine gives it
      const listing = { after: 'where it began', next: 'where the next would' }
      const next = (await commit({ state: { ...state, more: false, listing } })) as unknown as RunState // Commit's
      passes.push(next)
      return { ...next, listing: { ...state.listing, next: state.listing.after } }
    }
    await world.runWith(workers, store)
    assert.deepEqual(
      passes.map(({ reason, more, listing: { after, next } }) => ({ reason, more, after, next })),
      [
        { reason: 'committed', more: true, after: 'where it began', next: 'where it began' },
        { reason: 'committed', more: false, after: 'where it began', next: 'where the next would' },
      ],
    )
    assert.deepEqual(await ids(world), ['r0', 'r1'])
  })
})

describe('a pass whose batch cannot be written again', () => {
  it('leaves it as it is, says why, and wants the next', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    const { workers, store } = world.workers(world.store)
    const { join, commit } = workers
    workers.join = async payload => {
      await world.store.delete('bronze/reviews/r0.parquet')
      return join(payload)
    }
    let next: RunState | undefined
    workers.commit = async payload => {
      const { state } = payload as { state: RunState } // as the state machine gives it
      const before = { ...state, voids: 5, skipped: ['one'], refused: ['why'], more: false, waitSeconds: 3 }
      next = (await commit({ state: before })) as unknown as RunState // Commit's
      const batch = state.work?.batch ?? ''
      const reason = next.refused[1] ?? ''
      assert.deepEqual(next, {
        ...{ ...before, reason: 'refused', more: true, voids: 0, waitSeconds: 0 },
        ...{ skipped: ['one', batch], refused: ['why', reason] },
      })
      const message = `batch ${batch} stays as it is: 1 of its files can't be joined, bronze/reviews/r0.parquet (`
      assert(reason.startsWith(message), reason)
      return next
    }
    await assert.rejects(world.runWith(workers, store, { reprocess: { all: true } }), { name: 'ReplaceRefused' })
    assert(next)
    assert.deepEqual(await ids(world), ['r0'])
  })

  it('leaves it also where its rows break a rule now', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    world.sql = `${FAIL} ${SQL}`
    const { workers, store } = world.workers(world.store)
    const { commit } = workers
    let next: RunState | undefined
    workers.commit = async payload => {
      const made = await commit(payload)
      next = made as unknown as RunState // Commit's
      return made
    }
    await assert.rejects(world.runWith(workers, store, { reprocess: { all: true } }), { name: 'ReplaceRefused' })
    assert.deepEqual([next?.reason, next?.skipped], ['refused', [next?.work?.batch]])
    assert.match(next?.refused.join() ?? '', /1 row of \S+\/r0\.parquet breaks the rule known/)
    assert.equal((await readLog(world.store, world.layout)).state.version, 0)
  })

  it('fails with any other error', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    const { workers, store } = world.workers(world.store)
    const { commit } = workers
    workers.commit = async payload => {
      await world.store.put((payload as { state: RunState }).state.plan, new Uint8Array(1)) // as the state machine gives it
      return commit(payload)
    }
    await assert.rejects(world.runWith(workers, store, { reprocess: { all: true } }), { name: 'ResultRefused' })
  })
})
