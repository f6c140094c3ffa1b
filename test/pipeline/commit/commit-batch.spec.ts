import assert from 'node:assert/strict'
import { setImmediate } from 'node:timers/promises'
import { StoreUnavailable } from '../../../functions/base/errors.ts'
import { commitAbandon } from '../../../functions/log/append.ts'
import { needCommit, readLog } from '../../../functions/log/read.ts'
import { commitAttempt } from '../../../functions/pipeline/commit/commit-batch.ts'
import { FORMAT } from '../../../functions/protocol/format.ts'
import { readResult } from '../../../functions/protocol/result.ts'
import type { RunState } from '../../../functions/protocol/state.ts'
import { aroundFirstCommit } from '../../support/first-commit.ts'
import { dieBeforeCommit, ids, lose } from '../../support/loss.ts'
import { addReview, lakeOfReviews } from '../../support/review-lake.ts'
import { unhandledIn } from '../../support/unhandled.ts'
import { SQL, World } from '../../support/world.ts'

/** The keys of silver files, all or those of an attempt. */
const partsOf = (world: World, attempt = '') =>
  [...world.store.objects.keys()].filter(key => key.includes('batch=') && key.includes(`${attempt}/part-`))

const loseAttempt = (world: World, { work }: RunState) => lose(world, key => key.includes(`/${work?.attempt}/part-`))

describe('a commit', () => {
  it('holds what was planned and what came of it', async () => {
    const world = new World({ sql: `-- Reviews with names\n${SQL}` })
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    const waits = ['1', '9', '9', null].map((customer_id, i) => ({ review_id: `r${i}`, customer_id, stars: 5 }))
    const a = await world.addReviews('a', [...waits, { review_id: 'low', customer_id: '1', stars: 1 }])
    const b = await world.addReviews('b', [{ review_id: 'other', customer_id: '1', stars: 5 }])
    await world.store.put('bronze/reviews/bad.parquet', new TextEncoder().encode('nothing'))
    const { work } = await world.run({ prefix: 'bronze/reviews/' })
    assert(work)
    const { sha256, previous, committedAt, ...commit } = await needCommit(world.store, world.layout, 0)
    assert(commit.operation === 'append' && sha256 && previous === null)
    const version = async (key: string) => ({ key, etag: (await world.store.head(key))?.etag ?? '' })
    const info = async (key: string) => ({ ...(await version(key)), size: (await world.store.head(key))?.size ?? 0 })
    const modified = '2026-11-24T07:15:00.000Z'
    const [silver = ''] = partsOf(world, work.attempt)
    const parked = [...world.store.objects.keys()].find(key => key.includes('/parked/')) ?? ''
    const rows = { read: 5, filtered: 1, nullKey: 1, unmatched: 2, matched: 1, written: 1 }
    const one = { read: 1, filtered: 0, nullKey: 0, unmatched: 0, matched: 1, written: 1 }
    const { snapshot } = commit.customers ?? {}
    const [{ since = '', join = '' } = {}] = commit.parked
    assert.match(committedAt, /^2026-11-24T07:16:00\.\d{3}Z$/)
    assert(since < committedAt && /^[0-9a-f]{64}$/.test(join) && /^[0-9a-f]{64}$/.test(snapshot ?? ''))
    assert.deepEqual(commit, {
      format: FORMAT,
      version: 0,
      operation: 'append',
      batch: work.batch,
      attempt: work.attempt,
      ingestDate: '2026-11-24',
      location: `ingest_date=2026-11-24/batch=${work.batch}/${work.attempt}/`,
      execution: 'arn:aws:states:local:0:execution:silver:run-1',
      input: { prefix: 'bronze/reviews/' },
      query: { sha256: commit.query.sha256, sql: world.sql, comment: 'Reviews with names' },
      reviews: [
        { name: 'review_id', type: 'string' },
        { name: 'customer_id', type: 'string' },
        { name: 'stars', type: 'int' },
      ],
      schema: [
        { name: 'review_id', type: 'string' },
        { name: 'stars', type: 'int' },
        { name: 'customer_name', type: 'string' },
      ],
      customers: { snapshot, rows: 1, files: [await version('bronze/customers/c.parquet')] },
      rows: { read: 6, filtered: 1, nullKey: 1, unmatched: 2, matched: 2, written: 2 },
      silver: [
        {
          key: 'part-00000.parquet',
          size: (await info(silver)).size,
          rows: 2,
          stats: {
            nullCount: { review_id: 0, stars: 0, customer_name: 0 },
            minValues: { stars: 5 },
            maxValues: { stars: 5 },
          },
        },
      ],
      bronze: [
        { ...(await info(a)), modified, silver: 'part-00000.parquet', rows },
        { ...(await info(b)), modified, silver: 'part-00000.parquet', rows: one },
      ],
      unparked: [],
      parked: [{ ...(await info(parked)), rows: 2, snapshot, join, since, bronze: [await version(a)] }],
      excluded: [],
      reclaimed: [],
      superseded: [],
      quarantined: [
        { ...(await info('bronze/reviews/bad.parquet')), modified, reason: 'not a Parquet file: it has 7 bytes' },
      ],
      deferred: [],
    })
    await world.addCustomers('d', [{ customer_id: '9', customer_name: 'nine' }])
    await world.run()
    const next = await needCommit(world.store, world.layout, 1)
    assert(next.operation === 'append')
    const taken = { read: 2, filtered: 0, nullKey: 0, unmatched: 0, matched: 2, written: 2 }
    assert.deepEqual(
      [next.unparked, next.rows, next.bronze, next.parked],
      [
        [{ ...(await info(parked)), since, bronze: [await version(a)], silver: 'part-00000.parquet', rows: taken }],
        taken,
        [],
        [],
      ],
    )
  })

  it('names each parked file that it takes in by its own version', async () => {
    const world = new World()
    await world.addCustomers('c', [{ customer_id: '1', customer_name: 'one' }])
    for (const id of ['a', 'b']) {
      await world.addReviews(id, [
        { review_id: `${id} that waits`.repeat(id.charCodeAt(0)), customer_id: '9', stars: 5 },
      ])
      await world.run()
    }
    const { state } = await readLog(world.store, world.layout)
    await world.addCustomers('d', [{ customer_id: '9', customer_name: 'nine' }])
    await world.run()
    const commit = await needCommit(world.store, world.layout, 2)
    assert(commit.operation === 'append')
    const versions = (files: Iterable<{ key: string; etag: string; size: number }>) =>
      [...files].map(({ key, etag, size }) => `${key} ${etag} ${size}`).sort()
    assert.deepEqual(versions(commit.unparked), versions(state.parked.values()))
    assert.equal(commit.unparked.length, 2)
  })

  it('has no customers where the query has no join', async () => {
    const world = await lakeOfReviews(1)
    world.sql = 'SELECT r.review_id FROM bronze_reviews r'
    await world.run()
    const commit = await needCommit(world.store, world.layout, 0)
    assert(commit.operation === 'append')
    assert.equal(commit.customers, null)
  })

  it('is not made of another attempt’s files: the key and the reason are named', async () => {
    const world = await lakeOfReviews(1)
    await dieBeforeCommit(world)
    const [other = ''] = partsOf(world)
    const refused = aroundFirstCommit(world, async (commit, { work }) => {
      const [mine = ''] = partsOf(world, work?.attempt)
      await world.store.put(mine, await world.store.get(other))
      return commit()
    })
    await assert.rejects(refused, {
      name: 'ResultRefused',
      message: /^silver\/reviews\/ingest_date=\S+\/part-00000\.parquet is refused: its batch is \S+, the plan's \S+/,
    })
    assert.deepEqual(await ids(world), [])
  })

  it('comes with the results that it was made of', async () => {
    const world = await lakeOfReviews(1)
    await aroundFirstCommit(world, async (commit, { query }) => {
      const { store, layout } = world
      const { results, outcome, snapshot } = await commitAttempt(query, { store, layout, clock: () => world.now })
      const [part = ''] = partsOf(world)
      assert.deepEqual([outcome, snapshot, results], ['committed', -1, [await readResult(store, part)]])
      return commit()
    })
  })

  it('fails with one error where neither its files nor the log can be read', async () => {
    const world = await lakeOfReviews(1)
    await world.run()
    await addReview(world, 'other')
    const { get, head } = world.store
    const failed = aroundFirstCommit(world, async (commit, { work }) => {
      world.store.get = async (...call) => {
        if (call[0] === world.layout.commit(0)) throw new StoreUnavailable('the log')
        return get.apply(world.store, call)
      }
      world.store.head = async key => {
        if (!key.includes(`/${work?.attempt}/part-`)) return head.call(world.store, key)
        await setImmediate() // the log has failed
        throw new StoreUnavailable('the file')
      }
      return commit()
    })
    const unhandled = await unhandledIn(() => assert.rejects(failed, { name: 'StoreUnavailable', message: /the file/ }))
    assert.deepEqual(unhandled, [])
  })

  it('is void where all files had gone before they were joined', async () => {
    const world = await lakeOfReviews(1)
    const { workers, store } = world.workers(world.store)
    const { join, commit } = workers
    workers.join = async payload => {
      await world.store.delete('bronze/reviews/r0.parquet')
      return join(payload)
    }
    const reasons: string[] = []
    workers.commit = async payload => {
      const state = (await commit(payload)) as unknown as RunState // Commit's
      reasons.push(state.reason)
      return state
    }
    assert.equal((await world.runWith(workers, store)).reason, 'nothing new')
    assert.deepEqual(reasons, ['void'])
    assert.equal((await readLog(world.store, world.layout)).state.version, -1)
  })
})

describe('a commit that is asked for again after its files were removed', () => {
  it('is the one that was made, whoever committed in between', async () => {
    const world = await lakeOfReviews(1)
    await aroundFirstCommit(world, async (commit, state) => {
      const first = await commit()
      await addReview(world, 'other')
      await world.run()
      await loseAttempt(world, state)
      const second = await commit()
      assert.deepEqual(second.committed, first.committed)
      assert.equal(second.committed?.version, 0)
      return second
    })
    assert.equal((await readLog(world.store, world.layout)).state.version, 1)
  })

  it('is found after commits of others', async () => {
    const world = await lakeOfReviews(1)
    await aroundFirstCommit(world, async (commit, state) => {
      await addReview(world, 'other')
      await world.run({ prefix: 'bronze/reviews/other' })
      assert.equal((await commit()).committed?.version, 1)
      await world.run()
      await loseAttempt(world, state)
      const again = await commit()
      assert.equal(again.committed?.version, 1)
      return again
    })
  })

  it('is none where only others have committed', async () => {
    const world = await lakeOfReviews(2)
    const refused = aroundFirstCommit(world, async (commit, state) => {
      await world.run()
      await loseAttempt(world, state)
      return commit()
    })
    await assert.rejects(refused, { name: 'ResultRefused', message: /is missing: start a new execution/ })
    assert.deepEqual(await ids(world), ['r0', 'r1'])
  })

  it('is void where its attempt was abandoned, and the next pass joins its files again', async () => {
    const world = await lakeOfReviews(1)
    await aroundFirstCommit(world, async (commit, state) => {
      const { batch = '', attempt = '' } = state.work ?? {}
      const abandon = {
        format: FORMAT,
        operation: 'abandon',
        batch,
        attempt,
        committedAt: 'now',
        execution: 'v',
      } as const
      await commitAbandon(world.store, world.layout, abandon, -1)
      await loseAttempt(world, state)
      const next = await commit()
      assert.deepEqual([next.reason, next.more, next.committed], ['void', true, undefined])
      const { store, layout } = world
      const again = commitAttempt(state.query, { store, layout, clock: () => world.now })
      const reason = `attempt ${attempt} was abandoned`
      assert.deepEqual(await again, { outcome: 'conflict', version: 0, reason, snapshot: -1, results: [undefined] })
      return next
    })
    assert.deepEqual(await ids(world), ['r0'])
    assert.equal((await readLog(world.store, world.layout)).state.version, 1)
  })
})
