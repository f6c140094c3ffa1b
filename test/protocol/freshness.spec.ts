import assert from 'node:assert/strict'
import type { BatchCommit } from '../../functions/protocol/commit.ts'
import { freshnessAt, landedIn } from '../../functions/protocol/freshness.ts'

const times = ['2026-11-24T07:15:01.000Z', '2026-11-24T07:15:00.000Z', '2026-11-24T07:15:04.000Z']
/** What landedIn() looks at. */
const commit = (changes: Partial<BatchCommit> = {}) =>
  ({ operation: 'append', input: {}, bronze: times.map(modified => ({ modified })), ...changes }) as BatchCommit

describe('how fresh a batch is', () => {
  it('is known from its newest and its oldest bronze file', () => {
    const landed = landedIn(commit()) ?? assert.fail()
    assert.deepEqual(landed, { newest: times[2], oldest: times[1] })
    assert.deepEqual(freshnessAt(landed, Date.parse('2026-11-24T07:15:06.500Z')), { newest: 2.5, oldest: 6.5 })
  })

  it('is not below zero if a clock is wrong', () => {
    const landed = landedIn(commit()) ?? assert.fail()
    assert.deepEqual(freshnessAt(landed, Date.parse('2026-11-24T07:15:02.000Z')), { newest: 0, oldest: 2 })
  })

  it('is not known for batches written again, for backfills or for parked reviews alone', () => {
    assert.equal(landedIn(commit({ operation: 'replace' })), null)
    assert.equal(landedIn(commit({ input: { prefix: 'bronze/reviews/2024/' } })), null)
    assert.equal(landedIn(commit({ bronze: [] })), null)
  })
})
