import assert from 'node:assert/strict'
import { absorbedBy, type BatchState, idsOf, sincesOf, supersededIn } from '../../functions/log/batch-state.ts'

function state(batch: string, since: number, changes: Partial<BatchState> = {}): BatchState {
  const place = { ingestDate: '2026-11-24', attempt: `${batch}-now`, location: `${batch}/now/` }
  const empty = { silver: [], query: 'q', everParked: [], unparked: [], superseded: [] }
  return { batch, since, version: since, committedAt: 'now', ...place, ...empty, ...changes }
}

const earlier = (batch: string, version: number) => ({ attempt: `${batch}-old`, location: `${batch}/old/`, version })

describe('absorbedBy()', () => {
  it('is empty if nothing was absorbed', () => {
    assert.deepEqual(absorbedBy(undefined, [], [], 7), [])
    assert.deepEqual(absorbedBy(state('a', 0), [], [], 7), [])
  })

  it('gives each batch with all its locations, the last of which gave way just now', () => {
    const b = state('b', 1, { superseded: [earlier('b', 3)] })
    assert.deepEqual(absorbedBy(state('a', 0), [b], [], 7), [
      { batch: 'b', since: 1, superseded: [earlier('b', 3), { attempt: 'b-now', location: 'b/now/', version: 7 }] },
    ])
  })

  it('keeps what was absorbed before, by it or by those that it absorbs, oldest first, with lost ones among them', () => {
    const d = { batch: 'd', since: 4, superseded: [earlier('d', 5)] }
    const a = state('a', 0, { absorbed: [d] })
    const c = { batch: 'c', since: 2, superseded: [earlier('c', 6)] }
    const all = absorbedBy(a, [state('b', 3, { absorbed: [c] })], ['lost'], 7)
    assert.deepEqual(
      all.map(({ batch, since, superseded }) => [batch, since, superseded.length]),
      [
        ['c', 2, 1],
        ['b', 3, 1],
        ['d', 4, 1],
        ['lost', 7, 0],
      ],
    )
  })
})

describe('a batch', () => {
  const b = { batch: 'b', since: 2, superseded: [earlier('b', 5)] }
  const merged = state('a', 1, { superseded: [earlier('a', 4)], absorbed: [b] })

  it('has the ids, the first versions and the earlier locations of those that it has absorbed', () => {
    assert.deepEqual(idsOf(merged), ['a', 'b'])
    assert.deepEqual(sincesOf(merged), [1, 2])
    assert.deepEqual(supersededIn(merged), [earlier('a', 4), earlier('b', 5)])
  })

  it('has only its own if it has absorbed none', () => {
    const alone = state('a', 1, { superseded: [earlier('a', 4)] })
    assert.deepEqual(idsOf(alone), ['a'])
    assert.deepEqual(sincesOf(alone), [1])
    assert.deepEqual(supersededIn(alone), [earlier('a', 4)])
  })
})
