import assert from 'node:assert/strict'
import { conflictWith } from '../../functions/log/conflict.ts'
import { type BatchCommit, NO_ROWS, type UnparkedFile } from '../../functions/protocol/commit.ts'
import { batchCommit } from '../support/commits.ts'

const unparked = (key: string): UnparkedFile => ({
  key,
  etag: '"e"',
  size: 1,
  since: '2026-11-01T00:00:00.000Z',
  bronze: [{ key: 'old', etag: '"1"' }],
  silver: 'part-00000.parquet',
  rows: NO_ROWS,
})
const waiting = (key: string) => ({ ...unparked(key), rows: 1, snapshot: 's', join: 'j' })
const quarantined = (key: string) => ({
  key,
  etag: '"q"',
  size: 1,
  modified: '2026-11-24T00:00:00.000Z',
  reason: 'cut',
})

describe('conflictWith()', () => {
  const cases: [name: string, mine: BatchCommit, other: BatchCommit, conflict: RegExp | undefined][] = [
    ['disjoint appends', batchCommit(1, ['a']), batchCommit(2, ['b']), undefined],
    ['the same bronze key', batchCommit(1, ['a']), batchCommit(2, ['a']), /bronze file a/],
    [
      'a key that the other quarantined',
      batchCommit(1, ['a']),
      batchCommit(2, [], { quarantined: [quarantined('a')] }),
      /bronze file a/,
    ],
    [
      'a key that both quarantined',
      batchCommit(1, [], { quarantined: [quarantined('a')] }),
      batchCommit(2, [], { quarantined: [quarantined('a')] }),
      /bronze file a/,
    ],
    [
      'the same parked file',
      batchCommit(1, ['a'], { unparked: [unparked('p')] }),
      batchCommit(2, ['b'], { unparked: [unparked('p')] }),
      /parked file p/,
    ],
    [
      'different parked files',
      batchCommit(1, [], { unparked: [unparked('p')] }),
      batchCommit(2, [], { unparked: [unparked('q')] }),
      undefined,
    ],
    [
      'a parked file that the other took back',
      batchCommit(1, ['a'], { unparked: [unparked('p')] }),
      batchCommit(2, ['b'], { operation: 'replace', reclaimed: ['p'] }),
      /parked file p went into batch 20261124T071500Z-00000002/,
    ],
    [
      'a parked file taken back that the other took in',
      batchCommit(1, ['a'], { operation: 'replace', reclaimed: ['p'] }),
      batchCommit(2, ['b'], { unparked: [unparked('p')] }),
      /parked file p went into batch/,
    ],
    [
      'a parked file that waits on and the other took in',
      batchCommit(1, [], { parked: [waiting('p')] }),
      batchCommit(2, [], { unparked: [unparked('p')] }),
      /parked file p went into batch/,
    ],
    [
      'a parked file that waits on in both',
      batchCommit(1, [], { parked: [waiting('p')] }),
      batchCommit(2, [], { parked: [waiting('p')] }),
      undefined,
    ],
    [
      'a parked file taken in that waits on in the other',
      batchCommit(1, [], { unparked: [unparked('p')] }),
      batchCommit(2, [], { parked: [waiting('p')] }),
      undefined,
    ],
    [
      'versions that were replaced and others whose rows wait',
      batchCommit(1, [], { parked: [waiting('p')] }),
      batchCommit(2, ['x'], { operation: 'replace', superseded: [{ key: 'old', etag: '"2"', parked: [] }] }),
      undefined,
    ],
    [
      'the same batch replaced by both',
      batchCommit(1, ['a'], { operation: 'replace', batch: '20261101T000000Z-00000000' }),
      batchCommit(2, ['a'], { operation: 'replace', batch: '20261101T000000Z-00000000' }),
      /batch 20261101T000000Z-00000000 was committed by attempt/,
    ],
    [
      'rows emitted of a version that was replaced',
      batchCommit(1, [], { unparked: [unparked('p')] }),
      batchCommit(2, ['old'], { operation: 'replace', superseded: [{ key: 'old', etag: '"1"', parked: [] }] }),
      /rows of old/,
    ],
    [
      'rows that wait on of a version that was replaced',
      batchCommit(1, [], { parked: [waiting('p')] }),
      batchCommit(2, ['old'], { operation: 'replace', superseded: [{ key: 'old', etag: '"1"', parked: ['p'] }] }),
      /rows of old/,
    ],
    [
      'a version replaced whose rows were emitted',
      batchCommit(1, ['old'], { operation: 'replace', superseded: [{ key: 'old', etag: '"1"', parked: [] }] }),
      batchCommit(2, [], { unparked: [unparked('p')] }),
      /rows of old/,
    ],
    [
      'a batch packed by one and written again by the other',
      batchCommit(1, ['a'], { operation: 'compact', batch: '20261101T000000Z-00000000' }),
      batchCommit(2, ['a'], { operation: 'replace', batch: '20261101T000000Z-00000000' }),
      /batch 20261101T000000Z-00000000 was committed by attempt/,
    ],
    [
      'a batch written again by one and packed by the other',
      batchCommit(1, ['a'], { operation: 'replace', batch: '20261101T000000Z-00000000' }),
      batchCommit(2, ['a'], { operation: 'compact', batch: '20261101T000000Z-00000000' }),
      /batch 20261101T000000Z-00000000 was committed by attempt/,
    ],
    [
      'a batch that the other has absorbed',
      batchCommit(1, ['a'], { operation: 'replace', batch: '20261101T000000Z-00000000' }),
      batchCommit(2, ['a'], { operation: 'compact', absorbs: ['20261101T000000Z-00000000'] }),
      /batch 20261101T000000Z-00000000 was committed by attempt/,
    ],
    [
      'a batch absorbed that the other has written again',
      batchCommit(1, ['a'], { operation: 'compact', absorbs: ['20261101T000000Z-00000000'] }),
      batchCommit(2, ['a'], { operation: 'replace', batch: '20261101T000000Z-00000000' }),
      /batch 20261101T000000Z-00000000 was committed by attempt/,
    ],
    [
      'a batch that both have absorbed',
      batchCommit(1, [], { operation: 'compact', absorbs: ['20261101T000000Z-00000000'] }),
      batchCommit(2, [], { operation: 'compact', absorbs: ['20261101T000000Z-00000000'] }),
      /batch 20261101T000000Z-00000000 was committed by attempt/,
    ],
    [
      'batches put together, and an append that takes in what one of them parked',
      batchCommit(1, ['a'], { operation: 'compact', absorbs: ['20261101T000000Z-00000000'], excluded: ['p'] }),
      batchCommit(2, ['b'], { unparked: [unparked('p')] }),
      undefined,
    ],
    [
      'a batch packed that holds rows of a version that was replaced',
      batchCommit(1, [], { operation: 'compact', unparked: [unparked('p')] }),
      batchCommit(2, ['old'], { operation: 'replace', superseded: [{ key: 'old', etag: '"1"', parked: [] }] }),
      undefined,
    ],
    [
      'a version replaced whose rows are in a batch that was packed',
      batchCommit(1, ['old'], { operation: 'replace', superseded: [{ key: 'old', etag: '"1"', parked: [] }] }),
      batchCommit(2, [], { operation: 'compact', unparked: [unparked('p')] }),
      undefined,
    ],
  ]
  for (const [name, mine, other, expected] of cases) {
    it(`${expected ? 'finds' : 'finds nothing in'} ${name}`, () => {
      const conflict = conflictWith(mine, other)
      if (expected) assert.match(conflict ?? '', expected)
      else assert.equal(conflict, undefined)
    })
  }

  it('finds that the same attempt was abandoned, but no other', () => {
    const mine = batchCommit(1, ['a'])
    const { attempt, batch, committedAt, execution } = mine
    const abandon = { format: 1, version: 2, operation: 'abandon', attempt, batch, committedAt, execution } as const
    assert.equal(conflictWith(mine, abandon), `attempt ${attempt} was abandoned`)
    assert.equal(conflictWith(mine, { ...abandon, attempt: 'other' }), undefined)
  })
})
