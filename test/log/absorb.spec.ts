import assert from 'node:assert/strict'
import { Layout } from '../../functions/lake/layout.ts'
import { FoldedLog } from '../../functions/log/fold.ts'
import { readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import { type BatchCommit, NO_ROWS, type ParkedFile } from '../../functions/protocol/commit.ts'
import { MERGED_FORMAT } from '../../functions/protocol/format.ts'
import { batchCommit, putLog } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()
const X1 = { key: 'x', etag: '"1"' }
const shared = { etag: '"e"', size: 1, since: '2026-11-01T00:00:00.000Z', bronze: [X1] }
const waits = (key: string): ParkedFile => ({ key, ...shared, rows: 1, snapshot: 's', join: 'j' })
const takes = (key: string) => ({ key, ...shared, silver: 'part-00000.parquet', rows: NO_ROWS })
const [A = '', B = '', C = ''] = [0, 1, 2].map(version => batchCommit(version, []).batch)
const parkedBy = (version: number) => layout.parked(batchCommit(version, []), 0, 'r')
const [P, Q] = [parkedBy(0), parkedBy(1)]

/** Three batches of a day; the second takes in what the first parked, and parks something itself. */
const DAY = [
  batchCommit(0, ['a'], { parked: [waits(P)] }),
  batchCommit(1, ['b'], { parked: [waits(Q)], unparked: [takes(P)] }),
  batchCommit(2, ['c']),
]

function merge(version: number, batch: string, absorbs: readonly string[], changes: Partial<BatchCommit> = {}) {
  const all = { format: MERGED_FORMAT, operation: 'compact', batch, absorbs } as const
  return batchCommit(version, ['a', 'b', 'c'], { ...all, unparked: [takes(P)], excluded: [P, Q], ...changes })
}

function fold(...commits: readonly BatchCommit[]): FoldedLog {
  const state = new FoldedLog()
  for (const commit of commits) state.apply(commit)
  return state
}

describe('a batch that absorbs others', () => {
  it('has their rows, their parked files and their earlier locations, and they no longer exist', () => {
    const state = fold(...DAY, merge(3, A, [B, C]))
    assert.deepEqual([...state.batches.keys()], [A])
    const now = state.batchOf(C)
    assert.deepEqual([now?.batch, now?.everParked, now?.since], [A, [P, Q], 0])
    assert.deepEqual(
      [...state.attempts()].map(([, version]) => version),
      [3, 3, 3, undefined],
    )
    assert.deepEqual(
      [...state.parked.values()].map(({ key, batch }) => [key, batch]),
      [[Q, A]],
    )
    assert.deepEqual([state.takenBy(P), state.sinceOf(C), state.holderOf(B)], [A, 2, A])
  })

  it('names the commits that wrote its rows', () => {
    const writers = DAY.map(({ batch, version, attempt, committedAt }) => ({ batch, version, attempt, committedAt }))
    assert.deepEqual(fold(...DAY, merge(3, A, [B, C], { writers })).batches.get(A)?.writers, writers)
    assert.equal(Object.hasOwn(fold(...DAY).batches.get(A) ?? {}, 'writers'), false)
  })

  it('owns what the others parked, even if it goes on waiting later', () => {
    const state = fold(...DAY, merge(3, A, [B, C]), batchCommit(4, ['d'], { parked: [waits(Q)] }))
    assert.equal(state.parked.get(Q)?.batch, A)
  })

  it('knows where each of them was before a version', () => {
    const again = batchCommit(3, ['b'], { operation: 'replace', batch: B, unparked: [takes(P)], excluded: [Q] })
    const state = fold(...DAY, again, merge(4, A, [B, C]), merge(5, A, [B, C]))
    assert.deepEqual(
      [3, 4, 5].map(version => state.locatedBefore(B, version)),
      [1, 3, undefined],
    )
    assert.deepEqual(
      [4, 5, 6].map(version => state.locatedBefore(A, version)),
      [0, 4, 5],
    )
    assert.equal(state.locatedBefore('unknown', 6), undefined)
  })

  it('may be absorbed itself', () => {
    const state = fold(...DAY, merge(3, B, [C]), merge(4, A, [B, C]))
    assert.deepEqual([...state.batches.keys()], [A])
    assert.deepEqual(
      [B, C].map(id => state.holderOf(id)),
      [A, A],
    )
    assert.deepEqual(
      state.batches.get(A)?.absorbed?.map(({ batch }) => batch),
      [B, C],
    )
  })

  const refused: [string, RegExp, BatchCommit[]][] = [
    [
      'a commit of one that is no more',
      /has rows of batch/,
      [merge(3, A, [B, C]), batchCommit(4, ['b'], { operation: 'replace', batch: B })],
    ],
    [
      'another that absorbs one that is no more',
      /has rows of batch/,
      [merge(3, A, [B]), merge(4, C, [B], { unparked: [] })],
    ],
    ['a commit that leaves out one', /leaves out batch/, [merge(3, A, [B, C]), merge(4, A, [B])]],
    [
      'rows that wait and are taken in at once',
      /lets wait parked file/,
      [merge(3, A, [B, C], { unparked: [takes(Q)], parked: [waits(Q)] })],
    ],
  ]
  for (const [name, message, commits] of refused) {
    it(`lets no log have ${name}`, () => {
      assert.throws(() => fold(...DAY, ...commits), { name: 'BrokenLog', message })
    })
  }

  it('has their bronze files, whether all are read or some are in a snapshot', async () => {
    for (const snapshotAt of [-1, 2, 3]) {
      const store = new MemoryStore()
      const commits = [...DAY, merge(3, A, [B, C]), batchCommit(4, ['d'])]
      await putLog(store, layout, commits.slice(0, snapshotAt + 1))
      if (snapshotAt >= 0) await writeLogSnapshot(store, layout, await readLog(store, layout))
      await putLog(store, layout, commits)
      const log = await readLog(store, layout)
      assert.equal(log.snapshot, snapshotAt)
      const entries: string[] = []
      for await (const { key, batch } of log.bronze()) entries.push(`${key} ${batch}`)
      assert.deepEqual(entries, [`a ${A}`, `b ${A}`, `c ${A}`, `d ${batchCommit(4, []).batch}`])
      assert.deepEqual([log.state.holderOf(B), log.state.parked.get(Q)?.batch], [A, A])
    }
  })
})
