import assert from 'node:assert/strict'
import { Layout } from '../../functions/lake/layout.ts'
import { readLog } from '../../functions/log/read.ts'
import { writeLogSnapshot } from '../../functions/log/snapshot.ts'
import type { Commit } from '../../functions/protocol/commit.ts'
import { batchCommit, putLog } from '../support/commits.ts'
import { MemoryStore } from '../support/memory-store.ts'

const layout = new Layout()

/** The log's bronze files where a snapshot was written after so many of the commits, none for 0. */
async function bronzeOf(commits: readonly Commit[], before: number): Promise<string[]> {
  const store = new MemoryStore()
  if (before > 0) {
    await putLog(store, layout, commits.slice(0, before))
    await writeLogSnapshot(store, layout, await readLog(store, layout))
  }
  await putLog(store, layout, commits)
  const files: string[] = []
  const log = await readLog(store, layout)
  assert.equal(log.snapshot, before - 1)
  for await (const { key, etag, reason } of log.bronze()) files.push(`${key} ${etag}${reason ? ` ${reason}` : ''}`)
  return files
}

describe('the bronze files of a log', () => {
  it('come once each in the order of keys, as in their last commit, wherever a snapshot is', async () => {
    const { batch } = batchCommit(1, [])
    const bad = { key: 'e', etag: '"e"', size: 1, modified: 'then', reason: 'cut short' }
    const [b, d] = batchCommit(3, ['b', 'd']).bronze
    assert(b && d)
    const commits = [
      batchCommit(0, ['m', 'c'], { quarantined: [bad] }),
      batchCommit(1, ['d', 'b', 'z']),
      batchCommit(2, ['a', 'e', 'n']),
      batchCommit(3, [], { batch, operation: 'replace', bronze: [b, { ...d, etag: '"d2"' }] }),
    ]
    for (const before of [0, 1, 2, 3, 4]) {
      const expected = ['a "a"', 'b "b"', 'c "c"', 'd "d2"', 'e "e"', 'm "m"', 'n "n"', 'z "z"']
      assert.deepEqual(await bronzeOf(commits, before), expected, `a snapshot after ${before} commits`)
    }
    assert.deepEqual(await bronzeOf(commits.slice(0, 2), 1), [
      'b "b"',
      'c "c"',
      'd "d"',
      'e "e" cut short',
      'm "m"',
      'z "z"',
    ])
  })

  it('are refused if one is in two batches, wherever a snapshot is', async () => {
    const commits = [batchCommit(0, ['a', 'b']), batchCommit(1, ['c']), batchCommit(2, ['b'])]
    for (const before of [0, 1, 2]) {
      await assert.rejects(bronzeOf(commits, before), {
        name: 'BrokenLog',
        message: /the log has bronze file b in two batches/,
      })
    }
  })
})

describe('readLog()', () => {
  it('skips what is neither a commit nor a snapshot', async () => {
    const store = new MemoryStore()
    await putLog(store, layout, [batchCommit(0, ['a']), batchCommit(1, ['b'])])
    for (const name of ['README.txt', '0.json']) await store.put(`${layout.log}${name}`, new Uint8Array(1))
    assert.equal((await readLog(store, layout)).state.version, 1)
  })

  it('finds the newest snapshot even if it is far before the end', async () => {
    const store = new MemoryStore()
    const commits = Array.from({ length: 700 }, (_, version) => batchCommit(version, []))
    await putLog(store, layout, commits.slice(0, 11))
    await writeLogSnapshot(store, layout, await readLog(store, layout))
    await putLog(store, layout, commits)
    const log = await readLog(store, layout)
    assert.deepEqual([log.snapshot, log.state.version], [10, 699])
  })
})
