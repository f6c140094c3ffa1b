import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../functions/base/errors.ts'
import { Layout } from '../../functions/lake/layout.ts'
import type { PutOutcome } from '../../functions/lake/store.ts'
import { commitAbandon, commitBatch } from '../../functions/log/append.ts'
import { readCommit, readLog } from '../../functions/log/read.ts'
import { batchDraft } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()
const start = { version: -1, attempt: '', schema: [] }

/** A store that loses the answers of some puts, whether or not they took effect. */
class LossyStore extends MemoryStore {
  losses: ('before' | 'after')[] = []

  override async put(...call: Parameters<MemoryStore['put']>): Promise<PutOutcome> {
    const loss = this.losses.shift()
    if (loss === 'before') throw new StoreUnavailable('lost before')
    const outcome = await super.put(...call)
    if (loss === 'after') throw new StoreUnavailable('lost after')
    return outcome
  }
}

describe('commitBatch()', () => {
  it('puts the first commit as version 0', async () => {
    const store = new MemoryStore()
    const outcome = await commitBatch(store, layout, batchDraft(1, ['a']), start)
    assert(outcome.outcome === 'committed')
    assert.equal(outcome.commit.version, 0)
    assert.deepEqual(await readCommit(store, layout, 0), outcome.commit)
    assert.deepEqual([...store.objects.keys()], ['silver/reviews/_silversmith/log/00000000000000000000.json'])
  })

  it('asks for nothing once its commit is written', async () => {
    const store = new MemoryStore()
    const gets: string[] = []
    const { get } = store
    store.get = async (...call) => {
      gets.push(call[0])
      return get.apply(store, call)
    }
    await commitBatch(store, layout, batchDraft(1, ['a']), start)
    assert.deepEqual(gets, [])
  })

  it('goes after commits that it does not overlap', async () => {
    const store = new MemoryStore()
    for (const id of [1, 2, 3]) {
      const outcome = await commitBatch(store, layout, batchDraft(id, [`key-${id}`]), start)
      assert(outcome.outcome === 'committed')
      assert.equal(outcome.commit.version, id - 1)
    }
  })

  it('conflicts with a commit of the same bronze key, whatever its etag', async () => {
    const store = new MemoryStore()
    await commitBatch(store, layout, batchDraft(1, ['a', 'b']), start)
    const outcome = await commitBatch(store, layout, batchDraft(2, ['b', 'c']), start)
    assert.deepEqual(outcome, {
      outcome: 'conflict',
      version: 0,
      reason: 'bronze file b is in batch 20261124T071500Z-00000001',
    })
    assert.equal(await readCommit(store, layout, 1), undefined)
  })

  it('conflicts with a table that spells one of its columns differently', async () => {
    const store = new MemoryStore()
    const spelled = (name: string) => ({ output: [{ name, type: 'string' as const }] })
    await commitBatch(store, layout, { ...batchDraft(1, ['a']), ...spelled('city') }, start)
    const outcome = await commitBatch(store, layout, { ...batchDraft(2, ['b']), ...spelled('CITY') }, start)
    assert.deepEqual(outcome, {
      outcome: 'conflict',
      version: 0,
      reason: 'column city is spelled otherwise by the batch than in silver.reviews',
    })
  })

  it('recognizes a commit of its own attempt, even if others came after', async () => {
    const store = new MemoryStore()
    await commitBatch(store, layout, batchDraft(1, ['a']), start)
    await commitBatch(store, layout, batchDraft(2, ['b']), start)
    const again = await commitBatch(store, layout, batchDraft(1, ['a']), start)
    assert(again.outcome === 'committed')
    assert.equal(again.commit.version, 0)
    assert.equal((await readLog(store, layout)).state.version, 1)
  })

  for (const losses of [['after'], ['before'], ['before', 'before', 'after'], ['after', 'before']] as const) {
    it(`finds out what became of it when answers are lost: ${losses.join(', ')}`, async () => {
      const store = new LossyStore()
      store.losses = [...losses]
      const outcome = await commitBatch(store, layout, batchDraft(1, ['a']), start)
      assert(outcome.outcome === 'committed')
      assert.deepEqual(await readCommit(store, layout, 0), outcome.commit)
      assert.equal(await readCommit(store, layout, 1), undefined)
    })
  }

  it('throws StoreUnavailable if the store stays unavailable, and a later call commits once', async () => {
    const store = new LossyStore()
    store.losses = Array(4).fill('before')
    await assert.rejects(commitBatch(store, layout, batchDraft(1, ['a']), start), { name: 'StoreUnavailable' })
    assert((await commitBatch(store, layout, batchDraft(1, ['a']), start)).outcome === 'committed')
    assert.equal((await readLog(store, layout)).state.version, 0)
  })

  it('has one winner among many that want the same file, and takes all that want others', async () => {
    const store = new MemoryStore()
    const same = Array.from({ length: 8 }, (_, i) => commitBatch(store, layout, batchDraft(i, ['same']), start))
    const own = Array.from({ length: 8 }, (_, i) =>
      commitBatch(store, layout, batchDraft(100 + i, [`own-${i}`]), start),
    )
    const outcomes = await Promise.all([...same, ...own])
    assert.equal(outcomes.slice(0, 8).filter(({ outcome }) => outcome === 'committed').length, 1)
    assert.equal(outcomes.slice(8).filter(({ outcome }) => outcome === 'committed').length, 8)
    const { state } = await readLog(store, layout)
    assert.equal(state.version, 8)
  })

  it('adds the columns of its query to the table as it is by then', async () => {
    const store = new MemoryStore()
    const city = { name: 'city', type: 'string' } as const
    const stars = { name: 'stars', type: 'int' } as const
    await commitBatch(store, layout, batchDraft(1, ['a'], { output: [stars] }), start)
    const outcome = await commitBatch(store, layout, batchDraft(2, ['b'], { output: [city] }), start)
    assert(outcome.outcome === 'committed')
    assert.deepEqual(outcome.commit.schema, [stars, city])
  })

  it('has the comment of its own query; files that are packed take on the newest', async () => {
    const query = (comment: string) => ({ query: { sha256: comment, sql: `${comment}’s`, comment } })
    for (const [operation, comment] of [
      ['append', 'mine'],
      ['replace', 'mine'],
      ['compact', 'newest'],
    ] as const) {
      const store = new MemoryStore()
      await commitBatch(store, layout, batchDraft(1, ['a'], query('newer')), start)
      await commitBatch(store, layout, batchDraft(2, ['b'], query('newest')), start)
      const outcome = await commitBatch(store, layout, batchDraft(3, ['c'], { operation, ...query('mine') }), start)
      assert(outcome.outcome === 'committed')
      assert.deepEqual(outcome.commit.query, { sha256: 'mine', sql: 'mine’s', comment })
    }
  })

  it('conflicts with a commit that gave a column another type', async () => {
    const store = new MemoryStore()
    await commitBatch(store, layout, batchDraft(1, ['a'], { output: [{ name: 'Stars', type: 'int' }] }), start)
    const output = [{ name: 'stars', type: 'string' }] as const
    const outcome = await commitBatch(store, layout, batchDraft(2, ['b'], { output }), start)
    assert(outcome.outcome === 'conflict')
    assert.equal(outcome.version, 0)
    assert.match(outcome.reason, /^column stars is int in silver.reviews and string in the query/)
  })

  it('conflicts with a log that is not the one its plan saw', async () => {
    const store = new MemoryStore()
    await commitBatch(store, layout, batchDraft(1, ['a']), start)
    const seen = { version: 0, attempt: 'of a log that was lost', schema: [] }
    for (const version of [0, 5]) {
      const outcome = await commitBatch(store, layout, batchDraft(2, ['b']), { ...seen, version })
      assert(outcome.outcome === 'conflict')
      assert.match(outcome.reason, /the log was rebuilt/)
    }
    assert.equal(await readCommit(store, layout, 6), undefined)
  })

  it('refuses to go after a version that is not a commit', async () => {
    const store = new MemoryStore()
    await store.put(layout.commit(0), new TextEncoder().encode('{"format": 1, "ver'))
    await assert.rejects(commitBatch(store, layout, batchDraft(1, ['a']), start), {
      name: 'BrokenLog',
      message: /not JSON/,
    })
  })
})

describe('commitAbandon()', () => {
  const abandon = (id: number) => {
    const { attempt, batch } = batchDraft(id, [])
    return { format: 1, operation: 'abandon', attempt, batch, committedAt: 'now', execution: 'vacuum' } as const
  }

  it('keeps an attempt from ever being committed', async () => {
    const store = new MemoryStore()
    assert.equal((await commitAbandon(store, layout, abandon(1), -1)).operation, 'abandon')
    const outcome = await commitBatch(store, layout, batchDraft(1, ['a']), start)
    assert(outcome.outcome === 'conflict')
    assert.match(outcome.reason, /was abandoned/)
  })

  it('goes after the commits of other attempts', async () => {
    const store = new MemoryStore()
    for (const id of [1, 2, 3]) await commitBatch(store, layout, batchDraft(id, [`key-${id}`]), start)
    for (const [id, seen, version] of [
      [4, 0, 3],
      [5, -1, 4],
    ] as const) {
      const { operation, ...made } = await commitAbandon(store, layout, abandon(id), seen)
      assert.deepEqual([operation, made.version, made.attempt], ['abandon', version, abandon(id).attempt])
      assert.deepEqual(await readCommit(store, layout, version), { operation, ...made })
    }
    assert.equal((await readLog(store, layout)).state.version, 4)
  })

  it('leaves alone an attempt that was committed first', async () => {
    const store = new MemoryStore()
    await commitBatch(store, layout, batchDraft(1, ['a']), start)
    assert.equal((await commitAbandon(store, layout, abandon(1), -1)).operation, 'append')
    assert.equal(await readCommit(store, layout, 1), undefined)
  })
})
