import assert from 'node:assert/strict'
import { reportCommit } from '../../../functions/pipeline/commit/report.ts'
import type { Committed, RunState } from '../../../functions/protocol/state.ts'

const time = '2026-11-24T07:15:00.000Z'
const rows = { read: 15, filtered: 5, nullKey: 1, unmatched: 2, matched: 7, written: 8 }
const committed: Committed = {
  ...{ version: 4, committedAt: '2026-11-24T07:15:02.500Z', files: 3, quarantined: 1, deferred: 9, silver: 6 },
  ...{ bytesRead: 300, bytesWritten: 200, rows, parked: 2, rejected: 0, rules: [], landed: null },
}

/** What reportCommit looks at. */
const report = (changes: Partial<RunState>) => reportCommit({ voids: 0, time, ...changes } as RunState)

describe('reportCommit()', () => {
  it('gives a commit in numbers, and measures them', () => {
    assert.deepEqual(report({ reason: 'committed', committed }), {
      fields: { reason: 'committed', version: 4, files: 3, quarantined: 1, deferred: 9, silver: 6, parked: 2, ...rows },
      metrics: {
        ...{ Files: 3, FilesQuarantined: 1, BytesRead: 300, BytesWritten: 200 },
        ...{ RowsRead: 15, RowsFiltered: 5, RowsUnmatched: 2, RowsParked: 2, RowsWritten: 8, BatchSeconds: 2.5 },
      },
    })
  })

  it('measures what rules did only where the query has any', () => {
    const rules = [
      { name: 'a', action: 'drop', violated: 3 },
      { name: 'b', action: 'warn', violated: 4 },
    ] as const
    const { fields, metrics } = report({ committed: { ...committed, rejected: 3, rules } })
    assert.equal(fields?.violations, 7)
    assert.deepEqual([metrics?.RowsRejected, metrics?.RuleViolations], [3, 7])
  })

  it('says how long after its files had landed it came, where that says something', () => {
    const landed = { newest: '2026-11-24T07:14:00.000Z', oldest: '2026-11-24T07:13:00.000Z' }
    const { fields } = report({ committed: { ...committed, landed } })
    assert.deepEqual([fields?.committedAfterNewest, fields?.committedAfterOldest], [62.5, 122.5])
    const none = report({ committed }).fields ?? {}
    assert.equal('committedAfterNewest' in none || 'committedAfterOldest' in none, false)
  })

  it('measures no time below zero where the clock went back', () => {
    const { metrics } = report({ committed: { ...committed, committedAt: '2026-11-24T07:14:00.000Z' } })
    assert.equal(metrics?.BatchSeconds, 0)
  })

  it('says how many batches in a row were void, and measures nothing', () => {
    assert.deepEqual(report({ reason: 'void', voids: 3 }), { fields: { reason: 'void', voids: 3 } })
  })
})
