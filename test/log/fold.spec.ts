import assert from 'node:assert/strict'
import { Layout } from '../../functions/lake/layout.ts'
import type { BronzeEntry } from '../../functions/log/bronze-entries.ts'
import { FoldedLog, type Log, parkedIn, rulesIn } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import {
  type BatchCommit,
  type Commit,
  NO_ROWS,
  type ParkedFile,
  type UnparkedFile,
} from '../../functions/protocol/commit.ts'
import { batchCommit, putLog } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()
const X1 = { key: 'x', etag: '"1"' }
const Y1 = { key: 'y', etag: '"1"' }
const shared = { etag: '"e"', size: 1, since: '2026-11-01T00:00:00.000Z' }
const waits = (key: string, bronze = [X1]): ParkedFile => ({
  key,
  ...shared,
  rows: 1,
  snapshot: 's',
  join: 'j',
  bronze,
})
/** The key of a parked file that the batch of a version wrote. */
const parkedBy = (version: number, random: string) => {
  const { batch, attempt, ingestDate } = batchCommit(version, [])
  return layout.parked({ batch, attempt, ingestDate }, 0, random)
}
const takes = (key: string): UnparkedFile => ({
  key,
  ...shared,
  silver: 'part-00000.parquet',
  rows: NO_ROWS,
  bronze: [X1],
})

function fold(...commits: readonly Commit[]): FoldedLog {
  const state = new FoldedLog()
  for (const commit of commits) state.apply(commit)
  return state
}

async function bronze(log: Log): Promise<BronzeEntry[]> {
  const entries: BronzeEntry[] = []
  for await (const entry of log.bronze()) entries.push(entry)
  return entries
}

describe('the fold', () => {
  const parker = batchCommit(0, ['x'], { parked: [waits('p')] })
  const taker = batchCommit(1, ['b'], { unparked: [takes('p')] })

  it('lets no parked file whose rows were taken in wait again or go into another batch', () => {
    assert.equal(fold(parker, taker).parked.size, 0)
    const again = batchCommit(2, ['c'], { parked: [waits('p')] })
    assert.throws(() => fold(parker, taker, again), {
      name: 'BrokenLog',
      message: /version 2 of the log lets wait parked file p, whose rows batch \S+-00000001 has taken in before/,
    })
    const twice = batchCommit(2, ['c'], { unparked: [takes('p')] })
    assert.throws(() => fold(parker, taker, twice), {
      name: 'BrokenLog',
      message: /version 2 of the log takes in parked/,
    })
  })

  it('lets none that was taken back wait again', () => {
    const back = batchCommit(1, ['x'], { operation: 'replace', batch: parker.batch, reclaimed: ['p'] })
    assert.equal(fold(parker, back).parked.size, 0)
    assert.throws(() => fold(parker, back, batchCommit(2, ['c'], { parked: [waits('p')] })), { name: 'BrokenLog' })
  })

  it('lets a batch that is written again take in what it has already', () => {
    const again = batchCommit(2, ['b'], { operation: 'replace', batch: taker.batch, unparked: [takes('p')] })
    assert.equal(fold(parker, taker, again).batches.get(taker.batch)?.version, 2)
  })

  it('knows from a snapshot what was taken in before', async () => {
    const store = new MemoryStore()
    await putLog(store, layout, [parker, taker])
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    await putLog(store, layout, [parker, taker, batchCommit(2, ['c'], { parked: [waits('p')] })])
    await assert.rejects(readLog(store, layout), { name: 'BrokenLog', message: /lets wait parked file p/ })
  })

  it('has a bronze file in one batch, whether both are read or one is in a snapshot', async () => {
    const [first, second] = [batchCommit(0, ['a', 'b']), batchCommit(1, ['b', 'c'])]
    const expected = { name: 'BrokenLog', message: /bronze file b in two batches, \S+-00000000 and \S+-00000001/ }
    const store = new MemoryStore()
    await putLog(store, layout, [first, second])
    await assert.rejects(readLog(store, layout), expected)
    const other = new MemoryStore()
    await putLog(other, layout, [first])
    await writeLogSnapshot(other, layout, await readLog(other, layout))
    await putLog(other, layout, [first, second])
    const log = await readLog(other, layout)
    await assert.rejects(bronze(log), expected)
  })

  it('lets a file that was quarantined be joined', async () => {
    const bad = { key: 'b', etag: '"q"', size: 1, modified: '2026-11-24T00:00:00.000Z', reason: 'cut' }
    const store = new MemoryStore()
    await putLog(store, layout, [batchCommit(0, ['a'], { quarantined: [bad] }), batchCommit(1, ['b'])])
    const [, entry] = await bronze(await readLog(store, layout))
    assert.deepEqual([entry?.key, entry?.reason], ['b', undefined])
  })

  it('keeps a parked file waiting as long as one version in it counts', () => {
    const both = batchCommit(0, ['x', 'y'], { parked: [waits('p', [X1, Y1])] })
    const replace = (superseded: BatchCommit['superseded']) =>
      batchCommit(1, ['x', 'y'], { operation: 'replace', batch: both.batch, excluded: ['p'], superseded })
    const one = fold(both, replace([{ ...X1, parked: ['p'] }]))
    assert.deepEqual([...one.parked.keys()], ['p'])
    const all = fold(both, replace([X1, Y1].map(version => ({ ...version, parked: ['p'] }))))
    assert.deepEqual([...all.parked.keys()], [])
  })

  it('refuses a commit with the wrong version', () => {
    assert.throws(() => fold(batchCommit(1, ['a'])), {
      name: 'BrokenLog',
      message: /version 1 of the log stands after -1/,
    })
  })

  it('starts empty', () => {
    const { version, attempt, schema, comment, snapshots, reviews, superseded, batches, parked, abandoned } = fold()
    assert.deepEqual([version, attempt, schema, comment, snapshots, reviews, superseded], [-1, '', [], '', [], [], []])
    assert.equal(batches.size + parked.size + abandoned.size, 0)
  })

  it('gives a batch what its commits say, and keeps what they parked and where it was', () => {
    const [p, q, old, s] = [parkedBy(0, 'p'), parkedBy(0, 'q'), parkedBy(0, 'old'), parkedBy(0, 's')]
    const [r, u] = [parkedBy(1, 'r'), parkedBy(5, 'u')]
    const first = batchCommit(0, ['x'], { parked: [waits(p), waits(q)] })
    const other = batchCommit(1, ['y'], { parked: [{ ...waits(p), snapshot: 't' }, waits(r)] })
    const again = (version: number, changes: Partial<BatchCommit>) =>
      batchCommit(version, ['x'], { operation: 'replace', batch: first.batch, ...changes })
    const second = again(2, { excluded: [p, old], reclaimed: [q], parked: [waits(s)] })
    const third = again(3, { unparked: [takes(u)], silver: [], query: { sha256: 'new', sql: '', comment: 'why' } })
    const state = fold(first, other, second, third)
    const { attempt, location, committedAt } = third
    assert.deepEqual(state.batches.get(first.batch), {
      ...{ batch: first.batch, ingestDate: '2026-11-24', attempt, location, version: 3, since: 0, committedAt },
      ...{ silver: [], query: 'new', unparked: [takes(u)] },
      everParked: [p, old, s],
      superseded: [
        { attempt: first.attempt, location: first.location, version: 2 },
        { attempt: second.attempt, location: second.location, version: 3 },
      ],
    })
    assert.deepEqual(state.batches.get(other.batch)?.everParked, [r])
    assert.deepEqual(state.batches.get(other.batch)?.superseded, [])
    const waiting = [...state.parked.values()].map(({ key, batch, snapshot }) => [key, batch, snapshot])
    assert.deepEqual(waiting, [
      [p, first.batch, 't'],
      [r, other.batch, 's'],
      [s, first.batch, 's'],
    ])
    assert.deepEqual([state.comment, state.attempt, state.version], ['why', attempt, 3])
    assert.deepEqual(
      [u, q, p].map(key => state.takenBy(key)),
      [first.batch, first.batch, undefined],
    )
  })

  it('leaves what goes on waiting with the batch that wrote it, even if no earlier commit says that it waits', () => {
    const key = parkedBy(0, 'p')
    const state = fold(batchCommit(0, ['x']), batchCommit(1, ['y'], { parked: [waits(key)], excluded: [key] }))
    const [writer, other] = [...state.batches.values()]
    assert.equal(state.parked.get(key)?.batch, writer?.batch)
    assert.deepEqual(other?.everParked, [])
  })

  it('knows the columns that bronze was ever read with, as they were last, and the last customers', () => {
    const column = (name: string, type: 'string' | 'int' = 'string') => ({ name, type }) as const
    const customers = { snapshot: 'c', rows: 1, files: [] }
    const state = fold(
      batchCommit(0, ['a'], { reviews: [column('ID'), column('stars', 'int')], customers }),
      batchCommit(1, ['b'], { reviews: [column('id'), column('City')] }),
    )
    assert.deepEqual(state.reviews, [column('id'), column('City'), column('stars', 'int')])
    assert.deepEqual(state.snapshots, ['c'])
    assert.deepEqual(fold(batchCommit(0, ['a'], { customers })).snapshots, ['c'])
  })

  it('remembers the replaced versions of which something was parked', () => {
    const replace = (version: number, superseded: BatchCommit['superseded']) =>
      batchCommit(version, ['x'], { operation: 'replace', batch: batchCommit(0, []).batch, superseded })
    const one = { ...X1, parked: ['p'] }
    const two = { key: 'x', etag: '"2"', parked: ['p', 'q'] }
    const state = fold(
      batchCommit(0, ['x'], { parked: [waits('p')] }),
      replace(1, [one, { ...Y1, parked: [] }]),
      replace(2, [{ ...Y1, parked: [] }]),
      replace(3, [two]),
    )
    assert.deepEqual(state.superseded, [
      { ...one, version: 1 },
      { ...two, version: 3 },
    ])
  })

  it('accepts a file twice if it is in the same batch', async () => {
    const store = new MemoryStore()
    const again = batchCommit(1, ['a'], { operation: 'replace', batch: batchCommit(0, []).batch })
    await putLog(store, layout, [batchCommit(0, ['a']), again])
    assert.deepEqual((await bronze(await readLog(store, layout))).length, 1)
  })

  it('gives a batch that is packed other files, and keeps what the newest query says about the table', () => {
    const { batch, attempt, committedAt } = parker
    const other = batchCommit(1, ['y'])
    const writtenBy = { version: 0, attempt, committedAt }
    const silver = [{ key: 'part-00000.parquet', size: 50, rows: 1 }]
    const reviews = [{ name: 'review_id', type: 'int' }] as const
    const packed = batchCommit(2, ['x'], { operation: 'compact', batch, silver, writtenBy, reviews })
    const state = fold(parker, other, packed)
    assert.deepEqual(state.reviews, other.reviews)
    const now = state.batches.get(batch)
    assert.deepEqual([now?.silver, now?.writtenBy, now?.since, now?.version], [silver, writtenBy, 0, 2])
    assert.deepEqual(now?.superseded, [{ attempt, location: parker.location, version: 2 }])
    assert.deepEqual([...state.parked.keys()], ['p'])
  })
})

describe('a folded log', () => {
  const rejected = [{ key: 'r', etag: '"r"', size: 1, rows: 2 }]
  const rule = (name: string, violated: number, action: 'drop' | 'warn' = 'drop') => ({ name, action, violated })

  it('knows the attempts that were abandoned', () => {
    const { batch, attempt, committedAt, execution } = batchCommit(1, [])
    const abandon = { format: 1, version: 1, operation: 'abandon', batch, attempt, committedAt, execution } as const
    const state = fold(batchCommit(0, ['a']), abandon)
    assert.deepEqual([[...state.abandoned], state.batches.size], [[attempt], 1])
  })

  it('knows the attempts at its end and at the versions of current batches', () => {
    const [first, second] = [batchCommit(0, ['a']), batchCommit(1, ['b'])]
    const again = batchCommit(2, ['a'], { operation: 'replace', batch: first.batch })
    const { batch, attempt, committedAt, execution } = batchCommit(3, [])
    const abandon = { format: 1, version: 3, operation: 'abandon', batch, attempt, committedAt, execution } as const
    const state = fold(first, second, again, abandon)
    assert.deepEqual(
      [0, 1, 2, 3, 4].map(version => state.attemptAt(version)),
      [undefined, second.attempt, again.attempt, abandon.attempt, undefined],
    )
  })

  it('suspects the bronze files whose worker died, until a commit settles them', () => {
    const deferred = (key: string, died?: true) => ({ key, etag: `"${key}"`, reason: 'why', ...(died && { died }) })
    const parked = [waits('p')]
    const deaths = batchCommit(0, [], {
      parked,
      deferred: [...['a', 'b', 'c', 'p'].map(key => deferred(key, true)), deferred('changed')],
    })
    assert.deepEqual(
      [...fold(deaths).suspects],
      ['a', 'b', 'c'].map(key => [key, `"${key}"`]),
    )
    const bad = { key: 'b', etag: '"b"', size: 1, modified: '2026-11-24T00:00:00.000Z', reason: 'deadly' }
    assert.deepEqual([...fold(deaths, batchCommit(1, ['a'], { quarantined: [bad] })).suspects.keys()], ['c'])
  })

  it('knows the rejected rows and the rules of a batch that has some', () => {
    const ruledBatch = batchCommit(0, ['a'], { rejected, rules: [rule('stars', 2)] })
    const state = fold(ruledBatch, batchCommit(1, ['b']))
    const [ruled, plain] = [...state.batches.values()]
    assert.deepEqual([ruled?.rejected, ruled?.rules], [rejected, [rule('stars', 2)]])
    assert(plain && !('rejected' in plain) && !('rules' in plain))
  })

  it('adds up the rules of the current batches, by name and action', () => {
    const old = batchCommit(0, ['a'], { rules: [rule('stars', 100)] })
    const state = fold(
      old,
      batchCommit(1, ['b'], { rules: [rule('stars', 2), rule('city', 1)] }),
      batchCommit(2, ['c'], { rules: [rule('stars', 5, 'warn')] }),
      batchCommit(3, ['d']),
      batchCommit(4, ['a'], { operation: 'replace', batch: old.batch, rules: [rule('stars', 4)] }),
    )
    assert.deepEqual(rulesIn(state), [rule('stars', 6), rule('city', 1), rule('stars', 5, 'warn')])
    assert.deepEqual(rulesIn(fold()), [])
  })

  it('knows how many rows wait, and since when the oldest has', () => {
    const since = (key: string, day: number, rows: number) => ({ ...waits(key), rows, since: `2026-11-0${day}` })
    const state = fold(batchCommit(0, ['a'], { parked: [since('p', 3, 2), since('q', 1, 3), since('r', 2, 4)] }))
    assert.deepEqual(parkedIn(state), { rows: 9, oldest: '2026-11-01' })
    assert.deepEqual(parkedIn(fold()), { rows: 0, oldest: null })
  })
})
