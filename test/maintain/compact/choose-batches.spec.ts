import assert from 'node:assert/strict'
import { FoldedLog } from '../../../functions/log/fold.ts'
import { chooseBatches, groupFiles, newestRows } from '../../../functions/maintain/compact/choose-batches.ts'
import { batchCommit } from '../../support/commits.ts'

const file = (key: string, size: number, rows = 1) => ({ key, size, rows })
const sizes = (groups: ReturnType<typeof groupFiles>) => groups.map(group => group.map(({ size }) => size))
const NOW = Date.UTC(2026, 10, 26)
const all = { now: NOW, before: NOW, targetBytes: 100, factor: 2, merge: false }

function logOf(...changes: readonly Parameters<typeof batchCommit>[2][]): FoldedLog {
  const state = new FoldedLog()
  for (const [version, change] of changes.entries()) state.apply(batchCommit(version, [], change))
  return state
}

describe('groupFiles()', () => {
  it('puts files side by side together up to a size, and leaves larger ones alone', () => {
    const files = [40, 60, 1, 120, 30, 30].map((size, i) => file(`${i}`, size))
    assert.deepEqual(sizes(groupFiles(files, 100)), [[40, 60], [1], [120], [30, 30]])
    assert.deepEqual(groupFiles([], 100), [])
  })
})

describe('chooseBatches()', () => {
  const many = [file('a', 10), file('b', 10), file('c', 10)]

  it('takes batches of days that are over, of rows before a time, with twice the files they need at least', () => {
    const log = logOf(
      { silver: many },
      { silver: many, ingestDate: '2026-11-26' },
      { silver: many, committedAt: new Date(NOW).toISOString() },
      { silver: [file('a', 60), file('b', 60), file('c', 60)] },
      { silver: [file('a', 10, 0), file('b', 10, 0)] },
    )
    assert.deepEqual(
      chooseBatches(log, all).map(({ batches: [batch] }) => batch.version),
      [0],
    )
  })

  it('puts batches of one day and one query together, where that is asked for, and where it halves the files at least', () => {
    const one = { silver: [file('a', 60)] }
    const [day, query] = ['2026-11-23', { sha256: 'other', sql: '', comment: '' }]
    const log = logOf(
      { silver: [file('a', 20)] },
      { silver: [file('a', 30)], ingestDate: day },
      { silver: [file('a', 40)], query },
      { silver: [file('a', 20), file('b', 20)] },
      { ...one, ingestDate: day },
      { silver: [file('a', 50)], query },
      one,
    )
    const chosen = chooseBatches(log, { ...all, merge: true })
    assert.deepEqual(
      chosen.map(({ batches, groups }) => [batches.map(({ version }) => version), groups.map(({ length }) => length)]),
      [
        [
          [0, 3, 6],
          [3, 1],
        ],
        [[1, 4], [2]],
        [[2, 5], [2]],
      ],
    )
    assert.deepEqual(chooseBatches(log, { ...all, targetBytes: 60, merge: true }).length, 1)
  })

  it('goes by when the rows were written, not when they were packed', () => {
    const writtenBy = { version: 0, attempt: 'a', committedAt: '2026-11-20T00:00:00.000Z' }
    const log = logOf({ silver: many, writtenBy, operation: 'compact', committedAt: new Date(NOW).toISOString() })
    assert.equal(chooseBatches(log, all).length, 1)
    assert.equal(newestRows(log), Date.parse(writtenBy.committedAt))
    assert.equal(newestRows(new FoldedLog()), undefined)
  })
})
