import assert from 'node:assert/strict'
import { Layout } from '../../functions/lake/layout.ts'
import { type BatchCommit, NO_ROWS, type ParkedFile, type UnparkedFile } from '../../functions/log/commit.ts'
import { type BronzeEntry, FoldedLog } from '../../functions/log/fold.ts'
import { type Log, readLog } from '../../functions/log/read.ts'
import { writeSnapshot } from '../../functions/log/snapshot.ts'
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
const takes = (key: string): UnparkedFile => ({
  key,
  ...shared,
  silver: 'part-00000.parquet',
  rows: NO_ROWS,
  bronze: [X1],
})

function fold(...commits: readonly BatchCommit[]): FoldedLog {
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

  it('lets no parked file wait again whose rows were taken in, nor go into another batch', () => {
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

  it('lets none wait again that was taken back', () => {
    const back = batchCommit(1, ['x'], { operation: 'replace', batch: parker.batch, takenBack: ['p'] })
    assert.equal(fold(parker, back).parked.size, 0)
    assert.throws(() => fold(parker, back, batchCommit(2, ['c'], { parked: [waits('p')] })), { name: 'BrokenLog' })
  })

  it('lets a batch take in again what it has when it is written again', () => {
    const again = batchCommit(2, ['b'], { operation: 'replace', batch: taker.batch, unparked: [takes('p')] })
    assert.equal(fold(parker, taker, again).batches.get(taker.batch)?.version, 2)
  })

  it('knows from a snapshot what was taken in before', async () => {
    const store = new MemoryStore()
    await putLog(store, layout, [parker, taker])
    await writeSnapshot(store, layout, await readLog(store, layout))
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
    await writeSnapshot(other, layout, await readLog(other, layout))
    await putLog(other, layout, [first, second])
    const log = await readLog(other, layout)
    await assert.rejects(bronze(log), expected)
  })

  it('has a file joined that was quarantined before', async () => {
    const bad = { key: 'b', etag: '"q"', size: 1, modified: '2026-11-24T00:00:00.000Z', reason: 'cut' }
    const store = new MemoryStore()
    await putLog(store, layout, [batchCommit(0, ['a'], { quarantined: [bad] }), batchCommit(1, ['b'])])
    const [, entry] = await bronze(await readLog(store, layout))
    assert.deepEqual([entry?.key, entry?.reason], ['b', undefined])
  })

  it('keeps a parked file waiting as long as one version in it counts', () => {
    const both = batchCommit(0, ['x', 'y'], { parked: [waits('p', [X1, Y1])] })
    const replace = (outdated: BatchCommit['outdated']) =>
      batchCommit(1, ['x', 'y'], { operation: 'replace', batch: both.batch, leftOut: ['p'], outdated })
    const one = fold(both, replace([{ ...X1, parked: ['p'] }]))
    assert.deepEqual([...one.parked.keys()], ['p'])
    const all = fold(both, replace([X1, Y1].map(version => ({ ...version, parked: ['p'] }))))
    assert.deepEqual([...all.parked.keys()], [])
  })

  it('refuses a commit under another version', () => {
    assert.throws(() => fold(batchCommit(1, ['a'])), {
      name: 'BrokenLog',
      message: /version 1 of the log stands after -1/,
    })
  })
})
